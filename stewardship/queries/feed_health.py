"""How the feeds do: the last load of each, what waits in quarantine, and its quality over the last loads."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from ingestion.models import Feed
from stewardship.presentation.trend import Trend, Value, trend

from .runs import feeds

LOADS, NEWEST = 12, 24  # a feed looks back so many loads; the trend of all shows so many points
# As on the page of a feed: each rule counts alike within its side of quality, each side alike within the load.
BY_LOAD = """
WITH runs AS (
    SELECT id, feed_id, finished_at, row_number() OVER (PARTITION BY feed_id ORDER BY id DESC) AS place
    FROM ingestion_feedrun WHERE state = 'succeeded'
), sides AS (
    SELECT run_id, avg(100 * (1 - failing::float / rows)) AS percent
    FROM ingestion_qualityresult WHERE rows > 0 AND run_id IN (SELECT id FROM runs WHERE place <= %(loads)s)
    GROUP BY run_id, dimension
)
SELECT feed_id, id, finished_at, avg(percent) FROM runs JOIN sides ON run_id = id GROUP BY 1, 2, 3 ORDER BY id
"""


@dataclass(frozen=True)
class FeedHealth:
    """A feed with its last load. `quality` is of 100, None before its first load with rules."""

    feed: Feed
    waiting: int
    loaded_at: datetime | None
    quality: float | None
    history: Trend


@dataclass(frozen=True)
class Health:
    """All active feeds, and the quality of the newest loads whichever feed they are of; each point leads to its run."""

    feeds: list[FeedHealth]
    trend: Trend


def feed_health() -> Health:
    """How the feeds do. Three queries, whatever their number."""
    with connection.cursor() as cursor:
        cursor.execute(BY_LOAD, {"loads": LOADS})
        loads = cursor.fetchall()
    points = [(feed, at, Value(f"{feed}, {_load(run)}", percent, _page(run))) for feed, run, at, percent in loads]
    shown = []
    for row in feeds():
        own = [(at, value) for feed, at, value in points if feed == row.feed.pk]
        last_at, last = own[-1] if own else (None, None)
        history = trend([value for _at, value in own], unit=" %", top=100)
        if row.feed.active:
            shown.append(FeedHealth(row.feed, row.waiting, last_at, last.number if last else None, history))
    return Health(shown, trend([value for _feed, _at, value in points[-NEWEST:]], unit=" %", top=100))


def _load(run: int) -> str:
    return _("run %(run)s") % {"run": run}


def _page(run: int) -> str:
    return reverse("feed_run", args=[run])
