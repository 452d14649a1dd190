"""`manage.py resolve_stream`: the listener's path without a broker, in micro-batches, timed."""

import gc
import json as jsonlib
import sys
import time
from argparse import ArgumentParser
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.db import DataError, IntegrityError, connection, connections, transaction
from tqdm import tqdm

from matching.actions.manage_models import ensure_model
from matching.actions.pipeline import Pipeline
from matching.engine.candidates import Stages
from matching.intake import BadAttributes, incoming_record
from matching.queries import active_model
from party_hub.actions.errors import NotFound
from party_hub.actions.register_records import register_records
from party_hub.domain.identity import record_id

ACTOR = "system:stream"
BATCH = 500
BAD = (BadAttributes, NotFound, DataError, IntegrityError)


class Command(BaseCommand):
    """Registers and resolves source records from lines of JSON, a few at a time."""

    help = "Register and resolve the records of a JSON-lines file as they come; prints records/s and ms a record."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and how many records are taken together."""
        parser.add_argument("file", type=Path, metavar="FILE.jsonl")
        parser.add_argument("--batch", type=int, default=BATCH, metavar="N", help=f"records a micro-batch ({BATCH})")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, file: Path, batch: int, json: bool, **options: Any) -> None:
        """Resolve all lines and report."""
        if not file.is_file():
            raise CommandError(f"No such file: {file}")
        if batch < 1:
            raise CommandError("--batch must be at least 1.")
        timed = Timed()
        ensure_model(actor=ACTOR)
        events = iter(tqdm(_events(file), unit=" records", disable=json or not self.stderr.isatty()))
        with Pipeline(model=active_model(), actor=ACTOR) as pipeline, _collecting_by_batch():
            pipeline.get_ready()
            began = time.perf_counter()
            for heard in _heard(iter(lambda: list(islice(events, batch)), [])):
                timed.rejected += heard.rejected
                _take(heard, pipeline, timed)
                gc.collect()
            pipeline.catch_up()
        report = timed.report(time.perf_counter() - began, batch)
        self.stdout.write(jsonlib.dumps(report) if json else _as_text(report))


@contextmanager
def _collecting_by_batch() -> Iterator[None]:
    """A batch makes many objects and hardly a cycle, and what is loaded stays: whoever works looks once a batch."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


@dataclass
class Timed:
    """Milliseconds a record: of a micro-batch, each of its records has the same share.

    End to end is from when a batch is begun until its golden records are committed, while the next is being matched.
    """

    end_to_end: list[float] = field(default_factory=list)
    matching: list[float] = field(default_factory=list)
    rejected: int = 0

    def add(self, records: int, seconds: float, matching: float) -> None:
        if records:
            self.end_to_end += [1000 * seconds / records] * records
            self.matching += [1000 * matching / records] * records

    def report(self, elapsed: float, batch: int) -> dict[str, Any]:
        records = len(self.end_to_end)
        rate = round(records / elapsed, 1) if elapsed else 0.0
        head = {"records": records, "rejected": self.rejected, "batch": batch, "seconds": round(elapsed, 3)}
        return head | {
            "records_per_second": rate,
            **_percentiles(self.end_to_end),
            "matching": _percentiles(self.matching),
        }


def _percentiles(milliseconds: list[float]) -> dict[str, float]:
    found = np.percentile(milliseconds or [0.0], [50, 95, 99])
    return {f"p{part}_ms": round(float(value), 2) for part, value in zip((50, 95, 99), found, strict=True)}


def _as_text(report: dict[str, Any]) -> str:
    matching = report["matching"]
    return (
        f"{report['records']:,} records, {report['records_per_second']} a second in batches of {report['batch']}; "
        f"a record takes {report['p50_ms']} ms (p95 {report['p95_ms']}, p99 {report['p99_ms']}), "
        f"of these {matching['p50_ms']} ms to match (p95 {matching['p95_ms']}, p99 {matching['p99_ms']})."
    )


def _events(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                event = jsonlib.loads(line)
                yield {name: event[name] for name in ("source", "key", "op")} | event
            except (ValueError, KeyError, TypeError) as problem:
                raise CommandError(
                    f"{file}, line {number}: {problem} is missing or the line is no JSON object."
                ) from problem


@dataclass
class Heard:
    """A micro-batch that has been registered: when that began, how many events went in, what they may have changed."""

    began: float
    events: int = 0
    rejected: int = 0
    changed: list[UUID] = field(default_factory=list)


def _heard(batches: Iterable[Sequence[dict[str, Any]]]) -> Iterator[Heard]:
    """Registers each batch while the one before is worked on, as the listener does in a process of its own. Inside a
    transaction, which no other connection sees, one after the other."""
    if connection.in_atomic_block:
        yield from map(_hear, batches)
        return
    with ThreadPoolExecutor(1) as listener:
        ahead = deque[Future[Heard]]()
        for batch in batches:
            ahead.append(listener.submit(_hear, batch))
            if len(ahead) > 1:
                yield ahead.popleft().result()
        yield from (one.result() for one in ahead)
        listener.submit(connections.close_all).result()


def _hear(events: Sequence[dict[str, Any]]) -> Heard:
    heard = Heard(time.perf_counter())
    _register_all(events, heard)
    return heard


def _register_all(events: Sequence[dict[str, Any]], heard: Heard) -> None:
    """What cannot be taken together is taken in halves, so that one bad record stops no other."""
    try:
        with transaction.atomic():
            heard.changed += [record for source, part in _runs(events) for record in _register(source, part)]
        heard.events += len(events)
    except BAD as problem:
        if len(events) > 1:
            middle = len(events) // 2
            _register_all(events[:middle], heard)
            _register_all(events[middle:], heard)
            return
        print(f"{events[0]['source']} {events[0]['key']} rejected: {problem}", file=sys.stderr)
        heard.rejected += 1


def _take(heard: Heard, pipeline: Pipeline, timed: Timed) -> None:
    """As the worker does."""
    stages = Stages()
    _, resolved = pipeline.take(list(dict.fromkeys(heard.changed)), stages)
    resolved.add_done_callback(
        lambda _: timed.add(heard.events, time.perf_counter() - heard.began, stages.seconds.get("match", 0.0))
    )


def _runs(events: Sequence[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Events of one source that follow each other, in their order."""
    for source, part in groupby(events, key=lambda event: str(event["source"])):
        yield source, list(part)


def _register(source: str, events: Sequence[dict[str, Any]]) -> list[UUID]:
    """The records that these events may have changed."""
    said = [
        incoming_record(
            key=event["key"],
            party_type=event.get("party_type") or "",
            attributes=event.get("attributes"),
            effective_at=event.get("effective_at"),
            location=f"event:{event.get('id', '')}",
            op=event["op"],
        )
        for event in events
    ]
    incoming = [record for record, _ in said]
    registered = register_records(source=source, records=incoming, actor=ACTOR)
    for event, (_, unread) in zip(events, said, strict=True):
        if unread:
            print(f"{source} {event['key']} taken without {', '.join(unread)}, which cannot be read", file=sys.stderr)
    return [record_id(source, one.key) for one in incoming] if registered.changed else []
