"""Celery tasks of ingestion. Spark is imported only where a task runs."""

import logging
from typing import Any

from celery import shared_task

from party_hub.chain import Step, hand_over

log = logging.getLogger(__name__)


@shared_task(name=str(Step.LOAD_FEED), bind=True, max_retries=None)
def load_feed(self: Any, run_id: int | None = None, feed: str = "") -> dict[str, Any] | None:
    """Load a queued run; or, as the schedule asks, the file at the location of `feed`. Then the records are matched.

    Can be run again: a run that is over stays as it is, one whose worker died goes on where it was.
    """
    from ingestion import loading
    from ingestion.actions import create_run
    from ingestion.models import Feed, FeedRun
    from ingestion.run_lock import Busy

    if run_id is None:
        scheduled = Feed.objects.filter(name=feed, active=True).exclude(location="").exclude(location__endswith="/")
        if not scheduled.exists():  # nothing to load, or loaded as it arrives
            return None
        run = create_run(feed=feed, actor="schedule")
    else:
        run = FeedRun.objects.select_related("feed").get(pk=run_id)
    if not run.live:
        return run.counts()
    try:
        loading.load(run, task_id=self.request.id or "", again=True)
    except Busy as problem:
        raise self.retry(kwargs={"run_id": run.pk, "feed": feed}, countdown=10, exc=problem) from problem
    except loading.LoadFailed as problem:
        return {"run": run.pk, "error": str(problem)}
    if loading.changed(run):
        hand_over(Step.MATCH)
    return run.counts()


@shared_task(name="ingestion.request_arrivals")
def request_arrivals() -> list[int]:
    """Ask for the loads of files that have arrived where feeds watch; gives the runs."""
    from ingestion.arrivals import request_all_arrivals

    runs, problems = request_all_arrivals(actor="schedule")
    for feed, problem in problems.items():
        log.warning("Cannot look for new files", extra={"feed": feed, "problem": problem})
    return [run.pk for run in runs]


@shared_task(name="ingestion.tidy_lake")
def tidy() -> int:
    """Remove from the lake what it need not keep any longer; gives how many sets."""
    from ingestion.retention import tidy_lake

    return tidy_lake().count


@shared_task(name="ingestion.recover_runs")
def recover() -> int:
    """Find runs that died or got lost, and hand them over again; gives how many."""
    from ingestion.actions import recover_runs

    return recover_runs()


@shared_task(name="ingestion.note_backlog")
def count_backlog() -> int:
    """Count what waits before the listener, for the pages; gives how many events."""
    from ingestion.backlog import note_backlog

    return note_backlog().events


@shared_task(name=str(Step.REPLAY_DEAD_LETTERS))
def replay_letters(actor: str) -> int:
    """Send the dead letters to the listener again; gives how many."""
    from ingestion.backlog import note_backlog
    from ingestion.dead_letters import replay_dead_letters

    replayed = replay_dead_letters(actor=actor)
    note_backlog()
    return replayed


@shared_task(name="ingestion.take_in_events")
def take_in_events(events: list[dict[str, Any]], actor: str) -> dict[str, Any]:
    """Take single records in as events are; gives their records' ids, why others were refused (by position), and how
    many values nothing could be made of (by field).
    """
    from ingestion.intake import take_in

    taken = take_in(events, actor=actor)
    return {
        "changed": taken.changed,
        "records": [str(record) for record in taken.records],
        "refused": {str(at): reason for at, reason in taken.refused.items()},
        "unread": dict(taken.unread),
    }


@shared_task(name=str(Step.REPLAY_REJECTS))
def replay_rejects(wanted: dict[str, Any], actor: str) -> dict[str, int]:
    """Replay all open rows of a `RejectFilter` (as its fields), a thousand a transaction, the newest first."""
    from ingestion.quarantine.actions import MOST_AT_ONCE, replay_rows
    from ingestion.quarantine.queries import RejectFilter, rejects_where

    rows, before = rejects_where(RejectFilter(**wanted)), None
    done = {"accepted": 0, "refused": 0}
    while ids := list((rows.filter(pk__lt=before) if before else rows).values_list("pk", flat=True)[:MOST_AT_ONCE]):
        replayed = replay_rows(ids=ids, actor=actor)
        done["accepted"] += replayed.accepted
        done["refused"] += replayed.refused
        before = ids[-1]
    return done
