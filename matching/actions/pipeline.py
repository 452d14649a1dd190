"""Matching and resolving at one time: while a piece of work is matched here, another process resolves the one before.

Both are half PostgreSQL and half Python, so one process after the other leaves half of the machine idle. What is
matched waits in `UnresolvedRecord` until it is resolved, so wherever this stops nothing is lost.
"""

from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Self
from uuid import UUID

from django.db import connection, transaction

from matching.actions.match_records import Matched, match_records, one_at_a_time
from matching.engine.candidates import Stages
from matching.engine.local import match_all
from matching.engine.model import Model
from party_hub.actions.resolution import Resolution
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.actions.side_by_side import Child
from party_hub.actions.waiting import Waiting, waiting_since
from party_hub.events.catalog import Cause


class Pipeline:
    """Takes records piece by piece. It resolves by itself where it is to work `alone`, and inside a transaction, which
    no other process sees.
    """

    def __init__(self, *, model: Model, actor: str, alone: bool = False) -> None:
        self._model, self._cause = model, Cause(actor=actor, rule="resolve")
        self._stack = ExitStack()
        alone = alone or connection.in_atomic_block
        self._child = None if alone else self._stack.enter_context(Child(self._cause))
        self._thread = self._stack.enter_context(ThreadPoolExecutor(1))
        self._begun: Future[Resolution] | None = None
        self._in_hand: Waiting = {}
        self.resolution = Resolution()

    def take(self, records: Collection[UUID], stages: Stages) -> tuple[Matched, Future[Resolution]]:
        """What a matching of these records finds, and what will have become of their parties.

        `stages` is told how long matching took, and waiting for the piece before to be resolved. Raises ChunkFailed
        where the other process has given up on that.
        """
        if not records:
            return Matched(), _done(Resolution())
        with one_at_a_time():
            waiting = waiting_since(records)
            with stages.time("match"), self._soon_durable():
                matched = match_records(model=self._model, records=records, runner=match_all, in_hand=self._in_hand)
        with stages.time("resolve"):
            self.catch_up()
            self._in_hand = waiting | matched.reached
            self._begun = self._resolve([*map(str, records), *matched.reached], self._in_hand)
        return matched, self._begun

    @contextmanager
    def _soon_durable(self) -> Iterator[None]:
        """A transaction that need not wait for its log to be on disk: what it writes is derived, and what is resolved
        after it waits for both."""
        with transaction.atomic():
            if self._child:
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL synchronous_commit = off")
            yield

    def get_ready(self) -> None:
        """Waits until the other process has started."""
        self._begun = self._resolve([], {})
        self.catch_up()

    def catch_up(self) -> None:
        """Waits until all that was taken is resolved. Raises ChunkFailed."""
        if self._begun:
            self.resolution.add(self._begun.result())
            self._begun, self._in_hand = None, {}

    def _resolve(self, records: list[str], settled: Waiting) -> Future[Resolution]:
        if child := self._child:
            return self._thread.submit(lambda: Resolution.of_json(child.resolve(records, settled, whole=False)))
        cause = self._cause
        return _done(resolve_parties(records=records, actor=cause.actor, cause=cause, settled=settled))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.__exit__(kind, error, at)


def _done(resolution: Resolution) -> Future[Resolution]:
    done = Future[Resolution]()
    done.set_result(resolution)
    return done
