"""The main job in one process, from sample to published events; prints what each stage took as one JSON object.

Run by the benchmark as a child, so that its memory can be watched: `python -m tests.benchmarks.job RECORDS FOLDER`.
"""

import io
import json
import sys
import time
from pathlib import Path
from typing import Any

import django

STAGES = ("land", "map", "validate", "curate", "register")
FEEDS = {"crm": "crm.csv", "dnb": "dnb.csv", "markit": "markit.xml"}


def report(command: str, *arguments: str) -> tuple[dict[str, Any], float]:
    """What a command reports with `--json`, and how long it took as a whole."""
    from django.core.management import call_command

    out, started = io.StringIO(), time.perf_counter()
    call_command(command, *arguments, "--json", stdout=out)
    return json.loads(out.getvalue().strip().splitlines()[-1]), time.perf_counter() - started


def timed(command: str, *arguments: str) -> float:
    """How long a command takes."""
    from django.core.management import call_command

    started = time.perf_counter()
    call_command(command, *arguments, stdout=io.StringIO())
    return time.perf_counter() - started


def _rebuilt() -> float:
    """How long it takes to work every party and relationship out anew, and to find that nothing changes."""
    from party_hub.actions.rebuild_all import rebuild_all

    started = time.perf_counter()
    assert rebuild_all(actor="system:bench").clusters_changed == 0
    return time.perf_counter() - started


def run(records: int, folder: Path) -> dict[str, Any]:
    """Do the job; `stages` holds [name, rows, seconds] in order, `counts` what came of it."""
    from party_hub.models import OutboxEvent

    stages: list[tuple[str, int, float]] = []
    _, seconds = report("sample_feeds", "--records", str(records), "--seed", "1", "--out", str(folder))
    stages.append(("sample", records, seconds))
    begun = time.perf_counter()
    counts: dict[str, int] = {}
    loads: dict[str, float] = {}
    for feed, file in FEEDS.items():
        loaded, seconds = report("load_feed", feed, str(folder / file), "--wait")
        _add(loads, {**loaded["seconds"], "start and hand-over": seconds - sum(loaded["seconds"].values())})
        for name in ("landed", "accepted", "quarantined", "created"):
            counts[name] = counts.get(name, 0) + loaded[name]
    in_order = sorted(loads, key=lambda name: STAGES.index(name) if name in STAGES else len(STAGES))
    stages += [(f"load: {name}", counts["landed"], loads[name]) for name in in_order]
    matched, seconds = report("match")
    parts = {**matched["seconds"], "the rest": seconds - sum(matched["seconds"].values())}
    stages += [(f"match: {name}", counts["created"], part) for name, part in parts.items()]
    counts |= {name: value for name, value in matched.items() if isinstance(value, int)}
    main_job = time.perf_counter() - begun  # what follows begins with golden records and events
    stages.append(("review tasks", counts["created"], timed("refresh_tasks")))
    events = OutboxEvent.objects.count()
    stages.append(("relay to Kafka", events, timed("relay_events", "--once")))
    stages.append(("rebuild all parties", counts["records"], _rebuilt()))
    return {"stages": stages, "counts": {**counts, "events": events}, "main_job_seconds": main_job}


def _add(total: dict[str, float], more: dict[str, float]) -> None:
    for name, seconds in more.items():
        total[name] = total.get(name, 0.0) + seconds


if __name__ == "__main__":
    django.setup()
    answer = run(int(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.write(json.dumps(answer) + "\n")
