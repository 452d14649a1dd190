"""`make bench`, second part: the steward's pages with a million source records and a hundred thousand open tasks.

The main job runs once with few records; `enlarge` copies what it made. Every page is asked for through Django's own
handler in a process that is set up as the web process is, so what is measured is the server's time for a page.
"""

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from party_hub.embedded import stack
from party_hub.management.stages import table
from party_hub.serving import spare_the_pages
from tests.benchmarks.__main__ import HOME, PROJECT, clear, fresh_environment
from tests.benchmarks.propagation import seconds_until_seen

BASE = 10_000  # records that go through the main job
# Seconds, 95 of 100.
LIMITS = {"decide, then the next page": 0.150, "queue": 0.200, "profile as known a day ago": 0.050}
SEEN_LIMIT = 1.0  # seconds from an answer until a consumer sees its event, 99 of 100


class Clock:
    """Counts the statements of a page and the time that the database takes for them."""

    def __init__(self) -> None:
        self.statements, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            self.statements += 1
            self.seconds += time.perf_counter() - begun


def measured(visit: Callable[[], object], times: int) -> dict[str, float]:
    """Visit so often; seconds at the 50th and 95th of 100, of the database and of this process, and statements."""
    from django.db import connection

    walls, databases, processors, statements = [], [], [], []
    for _ in range(times):
        clock, wall, processor = Clock(), time.perf_counter(), time.process_time()
        with connection.execute_wrapper(clock):
            visit()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
        databases.append(clock.seconds)
        statements.append(clock.statements)
    return {
        "p50": statistics.median(walls),
        "p95": statistics.quantiles(walls, n=20)[-1],
        "database": statistics.median(databases),
        "processor": statistics.median(processors),
        "statements": statistics.median(statements),
    }


def visits(client: Any) -> Iterator[tuple[str, Callable[[], None]]]:
    """What a steward does all day: (name, one visit)."""
    from stewardship.models import ReviewTask

    tasks = iter(list(ReviewTask.objects.filter(state="open", pin=None).order_by("-priority", "pk")[:4_000:2]))
    answers = itertools.cycle(("match", "no_match", "unsure"))

    def get(path: str) -> None:
        assert client.get(path).status_code == 200, path

    def decide() -> None:
        answered = client.post(f"/tasks/{next(tasks).pk}/decide/", {"judgement": next(answers), "reason": "Looked."})
        if "decided=" in answered.url:  # else it is weighty and becomes a proposal
            get(answered.url)

    yield "queue", lambda: get("/tasks/")
    yield "queue, mine", lambda: get("/tasks/?whose=mine")
    yield "queue, by name", lambda: get("/tasks/?q=smith")
    yield "queue, likely ones first", lambda: get("/tasks/?band=likely&sort=probability")
    yield "task", lambda: get(f"/tasks/{next(tasks).pk}/")
    yield "decide, then the next page", decide
    yield "profile", lambda: get(f"/parties/{next(tasks).party_a_id}/")
    yield "profile as known a day ago", lambda: get(f"/parties/{next(tasks).party_a_id}/?known_at={_just_now()}")
    yield "neighbourhood", lambda: get(f"/tasks/{next(tasks).pk}/graph/")
    yield "search", lambda: get("/parties/?q=smith")
    yield "dashboard", lambda: get("/")


def _just_now() -> str:
    from django.utils import timezone

    return timezone.now().strftime("%Y-%m-%dT%H:%M:%S")


