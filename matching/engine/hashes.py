"""Arrays of 64-bit hashes: mixing two into one, which are contained in others, which occur too often."""

from typing import Any

import numpy as np
import numpy.typing as npt

from matching.engine.prepared import Hashes

NONE: Hashes = np.empty(0, np.uint64)
_TABLE_BITS = 22
FEW = 1_000  # values that a binary search finds sooner than a table over their first bits is made


def mix(left: Hashes, right: Hashes) -> Hashes:
    """One hash out of two, order-sensitive (the finaliser of SplitMix64 over their sum)."""
    with np.errstate(over="ignore"):
        value = left * np.uint64(0x9E3779B97F4A7C15) + right
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return value ^ (value >> np.uint64(31))


def contains(sorted_hashes: Hashes, values: Hashes) -> npt.NDArray[np.bool_]:
    """Which of `values` are in `sorted_hashes`."""
    found = np.zeros(len(values), bool)
    if not len(sorted_hashes) or not len(values):
        return found
    if len(values) < FEW:
        at = np.minimum(np.searchsorted(sorted_hashes, values), len(sorted_hashes) - 1)
        return np.asarray(sorted_hashes[at] == values)
    # A table over the first bits rules most of them out, which a binary search would find out slowly.
    table = np.zeros(1 << _TABLE_BITS, bool)
    shift = np.uint64(64 - _TABLE_BITS)
    table[sorted_hashes >> shift] = True
    likely = np.flatnonzero(table[values >> shift])
    at = np.minimum(np.searchsorted(sorted_hashes, values[likely]), len(sorted_hashes) - 1)
    found[likely] = sorted_hashes[at] == values[likely]
    return found


def distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The distinct values in ascending order. By sorting, which for large arrays of hashes beats NumPy's hash table."""
    ordered = np.sort(values)
    if not len(ordered):
        return ordered
    fresh = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return np.asarray(ordered[fresh])


def more_than(hashes: Hashes, most: int) -> Hashes:
    """Hashes that occur more than `most` times, sorted."""
    if len(hashes) <= most:
        return NONE
    if len(hashes) > 1 << (_TABLE_BITS - 4):
        # Counts by the first bits rule most of them out, which sorting would find out slowly.
        bucket = (hashes >> np.uint64(64 - _TABLE_BITS)).astype(np.int64)
        hashes = hashes[np.bincount(bucket, minlength=1 << _TABLE_BITS)[bucket] > most]
    ordered = np.sort(hashes)
    if len(ordered) <= most:
        return NONE
    return distinct(ordered[most:][ordered[most:] == ordered[:-most]])
