"""The main job of the demo: sample feeds in, golden records out, each step by the way that operators use."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.db.models import Count, Sum
from django.utils import timezone

from ingestion.actions import CannotLoad, request_load
from ingestion.models import FeedRun, RunState
from ingestion.sample import write_sample as write_feeds
from matching.models import MatchRun
from party_hub import health
from party_hub.chain import Step
from party_hub.events import kafka
from party_hub.events.catalog import Topic
from party_hub.management.stages import Stages
from party_hub.models import GoldenRecord, OutboxEvent, Party, SourceRecord, UnresolvedRecord
from stewardship.actions.refresh_tasks import refresh_tasks

FEEDS = {"crm": "crm.csv", "dnb": "dnb.csv", "markit": "markit.xml"}
EVENTS = "events.jsonl"
SEED = 1
BATCH = 2_000
PATIENCE = 3_600.0  # seconds for one step, at any size


def write_sample(stages: Stages, records: int) -> Path:
    """Write the sample feeds, unless they lie there already."""
    folder: Path = settings.HUB_HOME / "sample" / str(records)
    with stages.stage("Write sample feeds") as stage:
        if not (folder / "complete").exists():
            write_feeds(records=records, seed=SEED, out=folder)
            (folder / "complete").touch()
        stage.told = f"{records:,} records in {folder}"
    return folder


def is_done(folder: Path) -> bool:
    """Whether this very sample has been taken in by this database before."""
    marker = folder / "loaded"
    return marker.exists() and marker.read_text() == _database_id()


def run(stages: Stages, folder: Path) -> None:
    """Load the feeds, match, send the events, and wait until the queue is filled and everything is published."""
    since = timezone.now()
    for feed_run in _ask_for_loads(folder):
        with stages.stage(f"Load {feed_run.feed_id}") as stage:
            _wait(f"the Spark worker loads {feed_run.feed_id}", lambda feed_run=feed_run: _is_over(feed_run))  # type: ignore[misc]
            if feed_run.state == RunState.FAILED:
                raise CommandError(f"Loading {feed_run.feed_id} failed: {feed_run.error}")
            stage.told = f"{feed_run.landed:,} rows, {feed_run.created:,} new, {feed_run.quarantined:,} quarantined"
    with stages.stage("Match") as stage:
        _wait("the Spark worker matches the records", lambda: _is_matched(since))
        stage.told = _matches_told(since)
    with stages.stage("Take in events") as stage:
        sent = send_events(folder / EVENTS)
        _wait("the listener takes in the events", _all_heard)
        stage.told = f"{sent:,} sent, heard and matched"
    with stages.stage("Fill the review queue") as stage:
        stage.told = f"{refresh_tasks().as_dict()['open']:,} tasks wait"
    with stages.stage("Publish") as stage:
        _wait("the relay publishes the outbox", lambda: not OutboxEvent.objects.filter(published_at=None).exists())
        stage.told = f"{OutboxEvent.objects.count():,} events"
    (folder / "loaded").write_text(_database_id())


def _ask_for_loads(folder: Path) -> list[FeedRun]:
    """All at once: the Spark worker takes one after the other, and matches when the last has come in."""
    try:
        return [request_load(feed=feed, location=str(folder / file), actor="command") for feed, file in FEEDS.items()]
    except CannotLoad as problem:
        raise CommandError(str(problem)) from None


def _is_over(feed_run: FeedRun) -> bool:
    feed_run.refresh_from_db()
    return not feed_run.live


def _is_matched(since: datetime) -> bool:
    runs = MatchRun.objects.filter(started_at__gte=since)
    failed = runs.filter(state=MatchRun.State.FAILED).first()
    if failed is not None:
        raise CommandError(f"Matching failed: {failed.error}")
    return not UnresolvedRecord.objects.exists() and not runs.filter(state=MatchRun.State.RUNNING).exists()


def _matches_told(since: datetime) -> str:
    runs = MatchRun.objects.filter(started_at__gte=since)
    sums = runs.aggregate(pairs=Sum("pairs"), automatic=Sum("automatic"), suggested=Sum("suggested"))
    return ", ".join(f"{count or 0:,} {name}" for name, count in sums.items())


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
        ("parties", f"{Party.objects.filter(status='active').count():,}"),
        ("golden records", f"{GoldenRecord.objects.count():,}"),
        ("events published", f"{OutboxEvent.objects.exclude(published_at=None).count():,}"),
    ]


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
    (listener,) = health.examine({"listener"})
    return listener.numbers.get("lag") == 0 and not UnresolvedRecord.objects.exists()


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
