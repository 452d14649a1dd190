"""The acts of ingestion: ask for a load, and carry a run from one state to the next. Knows nothing of Spark."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from ingestion.feeds import adapter_of
from party_hub.chain import Step, hand_over

from .models import Feed, FeedRun, RejectedRow, RunState, SeenEvent, Stage

INTERRUPTED = (
    "The process that ran it ended before it was done. Load the file again: nothing is lost and nothing comes twice."
)


class CannotLoad(Exception):
    """The load cannot be started; the text says why."""


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
def create_run(*, feed: str, location: str = "", actor: str) -> FeedRun:
    """A new run of `feed` on the file at `location` (else the feed's own), queued. Raises CannotLoad."""
    found = loadable_feed(feed)
    location = location or found.location
    if not location:
        raise CannotLoad(
            f"The feed {feed} has no location. Name the file, or set the location in the admin under Feeds."
        )
    adapter_of(found.adapter)
    return FeedRun.objects.create(feed=found, location=location, requested_by=actor)


@transaction.atomic
def request_load(*, feed: str, location: str = "", actor: str) -> FeedRun:
    """Ask the Spark worker to load the file; gives the run to watch. Raises CannotLoad."""
    run = create_run(feed=feed, location=location, actor=actor)
    hand_over(Step.LOAD_FEED, run_id=run.pk)
    return run


@transaction.atomic
def start_run(*, run: FeedRun, task_id: str = "") -> None:
    """Mark `run` as running. The caller holds the feed's lock, so any other run that says so is dead and is closed."""
    dead = FeedRun.objects.filter(feed=run.feed_id, state=RunState.RUNNING).exclude(pk=run.pk)
    dead.update(state=RunState.FAILED, error=INTERRUPTED, finished_at=Now())
    run.rejects.all().delete()
    zero = dict.fromkeys(("done", "total", "landed", "accepted", "quarantined"), 0)
    _set(run, state=RunState.RUNNING, stage=Stage.LAND, task_id=task_id, started_at=Now(), error="", seconds={}, **zero)


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
