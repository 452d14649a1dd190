"""Feeds and runs as the pages show them."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from ingestion import queries
from ingestion.models import Feed, FeedRun, RunState, Stage
from ingestion.quarantine.queries import Group, RejectFilter, Shown, groups, open_by_feed, rejects_where
from party_hub.models import UnresolvedRecord

from .quarantine import GROUPS, Line

REJECTS = 20
ENOUGH_TO_JUDGE = 10  # percent done, before which a guess of the time left says nothing
ENOUGH_ROWS = 1_000  # below which a rate tells how long Spark takes to begin, and no more


_FIGURES = {
    _("Landed"): "landed",
    _("Created"): "created",
    _("Updated"): "updated",
    _("Unchanged"): "unchanged",
    _("Late"): "late",
    _("Withdrawn"): "withdrawn",
    _("Set aside"): "quarantined",
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
        return f"{'+' if difference > 0 else '−'}{abs(difference):,}" if difference else gettext("as before")


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
    elif here and run.state in (RunState.FAILED, RunState.CANCELLED):
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


def _changed(run: FeedRun) -> bool:
    return run.state == RunState.SUCCEEDED and bool(run.created + run.updated + run.withdrawn)


@dataclass(frozen=True)
class RunDetail:
    """A run with its stages, the run before, what is wrong with the rows it set aside, and the first of them."""

    run: FeedRun
    progress: queries.Progress
    before: FeedRun | None
    reasons: list[Group]
    rejects: list[Line]
    waiting: int  # records of any source that are not matched yet, after a run that changed some

    @property
    def changed(self) -> bool:
        """Whether it brought something to match."""
        return _changed(self.run)

    @property
    def again(self) -> str:
        """How soon its page looks again; "" where nothing of it changes any more."""
        return "1s" if self.run.live else "3s" if self.waiting else ""

    @property
    def left(self) -> int | None:
        """About how many seconds a run at work has left, judged by what is done; None while that is little."""
        percent, started = self.progress.percent or 0, self.run.started_at
        if self.run.state != RunState.RUNNING or started is None or percent < ENOUGH_TO_JUDGE:
            return None
        return round((timezone.now() - started).total_seconds() * (100 - percent) / percent)

    @property
    def rate(self) -> int | None:
        """Rows a second, all stages together; None for a few rows, where starting takes all the time, and for a file
        that needed no reading."""
        if self.run.landed < ENOUGH_ROWS or not self.seconds or self.run.same_as_id:
            return None
        return round(self.run.landed / self.seconds)

    @property
    def retriable(self) -> bool:
        """Whether it can go on where it ended."""
        return self.run.state in (RunState.FAILED, RunState.CANCELLED)

    @property
    def stages(self) -> list[StageShown]:
        """Every stage: what it is doing or has done."""
        return [_stage(self.run, stage) for stage in Stage]

    @property
    def figures(self) -> list[Figure]:
        """What became of the rows, beside the run before; the rare ones only where there are some."""
        numbers = [
            (label, getattr(self.run, name), getattr(self.before, name, None)) for label, name in _FIGURES.items()
        ]
        return [
            Figure(gettext(label), now, before) for label, now, before in numbers if now or before or label not in _RARE
        ]

    @property
    def seconds(self) -> float:
        """All stages together."""
        return float(sum(self.run.seconds.values()))

    @property
    def seconds_before(self) -> float:
        """What the run before took."""
        return float(sum(self.before.seconds.values())) if self.before else 0.0


@dataclass(frozen=True)
class FeedShown:
    """A feed with its last run, and how many of its rows wait in quarantine."""

    feed: Feed
    waiting: int


def feeds() -> list[FeedShown]:
    """All feeds. Two queries."""
    waiting = open_by_feed()
    return [FeedShown(feed, waiting.get(feed.pk, 0)) for feed in queries.feeds()]


def last_runs(limit: int) -> list[Run]:
    """The newest runs. One query."""
    return [Run(run, queries.progress(run)) for run in queries.runs()[:limit]]


def run_detail(pk: int, *, personal: bool) -> RunDetail:
    """A run and the first rows it set aside. Raises FeedRun.DoesNotExist. Five queries."""
    run = queries.run(pk)
    # A run that repeated a file shows the rows of the run that loaded it.
    of_run = RejectFilter(run=run.same_as_id or run.pk, state="")
    shown = Shown(personal=personal)
    rows = rejects_where(of_run).order_by("line")[:REJECTS] if run.quarantined else []
    return RunDetail(
        run,
        queries.progress(run),
        queries.run_before(run),
        groups(of_run, GROUPS) if run.quarantined else [],
        [Line(row, shown.reason(row)) for row in rows],
        UnresolvedRecord.objects.count() if _changed(run) else 0,
    )
