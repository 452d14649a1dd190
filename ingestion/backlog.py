"""What lies before the listener, as pages show it: counted each minute into the cache, for a broker is slow to ask.

The numbers come from the broker and not from the listener, so that one that does not run is seen too.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone

from party_hub.events import kafka

from .dead_letters import waiting_dead_letters
from .listener import GROUP, TOPICS

_NAME, _KEPT_SECONDS = "ingestion:backlog", 3600


@dataclass(frozen=True)
class Backlog:
    """How many events wait to be taken in, and how many lie among the dead letters, at a moment."""

    events: int
    dead_letters: int
    at: datetime


def note_backlog() -> Backlog:
    """Count what waits, and keep it for the pages. Raises KafkaFailure."""
    counted = Backlog(sum(kafka.lag(GROUP, TOPICS).values()), waiting_dead_letters(), timezone.now())
    cache.set(_NAME, counted, _KEPT_SECONDS)
    return counted


def backlog() -> Backlog | None:
    """What was counted last; None where nothing was within the hour. One look into the cache."""
    found: Backlog | None = cache.get(_NAME)
    return found
