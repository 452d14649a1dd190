"""Candidate pairs out of keys."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching.engine.hashes import contains, distinct
from matching.engine.keys import Keys
from matching.engine.prepared import Rows

# Records of a key that stays over-full however it is refined are paired with so many next ones, in the order of ids.
WINDOW = 20

PairRows = tuple[Rows, Rows]


def pairs_of(keys: Keys, count: int) -> PairRows:
    """Distinct pairs (left row < right row) of records that share a key, in ascending order; `count` is the number of
    records, whose rows are in the order of their ids."""
    order = np.argsort(keys.keys, kind="stable")
    rows, values = keys.rows[order], keys.keys[order]
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]]) if len(values) else np.empty(0, np.int64)
    sizes = np.diff(np.r_[starts, len(values)])
    exhausted = contains(keys.exhausted, values[starts])
    codes = [
        _encode(rows, starts[among & (sizes == size)], int(size), count, window)
        for among, window in ((~exhausted, count), (exhausted, WINDOW))
        for size in np.unique(sizes[among])
        if size > 1
    ]
    merged = distinct(np.concatenate(codes)) if codes else np.empty(0, np.int64)
    return merged // count, merged % count


def _encode(rows: Rows, starts: npt.NDArray[np.int64], size: int, count: int, window: int) -> npt.NDArray[np.int64]:
    """Pairs within all blocks of one size, of records that lie no more than `window` apart, each as
    left * count + right; distinct where that saves memory."""
    if window >= size:
        first, second = np.triu_indices(size, 1)
    else:
        first = np.repeat(np.arange(size), window)
        second = first + np.tile(np.arange(1, window + 1), size)
        first, second = first[second < size], second[second < size]
    found = []
    step = max(1, 2_000_000 // max(1, len(first)))
    for begin in range(0, len(starts), step):
        block = rows[starts[begin : begin + step, None] + np.arange(size)]
        one, other = block[:, first].ravel(), block[:, second].ravel()
        found.append(distinct(np.minimum(one, other) * count + np.maximum(one, other)))
    return np.concatenate(found)


def rows_of(pairs: pa.Table, ids: pa.Array) -> PairRows:
    """Pairs of ids (`left`, `right`) as rows of `ids`, in ascending order; pairs of other ids are left out."""
    left, right = (pc.index_in(pairs.column(side), value_set=ids) for side in ("left", "right"))
    inside = pc.is_valid(left)
    one, other = (np.asarray(side.filter(inside), np.int64) for side in (left, right))
    order = np.lexsort((other, one))
    return one[order], other[order]


def in_chunks(pairs: PairRows, size: int = 500_000) -> Iterator[PairRows]:
    """The pairs in pieces that keep memory bounded."""
    left, right = pairs
    for begin in range(0, len(left), size):
        yield left[begin : begin + size], right[begin : begin + size]
