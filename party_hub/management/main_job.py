"""The main job of the demo: sample feeds in, golden records out, each step by the way that operators use."""

import io
import json
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.models import Count

from party_hub import health
from party_hub.chain import Step
from party_hub.events import kafka
from party_hub.events.catalog import Topic
from party_hub.management.stages import Stages
from party_hub.models import GoldenRecord, OutboxEvent, Party, SourceRecord, UnresolvedRecord

FEEDS = {"crm": "crm.csv", "dnb": "dnb.csv", "markit": "markit.xml"}
EVENTS = "events.jsonl"
SEED = 1
BATCH = 2_000
PATIENCE = 3_600.0  # seconds for one step, at any size


def report(command: str, *arguments: str) -> dict[str, Any]:
    """Run a management command with `--json` and give what it reports."""
    out = io.StringIO()
    call_command(command, *arguments, "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue().strip().splitlines()[-1])
    return answer


def write_sample(stages: Stages, records: int) -> Path:
    """Write the sample feeds, unless they lie there already."""
    folder: Path = settings.HUB_HOME / "sample" / str(records)
    with stages.stage("Write sample feeds") as stage:
        if not (folder / "complete").exists():
            report("sample_feeds", "--records", str(records), "--seed", str(SEED), "--out", str(folder))
            (folder / "complete").touch()
        stage.told = f"{records:,} records in {folder}"
    return folder


def is_done(folder: Path) -> bool:
    """Whether this very sample has been taken in by this database before."""
    marker = folder / "loaded"
    return marker.exists() and marker.read_text() == _database_id()


def run(stages: Stages, folder: Path) -> None:
    """Load the feeds, send the events, match, fill the queue, and wait until everything is published."""
    for feed, file in FEEDS.items():
        with stages.stage(f"Load {feed}") as stage:
            loaded = report("load_feed", feed, str(folder / file), "--wait")
            stage.told = _counts(loaded, "landed accepted quarantined created")
    with stages.stage("Match") as stage:
        stage.told = _counts(report("match"), "pairs automatic suggested clusters_changed")
    with stages.stage("Send events") as stage:
        sent = send_events(folder / EVENTS)
        _wait("the listener takes in the events", _all_heard)
        stage.told = f"{sent:,} events sent, heard and matched"
    with stages.stage("Fill the review queue") as stage:
        stage.told = _counts(report("refresh_tasks"), "opened open")
    with stages.stage("Publish") as stage:
        _wait("the relay publishes the outbox", lambda: not OutboxEvent.objects.filter(published_at=None).exists())
        stage.told = f"{OutboxEvent.objects.count():,} events told"
    (folder / "loaded").write_text(_database_id())


def send_events(file: Path) -> int:
    """Send each line of the file to the topic that the listener reads; raises where one does not arrive."""
    sent = 0
    with file.open(encoding="utf-8") as lines, kafka.Producer() as producer:
        for batch in _batches(lines):
            messages = [kafka.Message(Topic.RECORDS, _key(line), line.encode()) for line in batch]
            failed = [problem for problem in producer.deliver(messages) if problem]
            if failed:
                raise CommandError(f"{len(failed)} events did not reach the broker: {failed[0]}")
            sent += len(messages)
    return sent


def refill_topics() -> None:
    """Tell the golden records again, to a broker that has forgotten them (the embedded one keeps topics in memory)."""
    if GoldenRecord.objects.exists():
        current_app.send_task(str(Step.PUBLISH_SNAPSHOT))


def totals() -> list[tuple[str, str]]:
    """What the hub holds now."""
    counted = SourceRecord.objects.order_by("source").values_list("source").annotate(Count("id"))
    by_source = dict(counted)
    apart = ", ".join(f"{source} {count:,}" for source, count in by_source.items())
    return [
        ("source records", f"{sum(by_source.values()):,} ({apart})"),
        ("parties", f"{Party.objects.filter(status="active").count():,}"),
        ("golden records", f"{GoldenRecord.objects.count():,}"),
        ("events published", f"{OutboxEvent.objects.exclude(published_at=None).count():,}"),
    ]


def _counts(answer: dict[str, Any], names: str) -> str:
    return ", ".join(f"{answer[name]:,} {name.replace('_', ' ')}" for name in names.split() if name in answer)


def _key(line: str) -> str:
    event = json.loads(line)
    return f"{event['source']}/{event['key']}"


def _batches(lines: Iterator[str]) -> Iterator[list[str]]:
    stripped = (line.strip() for line in lines)
    told = (line for line in stripped if line)
    while batch := list(islice(told, BATCH)):
        yield batch


def _all_heard() -> bool:
    """The listener has nothing before it, and what it took in is matched."""
    listener = health.examine({"listener"})
    return all(one.fit and not one.numbers.get("lag") for one in listener) and not UnresolvedRecord.objects.exists()


def _wait(what: str, done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > deadline:
            logs = settings.HUB_HOME / "logs"
            raise CommandError(f"Waited {PATIENCE:.0f} s in vain until {what}. See the logs in {logs}.")
        time.sleep(0.5)


def _database_id() -> str:
    """What tells this database from one that was made anew under the same address."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        (number,) = cursor.fetchone()
        cursor.execute("SELECT min(applied)::text FROM django_migrations")
        (since,) = cursor.fetchone()
    return f"{number} {since}"
