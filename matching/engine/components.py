"""Connected components of links as DataFrames, for more links than one process holds.

Alternating large and small stars (Kiveris et al., "Connected Components in MapReduce and Beyond", 2014): every round
hangs each record to the least of its neighbours, until each component is a star around its least record. Spark SQL
alone: the rounds are few, for a component is a party's records, and no jar from outside is needed.
"""

from typing import Any

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


def components(edges: DataFrame) -> DataFrame:
    """(node, component) of every end of `edges` (left, right), which may be of any type that has an order.

    A component is known by its least node. An edge from a node to itself tells of the node and joins nothing.
    """
    ends = edges.select(F.greatest("left", "right").alias("child"), F.least("left", "right").alias("parent"))
    stars, before = _kept(ends.where("child <> parent").distinct()), None
    while (now := _fingerprint(stars)) != before:
        before, stars = now, _kept(_small_star(_large_star(stars)))
    nodes = edges.select(F.col("left").alias("node")).union(edges.select("right")).distinct()
    found = nodes.join(stars, F.col("node") == F.col("child"), "left")
    return found.select("node", F.coalesce("parent", "node").alias("component"))


def chunks(found: DataFrame, number: int) -> DataFrame:
    """(nodes) of whole components: about `number` lists of about equal length, of what `components` found."""
    chunk = F.pmod(F.xxhash64("component"), F.lit(max(1, number)))
    return found.groupBy(chunk.alias("chunk")).agg(F.collect_list("node").alias("nodes")).select("nodes")


def _large_star(stars: DataFrame) -> DataFrame:
    """Hangs the greater neighbours of each node to the least node around it."""
    both = stars.select(F.col("child").alias("node"), F.col("parent").alias("other"))
    both = both.union(stars.select("parent", "child"))
    least = F.least("node", F.min("other").over(Window.partitionBy("node")))
    hung = both.select("node", "other", least.alias("parent")).where("other > node")
    return hung.select(F.col("other").alias("child"), "parent").distinct()


def _small_star(stars: DataFrame) -> DataFrame:
    """Hangs each node and its lesser neighbours to the least of these."""
    least = F.min("parent").over(Window.partitionBy("child"))
    known = stars.select("child", "parent", least.alias("least"))
    own, others = known.select("child", "least"), known.where("parent <> least").select("parent", "least")
    return own.union(others).toDF("child", "parent").distinct()


def _kept(stars: DataFrame) -> DataFrame:
    """Worked out once and cut off from how: a plan that grew with each round would soon take longer than the work."""
    return stars.localCheckpoint()


def _fingerprint(stars: DataFrame) -> tuple[Any, ...]:
    """Equal for equal sets of edges."""
    return tuple(stars.agg(F.count("*"), F.bit_xor(F.xxhash64("child", "parent"))).first() or ())
