"""The Spark job of one run: read, map, validate, split into accepted and set aside, write.

Takes and leaves files only (`work/staged`, `work/curated`, `work/rejected`), so that it runs in the Celery worker and
by `spark-submit` alike.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import LongType, StringType, StructField, StructType

from ingestion.mapping.adapter import Adapter, Rule
from ingestion.mapping.rules import ONE_ROW_A_KEY, READABLE
from ingestion.quality.check import Report, check

from . import transform

_REJECTED = StructType(
    [
        StructField("line", LongType()),
        StructField("key", StringType()),
        StructField("field", StringType()),
        StructField("reason", StringType()),
        StructField("rule", StringType()),
    ]
)


class RunStopped(RuntimeError):
    """A rule whose breach stops the run was broken; the text is the rule's, `quality` the verdict on each rule."""

    def __init__(self, text: str, quality: list[dict[str, Any]]):
        super().__init__(text)
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
    source: str,
    columns: list[str],
    named: dict[str, str],
    work: str,
    entering: Callable[[str, Outcome], None] = lambda stage, outcome: None,
) -> Outcome:
    """Run the job on the file at `source`. `entering` hears of each stage as it begins.

    Raises RunStopped, QualityError.
    """
    outcome = Outcome()

    def stage(name: str) -> None:
        now = time.perf_counter()
        if clock:
            outcome.seconds[clock[0]] = round(now - clock[1], 3)
        clock[:] = [name, now]
        entering(name, outcome)

    clock: list[Any] = []
    stage("map")
    rows = transform.read(spark, source, adapter, columns)
    spread = transform.spread(rows, spark.sparkContext.defaultParallelism * 2)
    transform.map_rows(spread, adapter, named).write.mode("overwrite").parquet(f"{work}/staged")
    staged = spark.read.parquet(f"{work}/staged")
    outcome.landed = staged.count()
    stage("validate")
    report = check(staged, adapter.rules)
    outcome.quality = [verdict.as_json() for verdict in report.verdicts]
    if report.stop:
        raise RunStopped(f"{report.stop.says} ({report.stop.failing:,} of {report.stop.rows:,} rows)", outcome.quality)
    rejected = _rejected(spark, staged, report, adapter).cache()
    outcome.quarantined = rejected.count()
    outcome.accepted = outcome.landed - outcome.quarantined
    stage("curate")
    _write(staged, rejected, rows, outcome, work)
    rejected.unpersist()
    outcome.seconds["curate"] = round(time.perf_counter() - clock[1], 3)
    return outcome


def _write(staged: DataFrame, rejected: DataFrame, rows: DataFrame, outcome: Outcome, work: str) -> None:
    accepted = transform.without(staged, rejected) if outcome.quarantined else staged
    accepted = accepted.drop("problem_field", "problem_reason")
    accepted.write.mode("overwrite").parquet(f"{work}/curated")
    if outcome.quarantined:
        transform.with_raw(rejected, rows).write.mode("overwrite").parquet(f"{work}/rejected")


def _rejected(spark: SparkSession, staged: DataFrame, report: Report, adapter: Adapter) -> DataFrame:
    """One row for each line that is set aside: line, key, field, reason, rule.

    The first broken rule in the adapter's order speaks.
    """
    parts: list[DataFrame] = []
    for at, (rule, lines) in enumerate(report.lines):
        if not lines:
            continue
        found = spark.createDataFrame([(line,) for line in lines], "line bigint")
        hit = staged.join(F.broadcast(found), "line", "left_semi")
        parts.append(_reasons(hit, rule, adapter).withColumns({"rule": F.lit(rule.code), "turn": F.lit(at)}))
    if not parts:
        return spark.createDataFrame([], _REJECTED)
    together = parts[0]
    for part in parts[1:]:
        together = together.unionByName(part)
    first = together.groupBy("line").agg(F.min_by(F.struct("key", "field", "reason", "rule"), "turn").alias("first"))
    return first.select("line", "first.key", "first.field", "first.reason", "first.rule")


def _reasons(hit: DataFrame, rule: Rule, adapter: Adapter) -> DataFrame:
    if rule.code == READABLE.code:
        return hit.select("line", "key", F.col("problem_field").alias("field"), F.col("problem_reason").alias("reason"))
    if rule.code == ONE_ROW_A_KEY.code:
        return _repeated(hit, adapter)
    column = adapter.source_column(rule.column)
    return hit.select("line", "key", F.lit(column).alias("field"), F.lit(rule.says).alias("reason"))


def _repeated(hit: DataFrame, adapter: Adapter) -> DataFrame:
    """Of the rows with one key, the one that takes effect last is taken (of several, the first in the file); the
    others wait.

    Rows that cannot be read do not count: they are set aside anyway.
    """
    readable = hit.where(F.col("problem_reason").isNull())
    order = F.struct(
        F.coalesce(F.col("effective_at"), F.lit("0001-01-01").cast("timestamp")).alias("effective_at"),
        (-F.col("line")).alias("turn"),
    )
    kept = readable.groupBy("key").agg(F.max_by("line", order).alias("kept"))
    return (
        readable.join(kept, "key")
        .where("line <> kept")
        .select(
            "line",
            "key",
            F.lit(adapter.key).alias("field"),
            F.concat(
                F.lit("The key occurs more than once in the file; line "), F.col("kept"), F.lit(" was taken.")
            ).alias("reason"),
        )
    )
