"""The Spark job of one run: read and map, validate, part into accepted and set aside.

Takes and leaves files only (`work/staged`, `work/curated`, `work/rejected`), so that it runs in the Celery worker and
by `spark-submit` alike.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from ingestion.mapping.adapter import Adapter
from ingestion.quality.check import check

from . import transform
from .aside import set_aside
from .transform import Source

_HOW = "Mend the file and send it again, or let an administrator make the rule less severe, and retry the run."


class RunStopped(RuntimeError):
    """A rule whose breach stops the run was broken: the text says which and what to do, `quality` is each verdict."""

    def __init__(self, text: str, quality: list[dict[str, Any]]):
        super().__init__(f"{text} {_HOW}")
        self.quality = quality


@dataclass
class Outcome:
    """What a job found and left behind. `quality` is the verdict on each rule, ready for JSON."""

    landed: int = 0
    accepted: int = 0
    quarantined: int = 0
    quality: list[dict[str, Any]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


def run(
    spark: SparkSession,
    adapter: Adapter,
    source: Source,
    work: Path,
    entering: Callable[[str, Outcome], None] = lambda stage, outcome: None,
) -> Outcome:
    """Run the job on the file `source`. `entering` hears of each stage as it begins.

    Raises RunStopped, QualityError.
    """
    outcome, clock = Outcome(), _Clock()

    def stage(name: str) -> None:
        clock.stage(name, outcome)
        entering(name, outcome)

    stage("map")
    counted = transform.each_chunk(spark, source.chunks, transform.map_chunk(source, adapter, work))
    outcome.landed = sum(counted.values())
    stage("validate")
    report = check(transform.staged_rows(spark, work), adapter.rules)
    outcome.quality = [verdict.as_json() for verdict in report.verdicts]
    if report.stop:
        rows = "1 row" if report.stop.rows == 1 else f"{report.stop.rows:,} rows"
        raise RunStopped(f"{report.stop.says} ({report.stop.failing:,} of {rows})", outcome.quality)
    rejected = set_aside(work / transform.STAGED, report, adapter)
    outcome.quarantined = len(rejected)
    outcome.accepted = outcome.landed - outcome.quarantined
    stage("curate")
    transform.each_chunk(spark, source.chunks, transform.curate_chunk(source, adapter, work, rejected))
    clock.stage("", outcome)
    return outcome


class _Clock:
    """Notes the seconds of each stage when the next begins."""

    def __init__(self) -> None:
        self._name, self._since = "", 0.0

    def stage(self, name: str, outcome: Outcome) -> None:
        now = time.perf_counter()
        if self._name:
            outcome.seconds[self._name] = round(now - self._since, 3)
        self._name, self._since = name, now
