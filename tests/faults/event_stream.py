"""A stream of events as a broker brings it on a bad day, and a listener that is killed while it takes it in.

Used by a test with a few thousand events and by the benchmark with fifty thousand.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from ingestion.dead_letters import waiting_dead_letters
from ingestion.listener import GROUP
from ingestion.models import SeenEvent
from party_hub.events import kafka
from party_hub.events.catalog import Topic
from party_hub.models import SourceRecord

TWICE, GARBAGE, WITHDRAWN = 0.1, 0.01, 0.05
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_NONSENSE = (b"{", b"\xff\xfe", b"[]", b'{"id": 1}', b"", b'{"id":"x","source":"nobody","key":"k","op":"withdraw"}')
_PATIENCE = 300.0


@dataclass(frozen=True)
class Stream:
    """`clean`: each event once and in order. `messages`: the same with repetitions, disorder and garbage."""

    clean: list[dict[str, Any]]
    messages: list[kafka.Message]
    garbage: int


def stream(events: int, seed: int = 1) -> Stream:
    """So many events on a fifth as many records."""
    chance = random.Random(seed)
    clean = [_event(number, chance, events // 5) for number in range(events)]
    sent = [kafka.Message(Topic.RECORDS, one["key"], json.dumps(one).encode()) for one in clean]
    sent += chance.sample(sent, int(events * TWICE))
    garbage = max(len(_NONSENSE), int(events * GARBAGE))
    sent += [kafka.Message(Topic.RECORDS, f"g{at}", _NONSENSE[at % len(_NONSENSE)]) for at in range(garbage)]
    chance.shuffle(sent)
    return Stream(clean, sent, garbage)


def _event(number: int, chance: random.Random, records: int) -> dict[str, Any]:
    told = {
        "id": f"e{number}",
        "source": "events",
        "key": f"K{chance.randrange(records)}",
        "op": "withdraw" if chance.random() < WITHDRAWN else "upsert",
        "effective_at": (_FIRST + timedelta(seconds=number)).isoformat(),
        "party_type": "person",
    }
    if told["op"] == "upsert":
        name = {"given": chance.choice(("Ann", "Ben", "Cleo", "Dan")), "family": f"Smith{chance.randrange(50)}"}
        street = {"street": f"{chance.randrange(99)} Mill Lane", "city": "Leeds", "country": "GB"}
        told["attributes"] = {"names": [name], "addresses": [street], "phones": [f"+44 113 496 {number % 10_000:04}"]}
    return told


def facts() -> dict[str, tuple[Any, ...]]:
    """What is known of each record in the end. A record that is withdrawn says nothing but that."""
    rows = SourceRecord.objects.filter(source="events").values_list(
        "key", "withdrawn_at", "effective_at", "party_type", "content_hash"
    )
    return {key: (gone, moment) if gone else (moment, *said) for key, gone, moment, *said in rows}


def forget() -> None:
    """Empty the hub of records."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE party_hub_sourcerecord, party_hub_unresolvedrecord, ingestion_seenevent CASCADE")


def send(messages: Sequence[kafka.Message]) -> None:
    """Put them all on the topic."""
    with kafka.Producer() as producer:
        failed = [reason for reason in producer.deliver(messages) if reason]
    if failed:
        raise RuntimeError(f"The broker did not take {len(failed)} messages: {failed[0]}")


@contextmanager
def listening(env: dict[str, str], batch: int) -> Iterator["subprocess.Popen[bytes]"]:
    """The listener, in a process of its own."""
    command = [sys.executable, "manage.py", "listen_events", "--batch", str(batch)]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def take_in(env: dict[str, str], sent: Stream, *, kills: Sequence[float], batch: int) -> float:
    """Let a listener take `sent` in, killed -9 when it has come to each share of `kills`; gives its events a second
    after the last of them.
    """
    for share in kills:
        with listening(env, batch) as process:
            _wait_for(int(share * len(sent.clean)), process)
            os.kill(process.pid, signal.SIGKILL)
    before = SeenEvent.objects.count()
    with listening(env, batch) as process:
        _wait_for(before + 1, process)
        begun, first = time.monotonic(), SeenEvent.objects.count()
        _wait_for(len(sent.clean), process)
        rate = (len(sent.clean) - first) / (time.monotonic() - begun)
        deadline = time.monotonic() + _PATIENCE
        while kafka.lag(GROUP, [Topic.RECORDS])[Topic.RECORDS] and time.monotonic() < deadline:
            time.sleep(0.2)
        process.terminate()
        process.wait(timeout=60)
    return rate


def _wait_for(events: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _PATIENCE
    while SeenEvent.objects.count() < events:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The listener stopped at {SeenEvent.objects.count()} of {events} events.")
        time.sleep(0.02)


def letters() -> set[tuple[bytes, bytes]]:
    """Where the messages lay that went to the dead letters; one that was refused twice counts once."""
    assert waiting_dead_letters()
    return {(one.headers["partition"], one.headers["offset"]) for one in kafka.read_whole(Topic.DEAD_LETTERS)}
