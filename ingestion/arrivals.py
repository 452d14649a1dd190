"""Files that arrive in a feed's folder, or below its bucket prefix: each becomes a run, once, in the order of arrival.

A feed watches where its location ends in a slash. A file is known by its name and its version (in a folder size and
time, in a bucket its ETag and time): one that is replaced under its name is a new arrival, one left lying is not.
"""

from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from .actions import request_load
from .lake import Entry, Lake, LakeError, open_lake
from .models import Feed, FeedRun

_SETTLED = timedelta(seconds=5)  # a file that was written to more lately may still be growing
_UNFINISHED = (".part", ".filepart", ".tmp", ".crdownload")


def watches(location: str) -> bool:
    """Whether this is a place to watch, and not a file."""
    return location.endswith("/")


def arrived(location: str) -> list[Entry]:
    """The files at a watched place that are whole, the oldest first. Raises LakeError."""
    place = _open(location)
    settled = timezone.now() - _SETTLED
    found = [entry for entry in place.list("") if is_file(entry.name) and entry.written < settled]
    return sorted(found, key=lambda entry: (entry.written, entry.name))


def _open(location: str) -> Lake:
    return open_lake(location if "://" in location else Path(location).resolve().as_uri())


def is_file(name: str) -> bool:
    """Whether this names a file at the place itself that is whole; not one deeper down, hidden, or on its way."""
    return bool(name) and "/" not in name and not name.startswith(".") and not name.lower().endswith(_UNFINISHED)


@transaction.atomic
def request_arrivals(*, feed: Feed, actor: str) -> list[FeedRun]:
    """Ask for the loads of what has arrived and was not asked for before. Raises CannotLoad, LakeError."""
    feed = Feed.objects.select_for_update().get(pk=feed.pk)  # one at a time
    known = set(FeedRun.objects.filter(feed=feed).exclude(file_version="").values_list("location", "file_version"))
    runs = []
    for entry in arrived(feed.location):
        location = f"{feed.location}{entry.name}"
        if (location, entry.version) not in known:
            runs.append(request_load(feed=feed.pk, location=location, actor=actor, file_version=entry.version))
    return runs


@transaction.atomic
def request_object(*, feed: Feed, name: str, actor: str) -> FeedRun | None:
    """Ask for the load of one object at the feed's place; None where this version of it was asked for before.

    Raises CannotLoad, and LakeError where the object is not there.
    """
    feed = Feed.objects.select_for_update().get(pk=feed.pk)
    location, version = f"{feed.location}{name}", _open(feed.location).entry(name).version
    if FeedRun.objects.filter(feed=feed, location=location, file_version=version).exists():
        return None
    return request_load(feed=feed.pk, location=location, actor=actor, file_version=version)


def request_all_arrivals(*, actor: str) -> tuple[list[FeedRun], dict[str, str]]:
    """What has arrived for every feed that watches a place; and why a place could not be looked at, by feed."""
    runs, problems = list[FeedRun](), dict[str, str]()
    for feed in Feed.objects.filter(active=True, location__endswith="/"):
        try:
            runs += request_arrivals(feed=feed, actor=actor)
        except LakeError as problem:
            problems[feed.pk] = str(problem)
    return runs, problems