def child(records: int, tasks: int, times: int) -> dict[str, Any]:
    """In a process with the bench's settings: enlarge, then visit."""
    import django

    django.setup()
    from django.test import Client

    from stewardship.actions.refresh_tasks import refresh_tasks
    from stewardship.models import ReviewTask
    from tests.benchmarks.enlarge import enlarge
    from tests.people import person

    ada = person("ada")
    begun = time.perf_counter()
    counts = enlarge(records=records, tasks=tasks, answered=tasks // 5, steward=ada)
    filled = time.perf_counter()
    refresh_tasks()
    refreshed = time.perf_counter()
    client = Client(SERVER_NAME="localhost")
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    spare_the_pages()
    pages = {}
    for name, visit in visits(client):
        for _ in range(3):
            visit()
        pages[name] = measured(visit, times)
    seen = seconds_until_seen(_match(client), times)
    task = ReviewTask.objects.filter(state="open", pin=None).first()
    assert task is not None
    assert task.left_id is not None
    left = task.left_id
    pages["refresh near an answer"] = measured(lambda: refresh_tasks(records=[left]), times)
    return {"counts": counts, "enlarge": filled - begun, "refresh": refreshed - filled, "pages": pages, "seen": seen}


def _match(client: Any) -> Callable[[], str | None]:
    """Answers "match" to one task after the other; gives the act, None where it is weighty."""
    from stewardship.models import ReviewTask

    tasks = iter(list(ReviewTask.objects.filter(state="open", pin=None).order_by("-priority", "pk")[1:4_000:2]))

    def match() -> str | None:
        task = next(tasks)
        client.post(f"/tasks/{task.pk}/decide/", {"judgement": "match", "reason": "Looked."})
        task.refresh_from_db()
        return str(task.act) if task.act else None

    return match


def run(endpoints: dict[str, str], options: argparse.Namespace) -> dict[str, Any]:
    """The job and the visits, each in a process of its own."""
    env = {**fresh_environment(endpoints, "bench_workbench"), "INSECURE_COOKIES": "1"}
    for command in (["migrate", "--verbosity", "0"], ["init_lake"], ["collectstatic", "--noinput", "--verbosity", "0"]):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=PROJECT, env=env, check=True, stdout=subprocess.DEVNULL
        )
    job = [sys.executable, "-m", "tests.benchmarks.job", str(options.base), str(HOME / "sample" / str(options.base))]
    subprocess.run(job, cwd=PROJECT, env=env, check=True, stdout=subprocess.DEVNULL)
    asked = [str(options.records), str(options.tasks), str(options.times)]
    measure = [sys.executable, "-m", "tests.benchmarks.workbench", "--child", *asked]
    done = subprocess.run(measure, cwd=PROJECT, env=env, check=True, stdout=subprocess.PIPE, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def show(result: dict[str, Any]) -> list[str]:
    """The table; gives the names of the pages that are slower than they may be."""
    milliseconds = ("p50", "p95", "database", "processor")
    rows = [
        (name, *(f"{1000 * page[column]:.0f}" for column in milliseconds), f"{page['statements']:.0f}")
        for name, page in result["pages"].items()
    ]
    print("\n" + "; ".join(f"{name} {count:,}" for name, count in result["counts"].items()) + "\n")
    heads = ("page", "p50 ms", "p95 ms", "database ms", "processor ms", "statements")
    print(table(rows, heads, numbers=(1, 2, 3, 4, 5)))
    missed = [name for name, limit in LIMITS.items() if result["pages"][name]["p95"] > limit]
    for name, limit in LIMITS.items():
        print(f"{name}: 95 % within {1000 * limit:.0f} ms: {'MISSED' if name in missed else 'kept'}")
    seen = statistics.quantiles(result["seen"], n=100)
    if seen[98] > SEEN_LIMIT:
        missed.append("event")
    verdict = "MISSED" if seen[98] > SEEN_LIMIT else "kept"
    print(
        f"answer until a consumer sees its event: half within {seen[49]:.2f} s, 99 % within {seen[98]:.2f} s: {verdict}"
    )
    print(f"enlarged in {result['enlarge']:.0f} s, whole queue refreshed in {result['refresh']:.0f} s", flush=True)
    return missed


def main() -> None:
    """Fill a hub of its own, visit its pages, print the table."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--tasks", type=int, default=100_000, metavar="N", help="open tasks (100,000)")
    parser.add_argument("--base", type=int, default=BASE, metavar="N", help="records that the main job loads (10,000)")
    parser.add_argument("--times", type=int, default=100, metavar="N", help="visits a page (100)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")
    options = parser.parse_args()
    try:
        result = run(stack.start(HOME), options)
        missed = show(result)
    finally:
        stack.stop(HOME)
        clear()
    if options.json:
        options.json.write_text(json.dumps(result, indent=1))
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        os.environ["DEBUG"] = "0"
        sys.stdout.write(json.dumps(child(*map(int, sys.argv[2:]))) + "\n")
    else:
        main()
