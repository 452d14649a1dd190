"""How the work goes: what is due, what was done by whom, how right the score is, how far behind the events are."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from stewardship.presentation.histogram import Histogram, histogram

DAYS = 14
BY_DUE = """
SELECT count(*) FILTER (WHERE due_at < now()),
       count(*) FILTER (WHERE due_at >= now() AND due_at < now() + interval '1 day'),
       count(*) FILTER (WHERE due_at >= now() + interval '1 day' AND due_at < now() + interval '7 days'),
       count(*) FILTER (WHERE due_at >= now() + interval '7 days' OR due_at IS NULL)
FROM stewardship_reviewtask WHERE state = 'open'
"""
BY_DAY = """
SELECT decided_at::date, count(*) FROM stewardship_reviewtask
WHERE state = 'done' AND decided_at >= %(since)s GROUP BY 1
"""
# What stands: acts that nobody else has taken back. With the score: answers on the side that the model leaned to.
BY_STEWARD = """
WITH answers AS (
    SELECT decided_by_id, count(*) AS decided, count(*) FILTER (WHERE judgement = 'match') AS matches,
           count(*) FILTER (WHERE judgement = 'no_match') AS no_matches,
           count(*) FILTER (WHERE judgement = 'unsure') AS unsure,
           count(*) FILTER (WHERE judgement <> 'unsure' AND (judgement = 'match') = (probability >= 0.5)) AS agreed,
           count(*) FILTER (WHERE judgement <> 'unsure' AND probability IS NOT NULL) AS comparable
    FROM stewardship_reviewtask WHERE state = 'done' AND decided_at >= %(since)s GROUP BY 1
), acts AS (
    SELECT author, count(DISTINCT act) AS acts,
           count(DISTINCT act) FILTER (WHERE retracted_by <> '' AND retracted_by <> author) AS overturned
    FROM party_hub_decision WHERE origin = 'steward' AND created_at >= %(since)s GROUP BY 1
)
SELECT u.username, decided, matches, no_matches, unsure,
       agreed::float / nullif(comparable, 0), 1 - coalesce(overturned, 0)::float / nullif(acts, 0)
FROM answers JOIN auth_user u ON u.id = decided_by_id LEFT JOIN acts ON acts.author = 'user:' || u.username
ORDER BY decided DESC LIMIT 20
"""
BY_TENTH = """
SELECT least(width_bucket(probability, 0, 1, 10), 10), count(*), count(*) FILTER (WHERE judgement = 'match')
FROM stewardship_reviewtask
WHERE state = 'done' AND judgement <> 'unsure' AND probability IS NOT NULL GROUP BY 1
"""
EVENTS = """
WITH last AS (
    SELECT published_at - created_at AS lag FROM party_hub_outboxevent
    WHERE published_at IS NOT NULL ORDER BY id DESC LIMIT 1000
)
SELECT (SELECT count(*) FROM party_hub_outboxevent WHERE published_at IS NULL),
       (SELECT extract(epoch FROM now() - min(created_at)) FROM party_hub_outboxevent WHERE published_at IS NULL),
       (SELECT extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY lag)) FROM last),
       (SELECT extract(epoch FROM percentile_cont(0.95) WITHIN GROUP (ORDER BY lag)) FROM last)
"""


@dataclass(frozen=True)
class StewardRow:
    """One steward's last two weeks. Shares are 0–1, None where there is nothing to divide by."""

    name: str
    decided: int
    matches: int
    no_matches: int
    unsure: int
    with_score: float | None
    stands: float | None


@dataclass(frozen=True)
class BandRow:
    """The answers to questions of one tenth of probability: how many, and the share that were matches."""

    label: str
    answered: int
    matched: float | None
    link: str


@dataclass(frozen=True)
class EventLag:
    """Events that wait, since how many seconds the oldest does, and how long the last thousand took (seconds)."""

    waiting: int
    oldest: float | None
    median: float | None
    p95: float | None


@dataclass(frozen=True)
class Performance:
    """All of it."""

    due: Histogram
    days: Histogram
    stewards: list[StewardRow]
    bands: list[BandRow]
    events: EventLag

    @property
    def answered(self) -> int:
        """How many answers the bands count."""
        return sum(band.answered for band in self.bands)


def performance() -> Performance:
    """How the work goes. Five queries."""
    since = (timezone.now() - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        due = _rows(cursor, BY_DUE)[0]
        days = dict(_rows(cursor, BY_DAY, since=since))
        stewards = [StewardRow(*row) for row in _rows(cursor, BY_STEWARD, since=since)]
        tenths = {tenth: (answered, matched) for tenth, answered, matched in _rows(cursor, BY_TENTH)}
        lag = EventLag(*_rows(cursor, EVENTS)[0])
    calendar = [(since + timedelta(days=day)).date() for day in range(DAYS)]
    return Performance(
        due=histogram(
            list(zip((_("Overdue"), _("Within a day"), _("Within a week"), _("Later")), due, strict=True)),
            links=["/tasks/?due=overdue", "/tasks/?due=today", "/tasks/?due=week", "/tasks/?sort=due"],
        ),
        days=histogram(
            [(day.strftime("%d"), days.get(day, 0)) for day in calendar],
            links=[f"/tasks/?state=done&day={day}" for day in calendar],
        ),
        stewards=stewards,
        bands=[_band(tenth, *tenths.get(tenth, (0, 0))) for tenth in range(10, 0, -1)],
        events=lag,
    )


def _rows(cursor: Any, statement: str, **values: Any) -> list[Any]:
    cursor.execute(statement, values or None)
    rows: list[Any] = cursor.fetchall()
    return rows


def _band(tenth: int, answered: int, matched: int) -> BandRow:
    label = f"{10 * tenth - 10}–{10 * tenth} %"
    return BandRow(label, answered, matched / answered if answered else None, f"/tasks/?state=done&tenth={tenth}")
