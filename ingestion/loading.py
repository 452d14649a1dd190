"""Carries runs out, one of a feed at a time. Imported by whoever has Spark, never by the web.

A run may die anywhere. The zones of the lake show only whole sets; source records, rejected rows and the run's success
are written in one transaction; so a run that died goes on at the stage where it was, and nothing is lost or doubled.
"""

import logging
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

from ingestion.quality.check import QualityError
from ingestion.spark import job
from ingestion.spark.session import cancel_jobs, tasks_done
from party_hub.actions.register_records import Registered

from .actions import cancelled_run, fail_run, interrupt_run, interrupted_runs, start_run
from .full_files import Held
from .lake import LakeAway, LakeError
from .landing import BadFile
from .models import FeedRun
from .pulse import Cancelled, Pulse
from .run_lock import alone
from .stages import Load, Watch
from .unpacking import BadArchive

_LOG = logging.getLogger(__name__)


class LoadFailed(Exception):
    """The load failed; the run says why, and so does the text."""


def load(run: FeedRun, *, task_id: str = "", watch: Watch = lambda run: None, again: bool = False) -> FeedRun:
    """Carry `run` out, from the stage where it broke off if it did; gives it when it is over or back in the queue.

    `watch` is called whenever it has come further. With `again` a run that breaks off by no fault of its file is put
    back into the queue. Raises LoadFailed where the file or the lake is at fault (the run says why), Busy where another
    run of the feed is at work. Older runs of the feed that broke off are carried out first, so that no older file
    comes after a newer one.
    """
    with alone(run.feed_id):
        for older in interrupted_runs(run.feed_id, before=run.pk):
            with suppress(LoadFailed):
                _carry_out(older, "", lambda run: None, again)
        run.refresh_from_db()
        if run.live:
            _carry_out(run, task_id, watch, again)
    return run


def _carry_out(run: FeedRun, task_id: str, watch: Watch, again: bool) -> None:
    start_run(run=run, task_id=task_id)
    watch(run)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="party-hub-load-") as folder,
            Pulse(run, progress=tasks_done, stop=_break_off(connections[DEFAULT_DB_ALIAS])) as pulse,
        ):
            try:
                Load(run, Path(folder), watch, pulse.check).carry_out()
            except Exception as problem:
                if pulse.cancelled:
                    raise Cancelled from problem
                raise
    except Cancelled:
        cancelled_run(run=run)
    except (BadFile, BadArchive, LakeError, job.RunStopped, QualityError, Held) as problem:
        if again and isinstance(problem, LakeAway):
            interrupt_run(run=run, reason=str(problem))
        else:
            fail_run(run=run, error=str(problem), held=isinstance(problem, Held))
        watch(run)
        raise LoadFailed(str(problem)) from problem
    except (OperationalError, InterfaceError):
        raise  # nothing can be written now; the sweep finds that nobody works at the run
    except Exception as problem:
        _LOG.exception("Load failed", extra={"run": run.pk, "feed": run.feed_id})
        error = (
            f"The load broke off in stage {run.stage} ({type(problem).__name__}). The log of the Spark worker says "
            "why; retry the run when the cause is gone."
        )
        (interrupt_run(run=run, reason=error) if again else fail_run(run=run, error=error))
        watch(run)
        raise
    watch(run)


def _break_off(loading: Any) -> Callable[[], None]:
    """What ends the work in hand, wherever it is: Spark's jobs, or the statement on this connection."""

    def break_off() -> None:
        cancel_jobs()
        if loading.connection is not None:
            loading.connection.cancel()

    return break_off


def changed(run: FeedRun) -> int:
    """How many records wait to be matched after `run`."""
    return Registered(run.created, run.updated, run.unchanged, run.late, run.withdrawn).changed
