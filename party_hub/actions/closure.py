"""Which records a change reaches: everything joined to it by links, live must-links or a common party, step by step.

A party that a record belonged to once counts too, and where its retired id leads: what either says may depend on it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import connection

from party_hub.models.copy import as_array, copy_out

CHUNK_RECORDS = 5_000

# Gives the ids of all records in chunks that keep together what is joined.
Divide = Callable[[], Iterable[list[str]]]

# A link counts in both directions, and a held one too, for what holds it may have gone. Thousands of ids are read once
# and handed on; where records belong they are named again, for the planner has to know there how many they are.
SPREAD = """
WITH frontier AS MATERIALIZED (SELECT %(frontier)s::uuid[] AS ids),
ours AS MATERIALIZED (
    SELECT party_id, upper_inf(span) AS live FROM party_hub_membership WHERE record_id = ANY(%(frontier)s::uuid[])
)
SELECT right_id::text FROM party_hub_link WHERE left_id = ANY((SELECT ids FROM frontier)::uuid[])
UNION SELECT left_id::text FROM party_hub_link WHERE right_id = ANY((SELECT ids FROM frontier)::uuid[])
UNION SELECT right_id::text FROM party_hub_decision
    WHERE left_id = ANY((SELECT ids FROM frontier)::uuid[]) AND retracted_at IS NULL AND judgement = 'match'
UNION SELECT left_id::text FROM party_hub_decision
    WHERE right_id = ANY((SELECT ids FROM frontier)::uuid[]) AND retracted_at IS NULL AND judgement = 'match'
UNION SELECT theirs.record_id::text FROM ours
    JOIN party_hub_membership theirs ON theirs.party_id = ours.party_id AND upper_inf(theirs.span)
UNION SELECT theirs.record_id::text FROM ours
    JOIN party_hub_redirect led ON led.retired_id = ours.party_id
    JOIN party_hub_membership theirs ON theirs.party_id = led.survivor_id AND upper_inf(theirs.span)
    WHERE NOT ours.live
"""
EDGES = """
SELECT left_id AS a, right_id AS b FROM party_hub_link
UNION ALL SELECT left_id, right_id FROM party_hub_decision WHERE retracted_at IS NULL AND judgement = 'match'
UNION ALL SELECT record_id, first_value(record_id) OVER (PARTITION BY party_id ORDER BY record_id)
    FROM party_hub_membership
"""


def gather(records: Collection[UUID | str]) -> set[str]:
    """The ids of `records` and of all they reach. Ids without a record (erased meanwhile, mistyped by a caller) are
    nobody's neighbours.
    """
    reached: set[str] = set()
    frontier = set(map(str, records))
    with connection.cursor() as cursor:
        while frontier:
            reached |= frontier
            cursor.execute(SPREAD, {"frontier": as_array(frontier)})
            frontier = {record for (record,) in cursor.fetchall()} - reached
    return reached


def in_whole_components(records: Collection[UUID | str] | None) -> Iterator[list[str]]:
    """`records` (None: all of them) in chunks of about `CHUNK_RECORDS` that keep together what is joined.

    Many come with all that they reach, so that no chunk has to reach beyond itself. A hint for dividing bulk work, no
    more: each chunk gathers its reach again under the lock that it works under.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if records is not None and len(records) <= CHUNK_RECORDS:
        yield list(map(str, records))
        return
    if records is None:
        nodes = _column(copy_out("SELECT id FROM party_hub_sourcerecord ORDER BY id"), "id")
    else:
        nodes = pa.array(sorted(gather(records)))
    labels = _labels(nodes)
    ordered = nodes.take(pc.sort_indices(labels))
    sorted_labels = labels.take(pc.sort_indices(labels)).to_numpy()
    start = 0
    while start < len(ordered):
        end = min(start + CHUNK_RECORDS, len(ordered))
        while end < len(ordered) and sorted_labels[end] == sorted_labels[end - 1]:
            end += 1
        yield ordered.slice(start, end - start).to_pylist()
        start = end


def _column(csv: bytes, name: str) -> Any:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    options = arrow_csv.ConvertOptions(column_types={name: pa.string()})
    return arrow_csv.read_csv(pa.BufferReader(csv), convert_options=options)[name].combine_chunks()


def _labels(nodes: Any) -> Any:
    """For each node, the number of its connected component among `nodes`; edges that leave them are passed over."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    edges = copy_out(EDGES)
    left, right = (pc.index_in(_column(edges, name), value_set=nodes) for name in ("a", "b"))
    inside = pc.and_(pc.is_valid(left), pc.is_valid(right))
    rows, columns = left.filter(inside).to_numpy(), right.filter(inside).to_numpy()
    graph = coo_matrix(([True] * len(rows), (rows, columns)), shape=(len(nodes), len(nodes)))
    return pa.array(connected_components(graph, directed=False)[1])
