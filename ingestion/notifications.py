"""S3 says that an object has arrived: a notification becomes one run of the feed that watches its place.

Understood are notifications as S3 and what speaks its language send them (`{"Records": […]}`, also from MinIO, Ceph and
SeaweedFS), as EventBridge wraps them, and either inside an SNS message. Formats:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html and …/ev-events.html.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from .actions import CannotLoad
from .arrivals import is_file, request_object
from .lake import LakeError
from .models import Feed, FeedRun

_MOST = 1_000  # objects in one notification; S3 sends one
_CREATED = ("ObjectCreated:", "s3:ObjectCreated:")


class BadNotification(ValueError):
    """This is no notification of S3's; the text says why."""


@dataclass
class Notified:
    """The runs that were asked for, what was known before (`repeated`), and why other objects became none, by URL."""

    runs: list[FeedRun] = field(default_factory=list)
    repeated: int = 0
    passed_over: dict[str, str] = field(default_factory=dict)


def objects_in(said: Any) -> list[str]:
    """The URLs of the objects that a notification says were created; none for a test or a removal.

    Raises BadNotification.
    """
    try:
        found = list(dict.fromkeys(_urls(said)))
    except (KeyError, TypeError, AttributeError) as problem:
        raise BadNotification(f"It lacks what a notification of S3's has: {problem}.") from problem
    if len(found) > _MOST:
        raise BadNotification(f"It names {len(found):,} objects; at most {_MOST:,} are taken at once.")
    return found


def _urls(said: Any, wrapped: bool = False) -> Iterator[str]:
    if not isinstance(said, Mapping):
        raise BadNotification("A notification is a JSON object.")
    if said.get("Event") == "s3:TestEvent":
        return
    if isinstance(said.get("Message"), str) and not wrapped:  # SNS
        try:
            inner = json.loads(said["Message"])
        except ValueError as problem:
            raise BadNotification(f"Its message is no JSON: {problem}.") from problem
        yield from _urls(inner, wrapped=True)
    elif "Records" in said:
        for record in _list(said["Records"]):
            if str(record["eventName"]).startswith(_CREATED):
                told = record["s3"]
                yield _url(told["bucket"]["name"], unquote_plus(told["object"]["key"]))
    elif said.get("detail-type") == "Object Created":  # EventBridge, which does not quote
        yield _url(said["detail"]["bucket"]["name"], said["detail"]["object"]["key"])
    elif said.get("source") != "aws.s3":
        raise BadNotification("It has neither Records nor a detail-type of S3's.")


def _list(records: Any) -> Sequence[Any]:
    if not isinstance(records, list):
        raise BadNotification("Its Records are no list.")
    return records


def _url(bucket: Any, key: Any) -> str:
    if not isinstance(bucket, str) or not isinstance(key, str) or not bucket or not key or "/" in bucket:
        raise BadNotification("It does not say which bucket and key.")
    return f"s3://{bucket}/{key}"


def request_notified(*, said: Any, actor: str) -> Notified:
    """Ask for a run of each object that a notification names, once for each version of it.

    What nobody watches, is gone again, or may not be loaded is passed over, with the reason. Raises BadNotification.
    """
    notified = Notified()
    watching = Feed.objects.filter(active=True, location__startswith="s3://", location__endswith="/")
    places = sorted(watching, key=lambda feed: len(feed.location), reverse=True)
    for url in objects_in(said):
        feed = next((feed for feed in places if _lies_at(url, feed.location)), None)
        if feed is None:
            notified.passed_over[url] = "No feed watches this place."
            continue
        try:
            run = request_object(feed=feed, name=url.removeprefix(feed.location), actor=actor)
        except (CannotLoad, LakeError) as problem:
            notified.passed_over[url] = str(problem)
            continue
        if run is None:
            notified.repeated += 1
        else:
            notified.runs.append(run)
    return notified


def _lies_at(url: str, place: str) -> bool:
    """Whether the object lies at the place itself; what lies deeper, or is unfinished, is nobody's."""
    return url.startswith(place) and is_file(url.removeprefix(place))
