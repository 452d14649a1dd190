"""`manage.py resolve_stream`: the listener's path without a broker, record by record, timed."""

import json as jsonlib
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.db import DataError, IntegrityError
from tqdm import tqdm

from matching.actions.resolve_records import resolve_records
from matching.intake import BadAttributes, incoming_record
from party_hub.actions.errors import NotFound
from party_hub.actions.register_records import register_records
from party_hub.domain.identity import record_id

ACTOR = "system:stream"


class Command(BaseCommand):
    """Registers and resolves source records one by one from lines of JSON."""

    help = "Register and resolve the records of a JSON-lines file one by one; prints records/s and latencies."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path, metavar="FILE.jsonl")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, file: Path, json: bool, **options: Any) -> None:
        """Resolve all lines and report."""
        if not file.is_file():
            raise CommandError(f"No such file: {file}")
        seconds: list[float] = []
        rejected = 0
        began = time.perf_counter()
        for event in tqdm(_events(file), unit=" records", disable=json or not self.stderr.isatty()):
            at = time.perf_counter()
            try:
                _resolve(event)
            except (BadAttributes, NotFound, DataError, IntegrityError) as problem:
                rejected += 1
                print(f"{event['source']} {event['key']} rejected: {problem}", file=sys.stderr)
            seconds.append(time.perf_counter() - at)
        elapsed = time.perf_counter() - began
        p50, p95, p99 = (round(1000 * float(value), 2) for value in np.percentile(seconds or [0.0], [50, 95, 99]))
        report = {
            "records": len(seconds),
            "rejected": rejected,
            "seconds": round(elapsed, 3),
            "records_per_second": round(len(seconds) / elapsed, 1),
        }
        report |= {"p50_ms": p50, "p95_ms": p95, "p99_ms": p99}
        self.stdout.write(
            jsonlib.dumps(report)
            if json
            else f"{len(seconds):,} records, {report['records_per_second']} a second; "
            f"p50 {p50} ms, p95 {p95} ms, p99 {p99} ms."
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


def _resolve(event: dict[str, Any]) -> None:
    """As the listener and the worker do together: register, then resolve what has changed."""
    incoming = incoming_record(
        key=event["key"],
        party_type=event.get("party_type") or "",
        attributes=event.get("attributes"),
        effective_at=event.get("effective_at"),
        location=f"event:{event.get('id', '')}",
        op=event["op"],
    )
    registered = register_records(source=event["source"], records=[incoming], actor=ACTOR)
    if registered.changed:
        resolve_records(records=[record_id(event["source"], incoming.key)], actor=ACTOR)
