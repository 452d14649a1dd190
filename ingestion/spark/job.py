"""The Spark jobs of one run: read and map, validate, part into accepted and set aside.

They take and leave files only (`work/staged`, `work/curated`, `work/rejected`), so that they run in the Celery worker
and by `spark-submit` alike.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from ingestion.mapping.adapter import Adapter
from ingestion.quality.check import check
from ingestion.reading import Chunk

from . import transform
from .aside import Aside, set_aside
from .transform import Source

_HOW = "Mend the file and send it again, or let an administrator make the rule less severe, and retry the run."


class RunStopped(RuntimeError):
    """A rule whose breach stops the run was broken: the text says which and what to do, `quality` is each verdict."""

    def __init__(self, text: str, quality: list[dict[str, Any]]):
        super().__init__(f"{text} {_HOW}")
        self.quality = quality


@dataclass
class Outcome:
    """What became of a file's rows: how many were taken, and which lines were set aside and why; `quality` is the
    verdict on each rule, ready for JSON.
    """

    landed: int
    rejected: dict[int, Aside]
    quality: list[dict[str, Any]]

    @property
    def quarantined(self) -> int:
        return len(self.rejected)

    @property
    def accepted(self) -> int:
        return self.landed - self.quarantined


def warm_up(spark: SparkSession) -> None:
    """Start a Python worker for each core, with what mapping needs."""
    nothing = [Chunk(number, 0, 0, 0, 0) for number in range(spark.sparkContext.defaultParallelism)]
    transform.each_chunk(spark, nothing, transform.no_rows)


def map_rows(spark: SparkSession, adapter: Adapter, source: Source, work: Path) -> int:
    """Read and map the file `source`; gives how many rows landed."""
    counted = transform.each_chunk(spark, source.chunks, transform.map_chunk(source, adapter, work))
    return sum(counted.values())


def judge(spark: SparkSession, adapter: Adapter, work: Path, landed: int) -> Outcome:
    """Check the mapped rows against the rules. Raises RunStopped, QualityError."""
    report = check(spark, work / transform.STAGED, adapter.rules)
    quality = [verdict.as_json() for verdict in report.verdicts]
    if report.stop:
        rows = "1 row" if report.stop.rows == 1 else f"{report.stop.rows:,} rows"
        raise RunStopped(f"{report.stop.says} ({report.stop.failing:,} of {rows})", quality)
    return Outcome(landed, set_aside(work / transform.STAGED, report, adapter), quality)


def part(spark: SparkSession, adapter: Adapter, source: Source, work: Path, outcome: Outcome) -> None:
    """Part the mapped rows into those that are taken and those that are set aside."""
    transform.each_chunk(spark, source.chunks, transform.curate_chunk(source, adapter, work, outcome.rejected))
