"""Feeds and runs as the pages show them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from ingestion import queries
from ingestion.models import Feed, FeedRun, RejectedRow, RunState, Stage

REJECTS = 100


_FIGURES = {
    "Landed": "landed",
    "Created": "created",
    "Updated": "updated",
    "Unchanged": "unchanged",
    "Late": "late",
    "Withdrawn": "withdrawn",
    "Set aside": "quarantined",
}
_RARE = ("Late", "Withdrawn")


@dataclass(frozen=True)
class Figure:
    """A number of a run, and what it was in the run before (None where there was none)."""

    label: str
    now: int
    before: int | None

    @property
    def change(self) -> str:
        """The difference in words: "+12", "−3", "as before"; "" where there is nothing to compare with."""
        if self.before is None:
            return ""
        difference = self.now - self.before
        return f"{'+' if difference > 0 else '−'}{abs(difference):,}" if difference else "as before"


@dataclass(frozen=True)
class StageShown:
    """A stage on the run's page. `mark` is done, now, failed or next."""

    label: str
    mark: str
    seconds: float | None
    done: int
    total: int


def _stage(run: FeedRun, stage: Stage) -> StageShown:
    seconds = run.seconds.get(stage.value)
    here = run.stage == stage.value
    if here and run.live:
        mark = "now"
    elif here and run.state == RunState.FAILED:
        mark = "failed"
    else:
        mark = "done" if seconds is not None else "next"
    return StageShown(stage.label, mark, seconds, run.done if here else 0, run.total if here else 0)


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
    before: FeedRun | None
    reasons: list[Any]
    rejects: list[RejectedRow]
    following: int | None

    @property
    def stages(self) -> list[StageShown]:
        """Every stage: what it is doing or has done."""
        return [_stage(self.run, stage) for stage in Stage]

    @property
    def figures(self) -> list[Figure]:
        """What became of the rows, beside the run before; the rare ones only where there are some."""
        found = [
            Figure(label, getattr(self.run, name), getattr(self.before, name, None)) for label, name in _FIGURES.items()
        ]
        return [figure for figure in found if figure.now or figure.before or figure.label not in _RARE]

    @property
    def seconds(self) -> float:
        """All stages together."""
        return float(sum(self.run.seconds.values()))

    @property
    def seconds_before(self) -> float:
        """What the run before took."""
        return float(sum(self.before.seconds.values())) if self.before else 0.0


def feeds() -> list[Feed]:
    """All feeds with their last run. One query."""
    return list(queries.feeds())


def last_runs(limit: int) -> list[Run]:
    """The newest runs. One query."""
    return [Run(run, queries.progress(run)) for run in queries.runs()[:limit]]


def run_detail(pk: int, *, after: int = 0) -> RunDetail:
    """A run and the rows it set aside, from the line after `after`. Raises FeedRun.DoesNotExist. Four queries."""
    run = queries.run(pk)
    rejects = queries.rejects(run)
    rows = list(rejects.filter(line__gt=after)[: REJECTS + 1])
    progress = queries.progress(run)
    return RunDetail(
        run,
        progress,
        queries.run_before(run),
        list(rejects.order_by().values("reason", "field").annotate(rows=Count("pk")).order_by("-rows")[:10]),
        rows[:REJECTS],
        rows[REJECTS - 1].line if len(rows) > REJECTS else None,
    )
