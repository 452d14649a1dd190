"""The feed of changes for who has no broker: the same events as on Kafka, in the order of their transactions."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from party_hub.events.catalog import Topic
from party_hub.models import OutboxEvent

from .pages import Page, decode, encode

ORDER = "changes"


@dataclass(frozen=True, slots=True)
class Feed:
    """Some events, oldest first, and the cursor after the last of them: keep it and ask again with it."""

    events: list[OutboxEvent]
    cursor: str
    more: bool


def settled_events() -> QuerySet[OutboxEvent]:
    """Events of transactions before which none runs any more, in order.

    An event below this line can no longer be preceded by one that commits later, so a reader who goes on from the
    last it saw misses none.
    """
    line = RawSQL("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", [])
    return OutboxEvent.objects.filter(transaction__lt=line).order_by("transaction", "id")


def changes(*, after: str | None = None, limit: int = 100, topic: str | None = Topic.GOLDEN) -> Feed:
    """The events after the cursor (from the beginning without one). Raises `BadCursor`. One query."""
    events = settled_events() if topic is None else settled_events().filter(topic=topic)
    if after:
        transaction, number = decode(after, ORDER, 2)
        events = events.filter(transaction__gte=transaction).filter(
            Q(transaction__gt=transaction) | Q(transaction=transaction, id__gt=number)
        )
    found = list(events[: limit + 1])
    page = found[:limit]
    cursor = encode((ORDER, page[-1].transaction, page[-1].id)) if page else after or encode((ORDER, 0, 0))
    return Feed(page, cursor, len(found) > limit)


def events_of(party: UUID, *, limit: int = 100, after: str | None = None) -> Page[OutboxEvent]:
    """The events told of one party, newest first. Raises `BadCursor`. One query."""
    events = OutboxEvent.objects.filter(key=str(party)).order_by("-id")
    if after:
        events = events.filter(id__lt=decode(after, "events", 1)[0])
    found = list(events[: limit + 1])
    return Page(found[:limit], encode(("events", found[limit - 1].id)) if len(found) > limit else None)
