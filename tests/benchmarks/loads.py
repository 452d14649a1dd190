"""A large CRM file from landing to source records, beside a plain COPY of the same rows; the same file again; a stream.

`python -m tests.benchmarks.loads [--records 1000000] [--events 50000]`, on a stack of its own.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2

from party_hub.embedded import stack
from party_hub.management.stages import table
from tests.benchmarks.__main__ import HOME, PROJECT, clear, fresh_environment
from tests.benchmarks.memory import PeakMemory

STAGES = ("land", "map", "validate", "curate", "register")
ROWS_A_SECOND, TIMES_COPY, MEMORY_MB, TIMES_FASTER, EVENTS_A_SECOND = 10_000, 6.0, 6 * 1024, 3.0, 500


def manage(env: dict[str, str], *arguments: str) -> str:
    """What a command writes."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=PROJECT, env=env, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def load(env: dict[str, str], file: Path) -> dict[str, Any]:
    """One load of the file in a process of its own: its counts, seconds from start to end, peak of memory."""
    command = [sys.executable, "manage.py", "load_feed", "crm", str(file), "--wait", "--json"]
    begun = time.perf_counter()
    with (
        subprocess.Popen(command, cwd=PROJECT, env=env, stdout=subprocess.PIPE, text=True) as child,
        PeakMemory(child.pid) as peak,
    ):
        output, _ = child.communicate()
    if child.returncode:
        sys.exit(f"The load failed (exit {child.returncode}).")
    told: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
    return {**told, "elapsed": time.perf_counter() - begun, "peak_mb": peak.total_mb}


def copy_of_file(database: str, file: Path) -> float:
    """Seconds that PostgreSQL takes for the file's rows as they are, into a table of text columns: the floor."""
    with file.open(encoding="utf-8", newline="") as rows:
        columns = next(csv.reader(rows))
    named = ", ".join(f'"{column}" text' for column in columns)
    with closing(psycopg2.connect(database)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE plain ({named})")
        begun = time.perf_counter()
        with file.open(encoding="utf-8", newline="") as rows:
            cursor.copy_expert("COPY plain FROM STDIN (FORMAT csv, HEADER)", rows, 1 << 20)
        return time.perf_counter() - begun


def copy_of_records(database: str, folder: Path) -> float:
    """Seconds that PostgreSQL takes for the source records that the file became, into a table just like theirs."""
    text = folder / "records.copy"
    with closing(psycopg2.connect(database)) as connection, connection, connection.cursor() as cursor:
        with text.open("wb") as out:
            cursor.copy_expert("COPY party_hub_sourcerecord TO STDOUT", out, 1 << 20)
        cursor.execute("CREATE TABLE alike (LIKE party_hub_sourcerecord INCLUDING ALL)")
        connection.commit()  # so that its rows go to the log as those of the hub do
        begun = time.perf_counter()
        with text.open("rb") as rows:
            cursor.copy_expert("COPY alike FROM STDIN", rows, 1 << 20)
        connection.commit()
        return time.perf_counter() - begun


def listen(env: dict[str, str], events: int) -> float:
    """Events a second of a listener that was killed three times before."""
    os.environ.update(env)
    import django

    django.setup()
    from party_hub.events.kafka import ensure_topics
    from tests.faults.event_stream import send, stream, take_in

    ensure_topics()
    sent = stream(events)
    send(sent.messages)
    return take_in(env, sent, kills=(0.15, 0.3, 0.45), batch=500)


Goal = tuple[str, bool]


def goals_of_load(first: dict[str, Any], second: dict[str, Any], of_file: float, of_records: float) -> list[Goal]:
    """What the two loads were to keep, each told with what was measured."""
    rows, seconds = first["landed"], sum(first["seconds"].values())
    changes = second["created"] + second["updated"]
    faster = first["elapsed"] / second["elapsed"]
    landed = rows / (seconds - first["seconds"]["land"])
    return [
        (
            f"{rows / seconds:,.0f} rows/s (at least {ROWS_A_SECOND:,}; {landed:,.0f} from the landed file on)",
            rows / seconds >= ROWS_A_SECOND,
        ),
        (
            f"{seconds / of_records:.1f} times a plain COPY of the same source records, {of_records:.1f} s "
            f"(at most {TIMES_COPY:.0f}; {seconds / of_file:.0f} times a COPY of the file as text, {of_file:.1f} s)",
            seconds <= TIMES_COPY * of_records,
        ),
        (f"peak {first['peak_mb']:,} MB (at most {MEMORY_MB:,})", first["peak_mb"] <= MEMORY_MB),
        (
            f"again {faster:.1f} times faster, {changes} changes (at least {TIMES_FASTER:.0f}, 0)",
            faster >= TIMES_FASTER and not changes,
        ),
    ]


def show(load: dict[str, Any]) -> None:
    """What each stage took."""
    rows, seconds = load["landed"], load["seconds"]
    spent = [(stage, seconds[stage]) for stage in STAGES] + [("together", sum(seconds.values()))]
    told = [(stage, f"{took:.1f}", f"{rows / took:,.0f}") for stage, took in spent if took]
    print(table(told, (f"{rows:,} CRM rows", "s", "rows/s"), numbers=(1, 2)), flush=True)


def measure(endpoints: dict[str, str], records: int, events: int) -> list[Goal]:
    """Do it all in a fresh database; prints what each stage took."""
    env = fresh_environment(endpoints, f"loads_{records}")
    folder = HOME / "sample" / f"loads-{records}"
    manage(env, "migrate", "--verbosity", "0")
    manage(env, "init_lake")
    manage(env, "sample_feeds", "--records", str(records), "--out", str(folder), "--json")
    file = folder / "crm.csv"
    of_file = copy_of_file(env["DATABASE_URL"], file)
    first, second = load(env, file), load(env, file)
    show(first)
    goals = goals_of_load(first, second, of_file, copy_of_records(env["DATABASE_URL"], folder))
    if events:
        rate = listen(env, events)
        goals.append((f"listener: {rate:,.0f} events/s (at least {EVENTS_A_SECOND})", rate >= EVENTS_A_SECOND))
    return goals


def main() -> None:
    """Measure, tell, and exit 1 where a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.loads", description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000, metavar="N", help="of all sample files together")
    parser.add_argument("--events", type=int, default=50_000, metavar="N", help="0 leaves the listener out")
    options = parser.parse_args()
    endpoints = stack.start(HOME)
    try:
        goals = measure(endpoints, options.records, options.events)
    finally:
        stack.stop(HOME)
        clear()
    for told, holds in goals:
        print(f"{told}: {'kept' if holds else 'MISSED'}")
    sys.exit(0 if all(holds for _, holds in goals) else 1)


if __name__ == "__main__":
    main()
