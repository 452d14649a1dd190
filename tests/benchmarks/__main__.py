"""`make bench`: the main job with 10,000 and 100,000 sample records, each in a fresh database on a stack of its own."""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import psycopg2

from party_hub.embedded import stack
from party_hub.management.stages import table
from tests.benchmarks.memory import PeakMemory

PROJECT = Path(__file__).resolve().parent.parent.parent
HOME = PROJECT / ".hub" / "bench"
LIMITS = {100_000: 120.0, 1_000_000: 360.0}  # seconds that the main job may take on 2 cores


def fresh_environment(endpoints: dict[str, str], name: str) -> dict[str, str]:
    """A database, lake folder, Redis database and topics of its own for one run."""
    connection = psycopg2.connect(endpoints["database_url"].rsplit("/", 1)[0] + "/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    own = {
        "HUB_HOME": str(HOME),
        "DATABASE_URL": endpoints["database_url"].rsplit("/", 1)[0] + f"/{name}",
        "LAKE_URL": f"{endpoints['lake_url']}/{name}",
        "KAFKA_TOPIC_PREFIX": f"{name}.",
        "DEBUG": "0",  # as in production: Django keeps no list of statements
        "SECRET_KEY": endpoints["secret_key"],
        "DJANGO_SETTINGS_MODULE": "party_hub.settings",
    }
    return {**os.environ, **own}


def run_once(endpoints: dict[str, str], records: int, number: int) -> dict[str, Any]:
    """One whole job; its answer with the peak of memory."""
    env = fresh_environment(endpoints, f"bench_{records}_{number}")
    for command in (["migrate", "--verbosity", "0"], ["init_lake"]):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=PROJECT, env=env, check=True, stdout=subprocess.DEVNULL
        )
    folder = HOME / "sample" / str(records)
    job = [sys.executable, "-m", "tests.benchmarks.job", str(records), str(folder)]
    with (
        subprocess.Popen(job, cwd=PROJECT, env=env, stdout=subprocess.PIPE, text=True) as child,
        PeakMemory(child.pid) as peak,
    ):
        output, _ = child.communicate()
    if child.returncode:
        sys.exit(f"The job with {records:,} records failed (exit {child.returncode}).")
    answer: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
    return {**answer, "peak_rss_mb": peak.total_mb, "peak_java_mb": peak.java_mb}


def median_of(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Stage by stage the median of the runs; memory is the highest."""
    names = [name for name, _rows, _seconds in runs[0]["stages"]]
    seconds = {name: [next((s for n, _r, s in run["stages"] if n == name), 0.0) for run in runs] for name in names}
    return {
        "stages": [(name, rows, statistics.median(seconds[name])) for name, rows, _seconds in runs[0]["stages"]],
        "counts": runs[0]["counts"],
        "main_job_seconds": statistics.median(run["main_job_seconds"] for run in runs),
        "peak_rss_mb": max(run["peak_rss_mb"] for run in runs),
        "peak_java_mb": max(run["peak_java_mb"] for run in runs),
        "runs": len(runs),
    }


def show(records: int, result: dict[str, Any]) -> None:
    """The table of one size."""
    rows = [
        (name, f"{count:,}", f"{seconds:.2f}", f"{count / seconds:,.0f}" if seconds > 0 else "")
        for name, count, seconds in result["stages"]
    ]
    limit = LIMITS.get(records)
    verdict = (
        f" (at most {limit:.0f} s: {'kept' if result['main_job_seconds'] <= limit else 'MISSED'})" if limit else ""
    )
    print(f"\n{records:,} records, median of {result['runs']}\n")
    print(table(rows, ("stage", "rows", "s", "rows/s"), numbers=(1, 2, 3)))
    print(f"\nmain job, landing to outbox: {result['main_job_seconds']:.1f} s{verdict}")
    print(f"peak memory: {result['peak_rss_mb']:,} MB, of that Java {result['peak_java_mb']:,} MB")
    print("; ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in result["counts"].items()), flush=True)


def clear() -> None:
    """Leave nothing of the stopped stack behind."""
    for name in ("postgres", "s3", "valkey", "broker", "sample", "stack.json"):
        item = HOME / name
        shutil.rmtree(item, ignore_errors=True) if item.is_dir() else item.unlink(missing_ok=True)


def main() -> None:
    """Run every size, print its table, and write all numbers where `--json` says."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[10_000, 100_000], metavar="N")
    parser.add_argument("--runs", type=int, default=1, metavar="R", help="runs a size; the table shows medians (1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")
    options = parser.parse_args()
    endpoints = stack.start(HOME)
    memory = psutil.virtual_memory().total // 1024**3
    print(f"{platform.machine()}, {psutil.cpu_count()} cores, {memory} GB, Python {platform.python_version()}")
    results = {}
    try:
        for records in options.records:
            results[records] = median_of([run_once(endpoints, records, number) for number in range(options.runs)])
            show(records, results[records])
    finally:
        stack.stop(HOME)
        clear()
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    missed = [
        records
        for records, limit in LIMITS.items()
        if records in results and results[records]["main_job_seconds"] > limit
    ]
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
