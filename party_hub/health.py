"""Is the hub fit? One probe for each thing it needs, each with its own time-out.

Packages above the kernel add probes of their own with `@probe` in a module called `health`, which is found by its name.
"""

import shutil
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from party_hub.embedded import java
from party_hub.events import kafka
from party_hub.models import OutboxEvent

PATIENCE = 10.0  # seconds for all probes together; they run side by side
QUEUES = ("default", "spark")
LATE = 300.0  # seconds that an event may wait for the relay


class UnfitError(Exception):
    """A probe's verdict, in words for an operator."""


@dataclass(frozen=True)
class Finding:
    """What a probe found. `numbers` are for machines, `detail` is for people."""

    name: str
    fit: bool
    detail: str
    seconds: float = 0.0
    numbers: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As `health_check --json` prints it."""
        return {**asdict(self), "seconds": round(self.seconds, 3)}


Answer = tuple[str, dict[str, Any]]
PROBES: dict[str, Callable[[], Answer]] = {}
READY: set[str] = set()


def probe(name: str, *, ready: bool = False) -> Callable[[Callable[[], Answer]], Callable[[], Answer]]:
    """Register a probe: it returns detail and numbers, or raises. `ready` ones decide whether web traffic may come."""

    def register(check: Callable[[], Answer]) -> Callable[[], Answer]:
        PROBES[name] = check
        if ready:
            READY.add(name)
        return check

    return register


def ready() -> list[Finding]:
    """The few cheap probes without which no page and no call works."""
    return examine(READY, patience=3.0)


def examine(names: Collection[str] | None = None, *, patience: float = PATIENCE) -> list[Finding]:
    """Run the probes (None: all) side by side. One that has not answered in time counts as unfit."""
    if names is None or not set(names) <= PROBES.keys():
        autodiscover_modules("health")
    chosen = [name for name in PROBES if names is None or name in names]
    found: dict[str, Finding] = {}
    threads = [threading.Thread(target=_examine_one, args=(name, found), daemon=True) for name in chosen]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + patience
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    silent = f"no answer within {patience:.0f} s"
    return [found.get(name) or Finding(name, False, silent, patience) for name in chosen]


def _examine_one(name: str, found: dict[str, Finding]) -> None:
    started = time.monotonic()
    try:
        detail, numbers = PROBES[name]()
        found[name] = Finding(name, True, detail, time.monotonic() - started, numbers)
    except Exception as problem:  # whatever a probe meets is its finding
        detail = str(problem) if isinstance(problem, UnfitError) else f"{type(problem).__name__}: {problem}".strip()
        found[name] = Finding(name, False, detail.splitlines()[0], time.monotonic() - started)
    finally:
        connection.close()  # this thread's own


@probe("database", ready=True)
def database() -> Answer:
    """PostgreSQL answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        (version,) = cursor.fetchone()
    return f"PostgreSQL {version}", {}


@probe("migrations")
def migrations() -> Answer:
    """The database has the shape that this code expects."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise UnfitError(f"{len(missing)} migrations are not applied: run manage.py migrate")
    return "all applied", {}


@probe("cache", ready=True)
def redis_cache() -> Answer:
    """The cache keeps what it is given."""
    token = str(time.monotonic_ns())
    cache.set(f"health:{token}", token, timeout=10)
    if cache.get(f"health:{token}") != token:
        raise UnfitError("the cache forgot what it was just given")
    return "keeps what it is given", {}


@probe("workers")
def workers() -> Answer:
    """Each queue has a worker that answers."""
    answers = current_app.control.inspect(timeout=3.0).active_queues() or {}
    counts = {
        queue: sum(any(held["name"] == queue for held in held_by) for held_by in answers.values()) for queue in QUEUES
    }
    if idle := [queue for queue, count in counts.items() if not count]:
        raise UnfitError(f"no worker answers for {', '.join(idle)}")
    return ", ".join(f"{queue}: {count}" for queue, count in counts.items()), counts


@probe("broker")
def broker() -> Answer:
    """The Kafka brokers answer."""
    count = kafka.broker_count(timeout=5)
    return f"{count} answer", {"brokers": count}


@probe("java")
def java_for_spark() -> Answer:
    """There is a Java that Spark can start on, and Spark itself."""
    home = settings.JAVA_HOME or java.find(settings.HUB_HOME)
    version, _modules = java.inspect(Path(home))
    if version and version < java.OLDEST:
        raise UnfitError(f"Java {version} in {home} is too old for Spark: {java.OLDEST} or newer is needed")
    if find_spec("pyspark") is None:
        raise UnfitError("pyspark is not installed")
    return f"{home}", {"version": version}


@probe("disk")
def disk() -> Answer:
    """The machine has room to work."""
    free = shutil.disk_usage(settings.HUB_HOME if settings.HUB_HOME.exists() else "/").free
    if free < 1024**3:
        raise UnfitError(f"only {free // 1024**2} MB are free")
    return f"{free // 1024**3} GB free", {"free_bytes": free}


@probe("outbox")
def outbox() -> Answer:
    """Events leave the outbox."""
    waiting = OutboxEvent.objects.filter(published_at=None).aggregate(count=Count("id"), oldest=Min("created_at"))
    age = (timezone.now() - waiting["oldest"]).total_seconds() if waiting["oldest"] else 0.0
    if age > LATE:
        raise UnfitError(f"{waiting['count']} events wait, the oldest for {age:.0f} s: does relay_events run?")
    return f"{waiting['count']} events wait", {"waiting": waiting["count"], "oldest_seconds": round(age, 1)}
