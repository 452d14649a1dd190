"""What a run leaves in the lake of its rows: a set in the curated zone, and one in the quarantine where some were set
aside.
"""

from pathlib import Path

from .lake import Lake, Zone
from .models import FeedRun
from .spark.job import Outcome
from .spark.transform import CURATED_ROWS, REJECTED_ROWS

_SCHEMA = 1  # of the curated zone


def places(lake: Lake, run: FeedRun, outcome: Outcome) -> dict[str, str]:
    """Where the sets belong, as the run keeps it."""
    where = f"{run.feed_id}/run={run.pk}"
    return {
        "curated_location": lake.location(f"{Zone.CURATED}/{where}"),
        "quarantine_location": lake.location(f"{Zone.QUARANTINE}/{where}") if outcome.quarantined else "",
    }


def publish(lake: Lake, run: FeedRun, work: Path, outcome: Outcome) -> None:
    """Put the rows in `work` where the run says. Raises LakeError."""
    about = {"feed": run.feed_id, "run": run.pk, "raw": run.raw_location}
    about |= {"schema": _SCHEMA, "adapter_version": run.adapter_version}
    rows = {CURATED_ROWS: outcome.accepted, REJECTED_ROWS: outcome.quarantined}
    for location, name in _sets(run):
        lake.publish(lake.name(location), _parts(work / name), {**about, "rows": rows[name]})


def fetch(lake: Lake, run: FeedRun, work: Path) -> None:
    """Bring the rows back to `work`. Raises LakeError."""
    for location, name in _sets(run):
        lake.fetch_set(lake.name(location), work / name)


def _sets(run: FeedRun) -> list[tuple[str, str]]:
    sets = [(run.curated_location, CURATED_ROWS), (run.quarantine_location, REJECTED_ROWS)]
    return [(location, name) for location, name in sets if location]


def _parts(folder: Path) -> dict[str, Path]:
    return {f"part-{at:05d}.parquet": part for at, part in enumerate(sorted(folder.glob("part-*.parquet")))}
