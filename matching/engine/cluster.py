"""Clusters over many links: the hub's constrained clustering, run component by component."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matching.engine.prepared import Rows
from party_hub.domain import clusters, doubts

Labels = npt.NDArray[np.int64]


def cluster_rows(
    count: int, left: Rows, right: Rows, probability: npt.NDArray[np.float64], ids: Sequence[str]
) -> Labels:
    """A cluster number for each of `count` rows under links (left, right, probability); `ids` break ties.

    Components whose links are complete, or that have two records, need no thought; the others go through the hub's
    clustering.
    """
    links = coo_matrix((np.ones(len(left)), (left, right)), shape=(count, count))
    number, label = connected_components(links, directed=False)
    sizes, found = np.bincount(label, minlength=number), np.bincount(label[left], minlength=number)
    doubtful = (sizes > 2 * doubts.WEAK_BRIDGE_SIZE - 1) & (found < sizes * (sizes - 1) // 2)
    chosen = doubtful[label]
    label = label.astype(np.int64)
    if chosen.any():
        _split(label, np.flatnonzero(chosen), number, left, right, probability, ids)
    return np.asarray(label, dtype=np.int64)


def _split(
    label: Labels,
    rows: Rows,
    number: int,
    left: Rows,
    right: Rows,
    probability: npt.NDArray[np.float64],
    ids: Sequence[str],
) -> None:
    """Cluster the records of doubtful components anew, in the order of their ids."""
    among = np.isin(left, rows)
    rank: dict[int, Any] = {int(row): (str(ids[row]), int(row)) for row in rows}
    links = [
        (rank[int(a)], rank[int(b)], float(p))
        for a, b, p in zip(left[among], right[among], probability[among], strict=True)
    ]
    for index, members in enumerate(clusters.cluster(rank.values(), links).members):
        for _, row in members:
            label[row] = number + index
