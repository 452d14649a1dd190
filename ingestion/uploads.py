"""Files that somebody sends through the browser: into the raw zone as they came, then a run on them is asked for."""

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from django.db import transaction

from party_hub.actions.audit import audit

from .actions import loadable_feed, request_load
from .lake import Zone, open_lake
from .models import FeedRun

_NOT_IN_A_NAME = re.compile(r"[^\w.\-]+")
_LONGEST_NAME = 120


def safe_name(name: str) -> str:
    """A file's name as it is used in the lake: its last part, without signs that a URL or a shell would take amiss."""
    plain = _NOT_IN_A_NAME.sub("_", name.replace("\\", "/").rpartition("/")[2]).lstrip(".")
    return plain[-_LONGEST_NAME:] or "upload"


def store_upload(*, owner: str, path: Path, name: str, actor: str) -> str:
    """Put a file into the raw zone below `owner` (a feed's name) with its manifest; gives its URL. Raises LakeError."""
    lake, now, kept = open_lake(), datetime.now(UTC), safe_name(name)
    prefix = f"{Zone.RAW}/{owner}/{now:%Y-%m-%d}/upload-{uuid4().hex[:12]}"
    lake.publish(prefix, {kept: path}, {"feed": owner, "name": name, "sent_by": actor, "arrived": now.isoformat()})
    return lake.location(f"{prefix}/{kept}")


def upload_file(*, feed: str, path: Path, name: str, actor: str, load_type: str = "") -> FeedRun:
    """Take a file for `feed` that somebody sent as `name`, and ask for its load. Raises CannotLoad, LakeError.

    The file is in the raw zone before the run exists, so that no run waits for a file that never came.
    """
    loadable_feed(feed)
    location = store_upload(owner=feed, path=path, name=name, actor=actor)
    with transaction.atomic():
        run = request_load(feed=feed, location=location, actor=actor, load_type=load_type)
        audit(act=uuid4(), actor=actor, verb="upload", subject_type="feed_run", subject_id=run.pk, feed=feed)
    return run
