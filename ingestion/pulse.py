"""Watches over a run while it works: tells how far Spark is, and stops the work when somebody has asked for that."""

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from django.db import Error as DatabaseFailure
from django.db import connection, connections

from .actions import note_progress
from .models import FeedRun

_EVERY = 1.0  # seconds
_LOG = logging.getLogger(__name__)


class Cancelled(Exception):
    """Somebody has asked for the run to stop."""


class Pulse:
    """A thread beside the one that loads, with a connection of its own, while the `with` block lasts.

    Once the run is to stop, `stop` is called every second until the block is left: what is at work in Spark or in
    PostgreSQL then breaks off, and `check` raises Cancelled.
    """

    def __init__(self, run: FeedRun, progress: Callable[[], tuple[int, int] | None], stop: Callable[[], None]):
        self._run, self._progress, self._stop = run, progress, stop
        self._ended, self._cancelled = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"pulse of run {run.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def cancelled(self) -> bool:
        """True once the run is to stop."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise Cancelled once the run is to stop."""
        if self.cancelled:
            raise Cancelled

    def _beat(self) -> None:
        try:
            while not self._ended.wait(_EVERY):
                try:
                    self._look()
                except DatabaseFailure:  # its own run will notice
                    _LOG.warning("The pulse found no database", extra={"run": self._run.pk})
                    connection.close_if_unusable_or_obsolete()
        finally:
            connections.close_all()

    def _look(self) -> None:
        asked = FeedRun.objects.filter(pk=self._run.pk).exclude(cancelled_by="").exists()
        if asked:
            self._cancelled.set()
            self._stop()
        elif found := self._progress():
            note_progress(run=self._run, done=found[0], total=found[1])
