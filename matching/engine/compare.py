"""Comparison kernels: two columns of a pair each, a level out. Every distinct pair of values is compared once.

A level says how well two values agree (0 = one of them is missing); beside it stands the rarity of what they agree on.
Both depend on the two values and the frozen frequencies alone, not on which side a value stands, nor on what else is
compared with them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import process

from matching.engine.frequencies import Frequencies, Rarity
from matching.engine.prepared import Column, Prepared, Rows

Levels = npt.NDArray[np.int8]
Texts = npt.NDArray[np.object_]
MISSING = 0
EXACT = 1


@dataclass(frozen=True)
class Term:
    """One attribute of a comparison: its name, what its levels are called, at which of them rarity counts, and its
    kernel. `against`: levels that never speak for a match, besides the last."""

    name: str
    label: str
    levels: tuple[str, ...]
    kernel: "Callable[[PairView], tuple[Levels, Rarity]]"
    weighted: frozenset[int] = frozenset()
    against: frozenset[int] = frozenset()
    group: str = ""  # terms of one group say much the same: a shared city adds little to a shared postcode


@dataclass
class PairView:
    """Pairs of rows of `records`, and what is needed to compare them."""

    records: Prepared
    frequencies: Frequencies
    left: Rows
    right: Rows
    memo: dict[str, Any] = field(default_factory=dict, repr=False)  # what several terms need, worked out once

    def __len__(self) -> int:
        return len(self.left)

    def codes(self, name: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """The coded values of a field on both sides."""
        codes = self.records[name].codes
        return codes[self.left], codes[self.right]

    def rarity(self, name: str) -> Rarity:
        """The rarity of a field's values: of the more frequent one where the sides differ, 0 where one is missing."""
        column = self.records[name]
        if not len(column.values):
            return np.zeros(len(self))
        per_value = self.frequencies.of(name, column)
        one, other = self.codes(name)
        return np.where((one < 0) | (other < 0), 0.0, np.minimum(per_value[one], per_value[other]))


@dataclass(frozen=True)
class DistinctPairs:
    """The distinct unordered pairs of unlike values among the pairs, and where each of them occurs."""

    rows: Rows  # positions among the pairs
    inverse: Rows  # for each of those, its distinct pair
    one: npt.NDArray[np.int64]  # codes; the value with the smaller hash comes first
    other: npt.NDArray[np.int64]
    column: Column

    @property
    def texts(self) -> tuple[Texts, Texts]:
        return self.column.values[self.one], self.column.values[self.other]


def distinct_pairs(
    column: Column, one: npt.NDArray[np.int32], other: npt.NDArray[np.int32], among: npt.NDArray[np.bool_]
) -> DistinctPairs:
    """Distinct pairs of values where `among` holds. Sides are put in the order of their hashes, so kernels are
    symmetric."""
    rows = np.flatnonzero(among)
    first, second = one[rows].astype(np.int64), other[rows].astype(np.int64)
    if len(rows):
        hashes = column.hashes
        swap = hashes[first] > hashes[second]
        first, second = np.where(swap, second, first), np.where(swap, first, second)
    inverse, distinct = pd.factorize(first * max(1, len(column.values)) + second)
    return DistinctPairs(
        rows, inverse, distinct // max(1, len(column.values)), distinct % max(1, len(column.values)), column
    )


def graded(view: PairView, name: str, grade: Callable[[DistinctPairs], Levels]) -> Levels:
    """Levels of a field: missing, exact, or what `grade` says of each distinct pair of unlike values."""
    column = view.records[name]
    one, other = view.codes(name)
    levels = np.where(one == other, EXACT, MISSING).astype(np.int8)
    present = (one >= 0) & (other >= 0)
    levels[~present] = MISSING
    found = distinct_pairs(column, one, other, present & (one != other))
    if len(found.one):
        levels[found.rows] = grade(found)[found.inverse]
    return levels


def score(
    scorer: Callable[..., float], one: Sequence[str] | Texts, other: Sequence[str] | Texts, dtype: type = np.float32
) -> npt.NDArray[np.float64]:
    """A rapidfuzz scorer over aligned texts."""
    if not len(one):
        return np.empty(0)
    return np.asarray(process.cpdist(one, other, scorer=scorer, dtype=dtype, workers=1), dtype=np.float64)


def lengths(values: Texts) -> npt.NDArray[np.int64]:
    """Length of each text."""
    return np.fromiter(map(len, values), np.int64, len(values))


def first_of(conditions: Sequence[tuple[npt.NDArray[np.bool_], int]], otherwise: int) -> Levels:
    """The level of the first condition that holds."""
    return np.select([held for held, _ in conditions], [level for _, level in conditions], otherwise).astype(np.int8)


def compare(terms: Sequence[Term], view: PairView) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float64]]:
    """Levels and rarities of all terms, one row a term and one column a pair."""
    levels = np.zeros((len(terms), len(view)), np.int8)
    rarities = np.zeros((len(terms), len(view)), np.float64)
    for index, term in enumerate(terms):
        levels[index], rarities[index] = term.kernel(view)
    return levels, rarities
