"""Bulk chunks of a resolution on every core: survivorship is Python's work, for which a process has one core.

The processes are children that run `manage.py resolve_chunks` and speak JSON lines over pipes. A plain pool of
processes would not do: a Celery worker may not have one, and its children would outlive a parent that was killed. These
end with their pipe.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import connection

from party_hub.events.catalog import Cause

from .waiting import Waiting

COMMAND = (sys.executable, str(settings.BASE_DIR / "manage.py"), "resolve_chunks")


class ChunkFailed(Exception):
    """A child gave up on its chunk; it has said why on its standard error. What the chunk held goes on waiting."""


class Child:
    """One process that resolves chunk after chunk on a connection of its own."""

    def __init__(self, cause: Cause) -> None:
        self._process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        self._say({"database": connection.settings_dict["NAME"], "cause": cause.as_json()})

    def resolve(self, chunk: list[str], settled: Waiting, *, whole: bool = True) -> dict[str, Any]:
        """What became of the chunk, which is `whole` where it is joined to no other record. Raises ChunkFailed."""
        since = {record: settled[record] for record in chunk if record in settled}
        self._say({"records": chunk, "settled": since, "whole": whole})
        assert self._process.stdout
        if not (answer := self._process.stdout.readline()):
            raise ChunkFailed(f"a process that resolves parties ended with exit status {self._process.wait()}")
        told: dict[str, Any] = json.loads(answer)
        return told

    def _say(self, message: dict[str, Any]) -> None:
        assert self._process.stdin
        with suppress(BrokenPipeError):  # it is gone; reading its answer will tell
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin
        assert self._process.stdout
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def side_by_side(chunks: Iterable[list[str]], cause: Cause, settled: Waiting) -> Iterator[dict[str, Any]]:
    """The answer of `resolve_chunks` for each chunk, as they come in.

    Few chunks are on their way at a time. Where one fails those on their way are finished and no more begun. Raises
    ChunkFailed.
    """
    with ExitStack() as stack:
        idle: SimpleQueue[Child] = SimpleQueue()
        for _ in range(settings.RESOLVE_PROCESSES):
            idle.put(stack.enter_context(Child(cause)))

        def resolve(chunk: list[str]) -> dict[str, Any]:
            child = idle.get()
            try:
                return child.resolve(chunk, settled)
            finally:
                idle.put(child)

        threads = stack.enter_context(ThreadPoolExecutor(settings.RESOLVE_PROCESSES))
        yield from _as_they_end(threads, resolve, chunks)


def _as_they_end(
    threads: ThreadPoolExecutor, resolve: Callable[[list[str]], dict[str, Any]], chunks: Iterable[list[str]]
) -> Iterator[dict[str, Any]]:
    begun: set[Future[dict[str, Any]]] = set()
    try:
        for chunk in chunks:
            begun.add(threads.submit(resolve, chunk))
            if len(begun) >= 2 * settings.RESOLVE_PROCESSES:
                ended, begun = wait(begun, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in ended)
        while begun:
            ended, begun = wait(begun, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in ended)
    finally:
        threads.shutdown(cancel_futures=True)
