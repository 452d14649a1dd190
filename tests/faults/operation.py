"""A hub in operation: a stack of servers of its own, with the two workers, any of which a test may kill."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg2
from celery import Celery

from party_hub.embedded import processes, stack

PROJECT = Path(__file__).resolve().parent.parent.parent
WORKERS = {"spark-worker": "spark", "worker": "default"}
_EAGER = 0.003  # seconds between two looks at a run


class Operation:
    """Servers below `home` and workers on their queues; runs are watched and recovered as beat would have it."""

    def __init__(self, home: Path):
        self.home, self.endpoints = home, stack.start(home)
        addresses = {
            "DATABASE_URL": self.endpoints["database_url"],
            "REDIS_URL": self.endpoints["redis_url"],
            "KAFKA_BOOTSTRAP_SERVERS": self.endpoints["kafka_bootstrap_servers"],
            "LAKE_URL": self.endpoints["lake_url"],
            "HUB_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "party_hub.settings",
            "SPARK_MASTER": "local[2]",
            "SPARK_DRIVER_MEMORY": "1g",
        }
        without = {name: text for name, text in os.environ.items() if not name.startswith(("AWS_", "KAFKA_TOPIC"))}
        self._env = {**without, **addresses}
        self._workers: dict[str, subprocess.Popen[bytes]] = {}
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=PROJECT, env=self._env, check=True
        )
        self._tasks = Celery(broker=self.endpoints["redis_url"])
        self.start_workers()

    def start_workers(self) -> None:
        """Start those that do not run."""
        for name, queue in WORKERS.items():
            known = self._workers.get(name)
            if known is None or known.poll() is not None:
                command = ["-m", "celery", "-A", "party_hub.celery", "worker", "-Q", queue, "-n", f"{name}@%h"]
                more = ["--concurrency", "1", "--without-gossip", "--without-mingle"]
                with (self.home / "logs" / f"{name}.log").open("ab") as log:
                    self._workers[name] = subprocess.Popen(
                        [sys.executable, *command, *more], cwd=PROJECT, env=self._env, stdout=log, stderr=log
                    )

    def close(self) -> None:
        """Stop everything."""
        for name in self._workers:
            self.kill(name)
        stack.stop(self.home)

    def kill(self, victim: str) -> None:
        """kill -9 of a server or a worker, with all that belongs to it."""
        if victim in self._workers:
            process = psutil.Process(self._workers[victim].pid) if self._workers[victim].poll() is None else None
        else:
            process = processes.find(self.home, victim)
        if process is None:
            return
        family = [process, *process.children(recursive=True)]
        for one in family if victim in self._workers else family[:1]:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        if victim in self._workers:
            self._workers[victim].wait()

    def repair(self) -> None:
        """Start again what was killed."""
        stack.start(self.home)
        self.start_workers()

    def send(self, task: str, queue: str, **kwargs: Any) -> None:
        """Hand work to a queue; it may be away."""
        with suppress(Exception):
            self._tasks.send_task(task, kwargs=kwargs, queue=queue, retry=False)

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a statement; waits while PostgreSQL is away."""
        deadline = time.monotonic() + 60
        while True:
            try:
                with closing(psycopg2.connect(self.endpoints["database_url"])) as connection:
                    connection.autocommit = True
                    cursor = connection.cursor()
                    cursor.execute(statement, values)
                    return cursor.fetchall() if cursor.description else []
            except psycopg2.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def request(self, feed: str, file: Path) -> int:
        """Ask for a load as the schedule does; gives the run."""
        self.ask("UPDATE ingestion_feed SET location = %s WHERE name = %s", str(file), feed)
        self.send("ingestion.load_feed", "spark", feed=feed)
        found = "SELECT id FROM ingestion_feedrun WHERE location = %s"
        self._until(lambda: self.ask(found, str(file)), "The run was not taken up")
        return int(self.ask(found, str(file))[0][0])

    def reach(self, run: int, stage: str) -> None:
        """Wait until the run has come to `stage`, or past it."""
        with closing(psycopg2.connect(self.endpoints["database_url"])) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                deadline = time.monotonic() + 120
                while time.monotonic() < deadline:
                    cursor.execute("SELECT stage, finished_at FROM ingestion_feedrun WHERE id = %s", [run])
                    at, finished = cursor.fetchone() or ("", None)
                    if at == stage or finished:
                        return
                    time.sleep(_EAGER)
        raise TimeoutError(f"Run {run} did not come to {stage}.")

    def complete(self, run: int) -> None:
        """Sweep, as beat does each minute, until the run is over."""

        def over() -> bool:
            # What was put back into the queue waits half a minute; here a minute passes at once.
            self.ask(
                "UPDATE ingestion_feedrun SET handed_over_at = handed_over_at - interval '1 minute' "
                "WHERE id = %s AND state = 'queued' AND attempts > 0",
                run,
            )
            self.send("ingestion.recover_runs", "default")
            time.sleep(0.5)
            return bool(self.ask("SELECT 1 FROM ingestion_feedrun WHERE id = %s AND finished_at IS NOT NULL", run))

        self._until(over, f"Run {run} was not completed")

    def _until(self, holds: Callable[[], Any], otherwise: str) -> None:
        deadline = time.monotonic() + 300
        while not holds():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{otherwise}. {self._last_words()}")
            time.sleep(0.02)

    def _last_words(self) -> str:
        return (self.home / "logs" / "spark-worker.log").read_text(errors="replace")[-3_000:]


@contextmanager
def operation(home: Path) -> Iterator[Operation]:
    """Everything runs while the block lasts."""
    started = Operation(home)
    try:
        yield started
    finally:
        started.close()
