"""What the first page tells: what waits, what was done, what there is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from party_hub.models import SourceSystem, UnresolvedRecord
from stewardship.models import Mention, ReviewTask, TaskKind, TaskState

from .figures import kept
from .queue import open_by_kind
from .runs import Run, last_runs

SIZES = """
SELECT (SELECT count(*) FROM party_hub_party WHERE status = 'active'),
       (SELECT count(*) FROM party_hub_sourcerecord WHERE withdrawn_at IS NULL),
       (SELECT coalesce(sum(record_count - 1), 0) FROM party_hub_goldenrecord g
        JOIN party_hub_party p ON p.id = g.party_id AND p.status = 'active'),
       (SELECT round(avg(quality)) FROM party_hub_goldenrecord g
        JOIN party_hub_party p ON p.id = g.party_id AND p.status = 'active')
"""


@dataclass(frozen=True)
class KindRow:
    """The open tasks of one kind."""

    kind: str
    label: str
    tasks: int
    oldest: datetime
    share: int


@dataclass(frozen=True)
class Overview:
    """The dashboard's figures."""

    open_tasks: int
    kinds: list[KindRow]
    ages: list[tuple[str, int]]
    decided_today: int
    decided_by_me: int
    parties: int
    records: int
    duplicates: int
    quality: int | None
    sources: list[Any]
    runs: list[Run]
    unresolved: int
    mentions: list[Mention]

    @property
    def largest_source(self) -> int:
        """For the bars: how many records the biggest source has."""
        return max((source["size"] for source in self.sources), default=1) or 1


def overview(user: User) -> Overview:
    """All of the dashboard's figures. Eleven queries, whatever the size of the hub."""
    parties, records, duplicates, quality = kept("sizes", _sizes)
    kinds = open_by_kind()
    total = sum(tasks for _, tasks, _ in kinds)
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    decided = ReviewTask.objects.filter(state=TaskState.DONE, decided_at__gte=today)
    answers = {row["judgement"]: row["n"] for row in decided.values("judgement").annotate(n=Count("pk")).order_by()}
    return Overview(
        open_tasks=total,
        kinds=[
            KindRow(kind, str(TaskKind(kind).label), tasks, oldest, round(100 * tasks / total))
            for kind, tasks, oldest in kinds
        ],
        ages=_ages(),
        decided_today=sum(answers.values()),
        decided_by_me=decided.filter(decided_by=user).count(),
        parties=parties,
        records=records,
        duplicates=int(duplicates),
        quality=int(quality) if quality is not None else None,
        sources=kept("sources", _sources),
        runs=last_runs(5),
        unresolved=UnresolvedRecord.objects.count(),
        mentions=list(
            user.mentions.filter(seen_at__isnull=True).select_related("comment__author").order_by("-pk")[:10]
        ),
    )


def _sizes() -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(SIZES)
        return tuple(cursor.fetchone())


def _ages() -> list[tuple[str, int]]:
    now = timezone.now()
    day, week = now - timedelta(days=1), now - timedelta(days=7)
    ages = ReviewTask.objects.filter(state=TaskState.OPEN).aggregate(
        today=Count("pk", filter=Q(created_at__gte=day)),
        week=Count("pk", filter=Q(created_at__lt=day, created_at__gte=week)),
        older=Count("pk", filter=Q(created_at__lt=week)),
    )
    return [(_("Less than a day"), ages["today"]), (_("This week"), ages["week"]), (_("Older"), ages["older"])]


def _sources() -> list[Any]:
    live = Count("records", filter=Q(records__withdrawn_at__isnull=True))
    sources = SourceSystem.objects.annotate(size=live).order_by("-size", "code")
    return list(sources.values("code", "name", "size", "trust"))
