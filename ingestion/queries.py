"""Reads for pages, API and commands: feeds, runs, progress, rejected rows. Never touches Spark."""

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from .models import Feed, FeedRun, RejectedRow, RunState, Stage

_STAGES = [stage.value for stage in Stage]


@dataclass(frozen=True)
class Progress:
    """How far a run is. `percent` is over all stages, each counted alike, None while it waits."""

    state: str
    stage: str
    stage_number: int
    stages: int
    percent: int | None


def feeds() -> QuerySet[Feed]:
    """All feeds, each with the id and state of its last run (`last_run`, `last_state`)."""
    last = FeedRun.objects.filter(feed=OuterRef("pk")).order_by("-pk")
    return Feed.objects.select_related("source").annotate(
        last_run=Subquery(last.values("pk")[:1]), last_state=Subquery(last.values("state")[:1])
    )


def runs(feed: str = "", state: str = "") -> QuerySet[FeedRun]:
    """Runs, the newest first; of one feed or in one state where asked."""
    found = FeedRun.objects.select_related("feed", "same_as")
    found = found.filter(feed=feed) if feed else found
    return found.filter(state=state) if state else found


def run(run_id: int) -> FeedRun:
    """One run. Raises FeedRun.DoesNotExist."""
    return runs().get(pk=run_id)


def progress(run: FeedRun) -> Progress:
    """How far the run is, for a progress bar."""
    if run.state == RunState.SUCCEEDED:
        return Progress(run.state, "", len(_STAGES), len(_STAGES), 100)
    number = _STAGES.index(run.stage) if run.stage in _STAGES else 0
    within = min(1.0, run.done / run.total) if run.total else 0.0
    percent = None if run.state == RunState.QUEUED else int(100 * (number + within) / len(_STAGES))
    return Progress(run.state, run.stage, number + 1, len(_STAGES), percent)


def run_before(run: FeedRun) -> FeedRun | None:
    """The feed's last success before this run that brought something to load; what the run is compared with."""
    return runs(run.feed_id, RunState.SUCCEEDED).filter(pk__lt=run.pk, same_as=None).first()


def rejects(run: FeedRun, reason: str = "") -> QuerySet[RejectedRow]:
    """The rows that the run set aside; a run that repeated a file shows those of the run that loaded it."""
    found = RejectedRow.objects.filter(run=run.same_as or run).order_by("line")
    return found.filter(reason=reason) if reason else found
