"""The acts of ingestion: ask for a load, and carry a run from one state to the next. Knows nothing of Spark."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from party_hub.actions.audit import audit
from party_hub.chain import Step, hand_over

from .adapters import adapter_in_force
from .mapping.adapter import Kind
from .models import Feed, FeedRun, LoadType, RejectedRow, RunState, SeenEvent, Stage
from .run_lock import Busy, alone

MOST_ATTEMPTS = 3
INTERRUPTED = (
    f"The process that ran it ended before it was done, {MOST_ATTEMPTS} times. The log of the Spark worker says why; "
    "retry the run when the cause is gone: nothing is lost and nothing comes twice."
)
# A queued run of which the worker has not been told for so long is told of again: the queue may have lost it.
_FORGOTTEN = timedelta(minutes=10)
_BROKEN_OFF = timedelta(seconds=30)


class CannotLoad(Exception):
    """The load cannot be started; the text says why."""


class NotNow(Exception):
    """The run is not in a state for what was asked; the text says which it is in."""


def loadable_feed(feed: str) -> Feed:
    """The feed of this name, if it may be loaded. Raises CannotLoad."""
    try:
        found = Feed.objects.get(name=feed)
    except Feed.DoesNotExist:
        known = ", ".join(Feed.objects.values_list("name", flat=True))
        raise CannotLoad(f"There is no feed {feed!r}. There are {known}.") from None
    if not found.active:
        raise CannotLoad(f"The feed {feed} is switched off. Switch it on in the admin under Feeds.")
    return found


@transaction.atomic
def create_run(
    *,
    feed: str,
    location: str = "",
    actor: str,
    file_version: str = "",
    load_type: str = "",
    confirmed: bool = False,
) -> FeedRun:
    """A new run of `feed` on the file at `location` (else the feed's own), queued. Raises CannotLoad.

    `load_type` is what the file's name and the feed say, where nothing else is said; `confirmed`: whatever a full file
    leaves out is to go.
    """
    found = loadable_feed(feed)
    location = location or found.location
    if location.endswith("/"):
        raise CannotLoad(f"The feed {feed} watches {location}: put the file there, and it is loaded within a minute.")
    if not location:
        raise CannotLoad(
            f"The feed {feed} has no location. Name the file, or set the location in the admin under Feeds."
        )
    load_type = load_type or found.load_type_of(location)
    if load_type == LoadType.FULL and adapter_in_force(found).format.kind is Kind.JSON_LINES:
        raise CannotLoad(f"A file of {feed} holds events, one after another; load it as changes.")
    return FeedRun.objects.create(
        feed=found,
        location=location,
        requested_by=actor,
        file_version=file_version,
        load_type=load_type,
        confirmed_by=actor if confirmed else "",
    )


@transaction.atomic
def request_load(*, feed: str, location: str = "", actor: str, **options: Any) -> FeedRun:
    """Ask the Spark worker to load the file, as `create_run` has it; gives the run to watch. Raises CannotLoad."""
    run = create_run(feed=feed, location=location, actor=actor, **options)
    hand_over(Step.LOAD_FEED, run_id=run.pk)
    return run


@transaction.atomic
def start_run(*, run: FeedRun, task_id: str = "") -> None:
    """Mark `run` as running, at the stage where it broke off if it did. The caller holds the feed's lock."""
    run.rejects.all().delete()
    _set(
        run,
        state=RunState.RUNNING,
        stage=run.stage or Stage.LAND,
        attempts=run.attempts + 1,
        task_id=task_id,
        started_at=run.started_at or Now(),
        done=0,
        total=0,
        error="",
    )


def interrupted_runs(feed: str, before: int) -> list[FeedRun]:
    """Older runs of the feed that broke off, the oldest first. They are to be finished before a newer file is loaded.

    The caller holds the feed's lock, so that none of them is at work.
    """
    broken = Q(state=RunState.RUNNING) | Q(state=RunState.QUEUED, attempts__gt=0)
    return list(FeedRun.objects.select_related("feed").filter(broken, feed=feed, pk__lt=before).order_by("pk"))


@transaction.atomic
def interrupt_run(*, run: FeedRun, reason: str) -> None:
    """Put `run` back into the queue, or let it fail with `reason` where it has been tried too often."""
    if run.attempts >= MOST_ATTEMPTS:
        fail_run(run=run, error=reason)
        return
    _set(run, state=RunState.QUEUED, handed_over_at=Now())


def recover_runs() -> int:
    """See to the runs that nobody works at though they are not over; gives how many were handed over again.

    A run whose process died goes on at the stage where it was. A run that the queue has lost is queued once more; to
    be told of a run twice does no harm.
    """
    recovered = 0
    for run in FeedRun.objects.filter(state=RunState.RUNNING):
        recovered += _revive(run)
    overdue = Q(attempts=0, handed_over_at__lt=timezone.now() - _FORGOTTEN)
    overdue |= Q(attempts__gt=0, handed_over_at__lt=timezone.now() - _BROKEN_OFF)
    for run in FeedRun.objects.filter(overdue, state=RunState.QUEUED).order_by("pk"):
        _hand_over(run)
        recovered += 1
    return recovered


def _revive(run: FeedRun) -> bool:
    """Whether the run was dead and is queued again."""
    try:
        with alone(run.feed_id), transaction.atomic():
            run = FeedRun.objects.select_for_update().get(pk=run.pk)
            if run.state != RunState.RUNNING:
                return False
            if run.cancelled_by:
                cancelled_run(run=run)
            else:
                interrupt_run(run=run, reason=INTERRUPTED)
    except Busy:
        return False
    if run.state != RunState.QUEUED:
        return False
    _hand_over(run)  # only now that the feed's lock is free
    return True


@transaction.atomic
def cancel_run(*, run_id: int, actor: str) -> FeedRun:
    """Stop the run: at once while it waits, within seconds while it works. Raises NotNow where it is over.

    What it has put into the raw zone stays; source records are written at its very end and in one step, so none are.
    """
    run = FeedRun.objects.select_for_update().get(pk=run_id)
    if not run.live:
        raise NotNow(f"Run {run.pk} is over: it has {run.get_state_display().lower()}.")
    waiting = {"state": RunState.CANCELLED, "finished_at": Now()} if run.state == RunState.QUEUED else {}
    _set(run, cancelled_by=actor, **waiting)
    return run


def cancelled_run(*, run: FeedRun) -> None:
    """Mark `run` as stopped; its worker has let go of it."""
    _set(run, state=RunState.CANCELLED, finished_at=Now())


@transaction.atomic
def retry_run(*, run_id: int, actor: str) -> FeedRun:
    """Queue a run that failed or was cancelled once more; it goes on at the stage where it ended. Raises NotNow.

    A run that failed while it landed its file fetches the file again from where it lies.
    """
    run = FeedRun.objects.select_for_update().get(pk=run_id)
    if run.state not in (RunState.FAILED, RunState.CANCELLED):
        raise NotNow(
            f"Run {run.pk} is {run.get_state_display().lower()}; only one that failed or was cancelled can go on."
        )
    anew = {"attempts": 0, "cancelled_by": "", "error": "", "held": False, "finished_at": None}
    _set(run, state=RunState.QUEUED, requested_by=actor, **anew)
    _hand_over(run)
    return run


@transaction.atomic
def confirm_run(*, run_id: int, actor: str) -> FeedRun:
    """Say that what the run's full file leaves out is to be withdrawn, and let it go on. Raises NotNow."""
    run = FeedRun.objects.select_for_update().get(pk=run_id)
    if not run.held:
        raise NotNow(f"Run {run.pk} does not wait for anybody to confirm it.")
    _set(run, confirmed_by=actor)
    audit(
        act=uuid4(),
        actor=actor,
        verb="confirm_run",
        subject_type="feed_run",
        subject_id=run.pk,
        reason=run.error,
        feed=run.feed_id,
    )
    return retry_run(run_id=run_id, actor=actor)


def forget_set(*, run: FeedRun, field: str) -> None:
    """Note that what `run` left at the location `field` is no longer in the lake."""
    _set(run, **{field: ""})


def _hand_over(run: FeedRun) -> None:
    _set(run, handed_over_at=Now())
    hand_over(Step.LOAD_FEED, run_id=run.pk)


def enter_stage(*, run: FeedRun, stage: str, **found: Any) -> None:
    """Note that `run` is at `stage` now, and what is known so far."""
    _set(run, stage=stage, done=0, total=0, **found)


def note_progress(*, run: FeedRun, done: int, total: int) -> None:
    """Note how far the present stage is."""
    FeedRun.objects.filter(pk=run.pk).update(done=done, total=total)


def keep_rejects(*, run: FeedRun, rejects: Iterable[RejectedRow]) -> None:
    """Keep the rows that were set aside."""
    RejectedRow.objects.bulk_create(rejects, batch_size=2_000)


def finish_run(*, run: FeedRun, **found: Any) -> None:
    """Mark `run` as succeeded with its counts."""
    found["cancelled_by"] = ""  # who asked came too late
    _set(run, state=RunState.SUCCEEDED, finished_at=Now(), **found)


def fail_run(*, run: FeedRun, error: str, **found: Any) -> None:
    """Mark `run` as failed and say why."""
    _set(run, state=RunState.FAILED, error=error, finished_at=Now(), **found)


def _set(run: FeedRun, **values: Any) -> None:
    FeedRun.objects.filter(pk=run.pk).update(**values)
    run.refresh_from_db()


def new_events(*, ids: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of the events (source, id), those that were never seen; they count as seen once the transaction commits."""
    pairs = list(dict.fromkeys(ids))
    if not pairs:
        return set()
    table = SeenEvent._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (source, event_id) SELECT * FROM unnest(%s::text[], %s::text[]) "
            "ON CONFLICT (source, event_id) DO NOTHING RETURNING source, event_id",
            [[source for source, _ in pairs], [event for _, event in pairs]],
        )
        return {(str(source), str(event)) for source, event in cursor.fetchall()}
