"""The acts on mappings made on a page: begin with a file, look at the first rows, save as a feed."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from party_hub.actions.audit import audit
from party_hub.actions.change_reference import save_reference
from party_hub.chain import Step
from party_hub.models import SourceSystem

from .mapping.adapter import Kind
from .mapping.guess import guess, party_type_of
from .mapping.sample import read_sample
from .mapping.saved import SAVED, BadMapping, SavedMapping
from .models import Feed, FeedMapping, MappingDraft
from .quality.actions import make_rules_known
from .quarantine.rows import Checked, check_rows
from .unpacking import unpack
from .uploads import safe_name, store_upload

_KEPT = timedelta(days=1)
DRAFTS = "drafts"


@dataclass(frozen=True)
class NewFeed:
    """What a feed is to be called, and whose records it brings. `trust` is for a source that is not known yet."""

    name: str
    title: str
    source: str
    source_name: str = ""
    trust: int = 50


@dataclass(frozen=True)
class Preview:
    """The sample under a mapping: every row with what it would be or why it would wait."""

    rows: Sequence[Checked]
    accepted: int
    repeated: int

    @property
    def refused(self) -> int:
        """How many would wait in quarantine."""
        return len(self.rows) - self.accepted


def begin_mapping(*, path: Path, name: str, actor: str, feed: Feed | None = None) -> MappingDraft:
    """A draft from a file: its columns with a guess for each. Raises BadSample, BadArchive, LakeError.

    The file goes to the raw zone whole, so that it can be loaded as it is once the mapping is saved.
    """
    with tempfile.TemporaryDirectory(prefix="party-hub-sample-") as folder:
        named = Path(folder) / "sent" / safe_name(name)  # what is said of a file calls it as its sender does
        named.parent.mkdir()
        named.symlink_to(path.absolute())
        sample = read_sample(unpack(named, Kind.CSV, Path(folder)))
    guesses = guess(sample.columns, sample.rows)
    columns = {column: found.target for column, found in guesses.items()}
    spec = SavedMapping(columns, party_type_of(guesses), sample.delimiter, sample.encoding)
    if feed is not None and (kept := FeedMapping.objects.filter(feed=feed).first()):
        known = SavedMapping.from_json(kept.spec)
        spec = replace(spec, party_type=known.party_type, columns=columns | _still_there(known, sample.columns))
    location = store_upload(owner=feed.pk if feed else DRAFTS, path=path, name=name, actor=actor)
    MappingDraft.objects.filter(created_at__lt=timezone.now() - _KEPT).delete()
    return MappingDraft.objects.create(
        created_by=actor,
        feed=feed,
        file=safe_name(name),
        location=location,
        columns=sample.columns,
        rows=sample.rows,
        spec=spec.as_json(),
        guesses={column: found.because for column, found in guesses.items() if found.target},
    )


def _still_there(known: SavedMapping, columns: Sequence[str]) -> dict[str, str]:
    return {column: known.columns.get(column, "") for column in columns}


def preview(*, draft: MappingDraft, mapping: SavedMapping) -> Preview:
    """The draft's sample through the mapping and its rules, as a load would take it. Raises BadMapping."""
    adapter = mapping.adapter(name=DRAFTS, title=draft.file, source=DRAFTS)
    rows = check_rows(draft.rows, draft.columns, adapter)
    keys = [checked.mapped["key"] for checked in rows if not checked.reason]
    return Preview(rows, len(keys), len(keys) - len(set(keys)))


def attributes_of(checked: Checked) -> dict[str, object]:
    """The canonical attributes of a row in a preview."""
    found: dict[str, object] = json.loads(checked.mapped["attributes"] or "{}")
    return found


@transaction.atomic
def save_mapping(*, draft: MappingDraft, mapping: SavedMapping, new: NewFeed | None, actor: str) -> Feed:
    """Save the mapping: as the `new` feed, with its source system where that is new too, or for the draft's own feed.

    A new feed has a schedule that stays off until somebody gives it a location. Raises BadMapping; ValueError where
    the feed exists already.
    """
    feed = draft.feed
    if feed is None:
        if new is None or Feed.objects.filter(name=new.name).exists():
            raise ValueError("There is a feed of this name already.")
        if not SourceSystem.objects.filter(code=new.source).exists():
            source = SourceSystem(code=new.source, name=new.source_name or new.title, trust=new.trust)
            save_reference(row=source, actor=actor)
        feed = Feed.objects.create(name=new.name, title=new.title, source_id=new.source, adapter=SAVED)
        _schedule(feed)
    adapter = mapping.adapter(name=feed.pk, title=feed.title, source=feed.source_id)
    FeedMapping(feed=feed, spec=mapping.as_json()).save()
    make_rules_known(feed=feed, adapter=adapter)
    audit(
        act=uuid4(),
        actor=actor,
        verb="save_mapping",
        subject_type="feed",
        subject_id=feed.pk,
        columns=sorted(mapping.as_json()["columns"]),
    )
    draft.delete()
    return feed


def _schedule(feed: Feed) -> None:
    night, _ = CrontabSchedule.objects.get_or_create(
        minute="30", hour="2", day_of_week="*", day_of_month="*", month_of_year="*", timezone="UTC"
    )
    PeriodicTask.objects.create(
        name=f"Load {feed.title} ({feed.pk})",
        task=str(Step.LOAD_FEED),
        kwargs=json.dumps({"feed": feed.pk}),
        queue="spark",
        crontab=night,
        enabled=False,
        description="Loads the file at the feed's location. Set the location first, then switch this on.",
    )


__all__ = ["BadMapping", "NewFeed", "Preview", "attributes_of", "begin_mapping", "preview", "save_mapping"]
