"""Feeds and runs as the pages show them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from ingestion import queries
from ingestion.models import Feed, FeedRun, RejectedRow, Stage

REJECTS = 100


@dataclass(frozen=True)
class Run:
    """A run with how far it is."""

    run: FeedRun
    progress: queries.Progress

    @property
    def seconds(self) -> float:
        """All stages together."""
        return float(sum(self.run.seconds.values()))


@dataclass(frozen=True)
class RunDetail:
    """A run with its stages, its rejected rows by reason, and a page of them; `following` is where to go on."""

    run: FeedRun
    progress: queries.Progress
    stages: list[tuple[str, str, float | None]]
    reasons: list[Any]
    rejects: list[RejectedRow]
    following: int | None

    @property
    def figures(self) -> list[tuple[str, int]]:
        """What became of the rows; the rare ones only where there are some."""
        run = self.run
        rare = [("Late", run.late), ("Withdrawn", run.withdrawn)]
        return [
            ("Landed", run.landed),
            ("Created", run.created),
            ("Updated", run.updated),
            ("Unchanged", run.unchanged),
            *((label, number) for label, number in rare if number),
            ("Set aside", run.quarantined),
        ]


def feeds() -> list[Feed]:
    """All feeds with their last run. One query."""
    return list(queries.feeds())


def last_runs(limit: int) -> list[Run]:
    """The newest runs. One query."""
    return [Run(run, queries.progress(run)) for run in queries.runs()[:limit]]


def run_detail(pk: int, *, after: int = 0) -> RunDetail:
    """A run and the rows it set aside, from the line after `after`. Raises FeedRun.DoesNotExist. Three queries."""
    run = queries.run(pk)
    rejects = queries.rejects(run)
    rows = list(rejects.filter(line__gt=after)[: REJECTS + 1])
    progress = queries.progress(run)
    return RunDetail(
        run,
        progress,
        [(stage.value, stage.label, run.seconds.get(stage.value)) for stage in Stage],
        list(rejects.order_by().values("reason", "field").annotate(rows=Count("pk")).order_by("-rows")[:10]),
        rows[:REJECTS],
        rows[REJECTS - 1].line if len(rows) > REJECTS else None,
    )
