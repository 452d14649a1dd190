"""Files that arrive in a feed's folder, or below its bucket prefix: each becomes a run, once, in the order of arrival.

A feed watches where its location ends in a slash. A file is known by its name, size and time: one that is replaced
under its name is a new arrival, and one that is left lying is not.
"""

from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from .actions import request_load
from .lake import Entry, LakeError, open_lake
from .models import Feed, FeedRun

_SETTLED = timedelta(seconds=5)  # a file that was written to more lately may still be growing
_UNFINISHED = (".part", ".filepart", ".tmp", ".crdownload")


def watches(location: str) -> bool:
    """Whether this is a place to watch, and not a file."""
    return location.endswith("/")


def arrived(location: str) -> list[Entry]:
    """The files at a watched place that are whole, the oldest first. Raises LakeError."""
    place = open_lake(location if "://" in location else Path(location).resolve().as_uri())
    settled = timezone.now() - _SETTLED
    found = [entry for entry in place.list("") if _is_file(entry.name) and entry.written < settled]
    return sorted(found, key=lambda entry: (entry.written, entry.name))


def _is_file(name: str) -> bool:
    return bool(name) and "/" not in name and not name.startswith(".") and not name.lower().endswith(_UNFINISHED)


@transaction.atomic
def request_arrivals(*, feed: Feed, actor: str) -> list[FeedRun]:
    """Ask for the loads of what has arrived and was not asked for before. Raises CannotLoad, LakeError."""
    feed = Feed.objects.select_for_update().get(pk=feed.pk)  # one at a time
    known = set(FeedRun.objects.filter(feed=feed).exclude(file_version="").values_list("location", "file_version"))
    runs = []
    for entry in arrived(feed.location):
        location, version = f"{feed.location}{entry.name}", f"{entry.written.isoformat()} {entry.bytes}"
        if (location, version) not in known:
            runs.append(request_load(feed=feed.pk, location=location, actor=actor, file_version=version))
    return runs


def request_all_arrivals(*, actor: str) -> tuple[list[FeedRun], dict[str, str]]:
    """What has arrived for every feed that watches a place; and why a place could not be looked at, by feed."""
    runs, problems = list[FeedRun](), dict[str, str]()
    for feed in Feed.objects.filter(active=True, location__endswith="/"):
        try:
            runs += request_arrivals(feed=feed, actor=actor)
        except LakeError as problem:
            problems[feed.pk] = str(problem)
    return runs, problems
