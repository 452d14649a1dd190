"""The feed of changes for who has no broker: the same events as on Kafka, in the order of their commits."""

from dataclasses import dataclass
from uuid import UUID

from party_hub.events.catalog import Topic
from party_hub.models import OutboxEvent

from .pages import BadCursor, Page, decode, encode

ORDER = "changes"


@dataclass(frozen=True, slots=True)
class Feed:
    """Some events, oldest first, and the cursor after the last of them: keep it and ask again with it."""

    events: list[OutboxEvent]
    cursor: str
    more: bool


def changes(*, after: str | None = None, limit: int = 100, topic: str | None = Topic.GOLDEN) -> Feed:
    """The events after the cursor, without one from the beginning; `topic` None is all of them. Raises `BadCursor`.

    One query. Ids of the outbox grow in the order of commits (`events.outbox.lock_outbox`), so none turns up later
    behind the cursor.
    """
    events = OutboxEvent.objects.order_by("id")
    if topic is not None:
        events = events.filter(topic=topic)
    if after:
        events = events.filter(id__gt=_number(decode(after, ORDER, 1)))
    found = list(events[: limit + 1])
    page = found[:limit]
    cursor = encode((ORDER, page[-1].id)) if page else after or encode((ORDER, 0))
    return Feed(page, cursor, len(found) > limit)


def events_of(party: UUID, *, limit: int = 100, after: str | None = None) -> Page[OutboxEvent]:
    """The events told of one party, newest first. Raises `BadCursor`. One query."""
    events = OutboxEvent.objects.filter(key=str(party)).order_by("-id")
    if after:
        events = events.filter(id__lt=_number(decode(after, "events", 1)))
    found = list(events[: limit + 1])
    return Page(found[:limit], encode(("events", found[limit - 1].id)) if len(found) > limit else None)


def _number(position: list[object]) -> int:
    if not isinstance(position[0], int):
        raise BadCursor("the cursor cannot be read")
    return position[0]
