"""The events that tell other systems what changed: those that wait, the slowest, or all; of one party or of every."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from party_hub.models import OutboxEvent

PAGE = 50
LAST = 1000  # as many published ones are measured on the dashboard


@dataclass(frozen=True)
class Told:
    """An event, without what it tells, and after how many seconds the broker had it; None while it waits."""

    event: OutboxEvent
    lag: float | None


@dataclass(frozen=True)
class EventsPage:
    """Events, and after which id to go on."""

    events: list[Told]
    following: int | None


def events(*, state: str = "", party: UUID | None = None, after: int | None = None) -> EventsPage:
    """A page of events: `waiting` the oldest first, `slow` the slowest of the last thousand that were published, else
    the newest first. One query.
    """
    found = OutboxEvent.objects.defer("payload")
    if party is not None:
        found = found.filter(key=str(party))
    if state == "slow":
        return EventsPage(_told(_slowest(found)), None)
    if state == "waiting":
        found = found.filter(published_at__isnull=True, id__gt=after or 0).order_by("id")
    else:
        found = (found.filter(id__lt=after) if after is not None else found).order_by("-id")
    rows = list(found[: PAGE + 1])
    return EventsPage(_told(rows[:PAGE]), rows[PAGE - 1].pk if len(rows) > PAGE else None)


def _slowest(found: QuerySet[OutboxEvent]) -> QuerySet[OutboxEvent]:
    last = found.filter(published_at__isnull=False).order_by("-id").values("pk")[:LAST]
    return found.filter(pk__in=last).order_by((F("published_at") - F("created_at")).desc(), "-id")[:PAGE]


def _told(events: Iterable[OutboxEvent]) -> list[Told]:
    return [
        Told(event, (event.published_at - event.created_at).total_seconds() if event.published_at else None)
        for event in events
    ]
