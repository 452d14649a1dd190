"""Components on Spark are the components that one process finds."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import pytest
from django.conf import settings as hub
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

pytestmark = pytest.mark.spark

Edges = list[tuple[str, str]]


def on_spark(edges: Edges, number: int = 3) -> tuple[dict[str, str], list[list[str]]]:
    """The component of each node, and the chunks of whole components."""
    from matching.engine.components import chunks, components
    from matching.engine.spark import SparkRunner

    spark = SparkRunner(hub.SPARK_MASTER, hub.SPARK_DRIVER_MEMORY, hub.JAVA_HOME).session()
    found = components(spark.createDataFrame(edges, "left string, right string")).cache()
    return {row.node: row.component for row in found.collect()}, [row.nodes for row in chunks(found, number).collect()]


def in_process(edges: Edges) -> dict[str, str]:
    """What SciPy finds, each component known by its least node."""
    nodes = sorted({node for edge in edges for node in edge})
    row = {node: index for index, node in enumerate(nodes)}
    left, right = [row[one] for one, _ in edges], [row[other] for _, other in edges]
    labels = connected_components(coo_matrix((np.ones(len(edges)), (left, right)), shape=(len(nodes),) * 2), False)[1]
    least: dict[int, str] = {}
    for node, label in zip(nodes, labels, strict=True):
        least.setdefault(label, node)
    return {node: least[label] for node, label in zip(nodes, labels, strict=True)}


def random_graph(seed: int) -> Edges:
    """Small groups as links make them, a chain, a star, a ring, edges told twice and records that stand alone."""
    random = np.random.default_rng(seed)
    ids = [f"{number:08x}" for number in random.permutation(3_000)]
    ends = random.integers(0, 1_000, (600, 2))
    edges = [(ids[a], ids[b]) for a, b in ends] + [(ids[b], ids[a]) for a, b in ends[:50]]
    chain = [(ids[at], ids[at + 1]) for at in range(1_000, 1_300)]
    star = [(ids[1_400], ids[at]) for at in range(1_401, 1_700)]
    ring = [(ids[1_800 + at], ids[1_800 + (at + 1) % 100]) for at in range(100)]
    return edges + chain + star + ring + [(node, node) for node in ids[2_000:]]


@pytest.mark.parametrize("seed", [1, 2])
def test_random_graphs_fall_into_the_same_components(seed: int) -> None:
    edges = random_graph(seed)
    assert on_spark(edges)[0] == in_process(edges)


def test_chunks_hold_every_node_once_and_part_no_component() -> None:
    edges = random_graph(4)
    component, chunks = on_spark(edges, number=5)
    assert sorted(node for chunk in chunks for node in chunk) == sorted(component)
    assert len(chunks) == 5
    assert not _parted(chunks, component)


def _parted(chunks: Iterable[list[str]], component: dict[str, str]) -> set[str]:
    places = defaultdict(set)
    for number, chunk in enumerate(chunks):
        for node in chunk:
            places[component[node]].add(number)
    return {one for one, where in places.items() if len(where) > 1}


def test_where_nothing_is_linked_each_node_is_its_own_component() -> None:
    assert on_spark([("a", "a"), ("b", "b")])[0] == {"a": "a", "b": "b"}
