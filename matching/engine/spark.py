"""The Spark runner: keys, blocks and pairs as DataFrames, the kernels inside `mapInArrow`. Gives the same pairs and
bits as in process."""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from matching.engine.candidates import Stages, keys_of
from matching.engine.compare import PairView, compare
from matching.engine.hashes import contains
from matching.engine.keys import Keys
from matching.engine.model import KindModel
from matching.engine.pairs import WINDOW
from matching.engine.prepared import FIELDS, Prepared
from matching.engine.score import Scored, contributions, totals

_PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class SparkRunner:
    """A `local.Runner` on Spark. `java_home` "" leaves the choice to the machine; a session that is there is used."""

    master: str = "local[*]"
    driver_memory: str = "2g"
    java_home: str = ""

    def __call__(
        self, model: KindModel, records: Prepared, stages: Stages, keys: Keys | None = None
    ) -> tuple[Scored, int]:
        with stages.time("spark session"):
            spark = self.session()
        with stages.time("block"):
            table = (
                spark.createDataFrame(_numbered(records))
                .repartition(4 * spark.sparkContext.defaultParallelism, "row")
                .cache()
            )
            model = settled(table, model)
            pairs = pairs_of(keys_in(table, model), WINDOW).cache()
            compared = pairs.count()
        with stages.time("score"):
            scored = _collected(scores(pairs, table, model), len(model.terms))
        pairs.unpersist()
        table.unpersist()
        return scored, compared

    def session(self) -> SparkSession:
        """This process's session, started if there is none."""
        if (active := SparkSession.getActiveSession()) is not None:
            return active
        if self.java_home:
            os.environ["JAVA_HOME"] = self.java_home
        # The workers' Python must be this one, and find the kernels.
        os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
        paths = [str(_PROJECT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = SparkSession.builder.appName("party-hub").master(self.master)
        for name, value in {
            "spark.driver.memory": self.driver_memory,
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.log.level": "ERROR",
            "spark.sql.execution.arrow.pyspark.enabled": "true",
            "spark.sql.execution.arrow.maxRecordsPerBatch": "50000",
            "spark.sql.shuffle.partitions": "8",
            "spark.driver.extraJavaOptions": "-XX:+UseParallelGC -Xss4m",
        }.items():
            builder = builder.config(name, value)
        return builder.getOrCreate()


def _numbered(records: Prepared) -> pa.Table:
    table = records.to_arrow().drop_columns(["record_id"])
    return table.append_column("row", pa.array(np.arange(len(records), dtype=np.int64)))


def keys_in(table: DataFrame, model: KindModel) -> DataFrame:
    """(row, key, cap, exhausted) of each record's blocking keys under the model as it is."""

    def make(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            records = _prepared(pa.Table.from_batches([batch]), model)
            made = keys_of(model, records)
            rows = batch.column("row").to_numpy(zero_copy_only=False)[made.rows]
            exhausted = pa.array(contains(made.exhausted, made.keys))
            yield pa.RecordBatch.from_arrays(
                [pa.array(rows), pa.array(made.keys.view(np.int64)), pa.array(made.caps), exhausted],
                ["row", "key", "cap", "exhausted"],
            )

    return table.mapInArrow(make, "row long, key long, cap short, exhausted boolean")


def settled(table: DataFrame, model: KindModel) -> KindModel:
    """The model with what is over-full among these records listed too; a round for each time that it is refined."""
    while True:
        sizes = keys_in(table, model).where("NOT exhausted").groupBy("key", "cap").count()
        outgrown = sizes.where("count > cap").select("key").toArrow().column("key").to_numpy()
        if not len(outgrown):
            return model
        model = model.refining(outgrown.view(np.uint64))


def pairs_of(keyed: DataFrame, window: int) -> DataFrame:
    """Distinct (left, right) rows that share a key; of an exhausted one only those within `window` neighbours."""
    block = Window.partitionBy("key")
    placed = keyed.select(
        "key",
        "row",
        "exhausted",
        F.count("*").over(block).alias("size"),
        F.row_number().over(block.orderBy("row")).alias("place"),
    ).where("size > 1")
    left, right = placed.alias("l"), placed.alias("r")
    near = ~F.col("l.exhausted") | (F.col("r.place") - F.col("l.place") <= window)
    same = (F.col("l.key") == F.col("r.key")) & (F.col("l.row") < F.col("r.row")) & near
    return left.join(right, same).select(F.col("l.row").alias("left"), F.col("r.row").alias("right")).distinct()


def scores(pairs: DataFrame, table: DataFrame, model: KindModel) -> DataFrame:
    """(left, right, total, contributions) of the pairs from the review threshold up."""
    names = FIELDS[model.kind]
    left = table.select(F.col("row").alias("left"), *(F.col(name).alias(f"l_{name}") for name in names))
    right = table.select(F.col("row").alias("right"), *(F.col(name).alias(f"r_{name}") for name in names))
    joined = pairs.join(left, "left").join(right, "right")

    def score(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield _scored(pa.Table.from_batches([batch]), model)

    return joined.mapInArrow(score, "left long, right long, total double, contributions binary")


def _prepared(table: pa.Table, model: KindModel) -> Prepared:
    nothing = pa.chunked_array([pa.nulls(table.num_rows, pa.string())])
    table = table.append_column("record_id", nothing)
    return Prepared.from_arrow(table, model.kind)


def _scored(joined: pa.Table, model: KindModel) -> pa.RecordBatch:
    """Both sides of the pairs as one list of records, compared and scored."""
    sides = [pa.table({name: joined.column(f"{side}_{name}") for name in FIELDS[model.kind]}) for side in ("l", "r")]
    together = _prepared(pa.concat_tables(sides), model)
    count = joined.num_rows
    view = PairView(together, model.frequencies, np.arange(count), np.arange(count, 2 * count))
    parts = contributions(model, *compare(model.terms, view))
    total = totals(model, parts)
    kept = np.flatnonzero(total >= model.thresholds.review)
    packed = np.ascontiguousarray(parts.T.astype(np.float32)[kept])
    return pa.RecordBatch.from_arrays(
        [
            joined.column("left").combine_chunks().take(pa.array(kept)),
            joined.column("right").combine_chunks().take(pa.array(kept)),
            pa.array(total[kept]),
            pa.array([row.tobytes() for row in packed], pa.binary()),
        ],
        ["left", "right", "total", "contributions"],
    )


def _collected(scored: DataFrame, terms: int) -> Scored:
    """The scores in the driver, ordered by rows."""
    table = scored.toArrow()
    left, right = (table.column(name).to_numpy().astype(np.int64) for name in ("left", "right"))
    packed = b"".join(table.column("contributions").to_pylist())
    order = np.lexsort((right, left))
    parts = np.frombuffer(packed, np.float32).reshape(len(left), terms)
    return Scored(left[order], right[order], table.column("total").to_numpy()[order], parts[order])
