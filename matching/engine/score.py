"""From levels to scores: a sum of named contributions in log-odds, in one fixed order, so that every runner gets the
same bits."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.engine.compare import Levels, PairView, compare
from matching.engine.frequencies import Rarity
from matching.engine.model import KindModel, Weights
from matching.engine.pairs import PairRows, in_chunks
from matching.engine.prepared import Prepared, Rows

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scored:
    """Pairs with their total log-odds; `contributions` has a row a pair and a column a term, in the model's order."""

    left: Rows
    right: Rows
    total: Scores
    contributions: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.left)

    @property
    def probability(self) -> Scores:
        return probability(self.total)

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Scored":
        return Scored(self.left[chosen], self.right[chosen], self.total[chosen], self.contributions[chosen])


def probability(total: Scores) -> Scores:
    """Log-odds as a probability."""
    return np.asarray(1.0 / (1.0 + np.exp(-total)), dtype=np.float64)


def contributions(model: KindModel, levels: Levels, rarities: Rarity) -> npt.NDArray[np.float64]:
    """What each term adds, one row a term and one column a pair."""
    return weighed(model.weights, model.slopes, levels, rarities)


def weighed(weights: Weights, slopes: Weights, levels: Levels, rarities: Rarity) -> npt.NDArray[np.float64]:
    """Weight of each level, plus slope times rarity: one row a term and one column a pair."""
    parts = np.empty(levels.shape)
    for row in range(len(levels)):
        parts[row] = weights[row].take(levels[row])
        if slopes[row].any():
            parts[row] += slopes[row].take(levels[row]) * rarities[row]
    return parts


def totals(model: KindModel, parts: npt.NDArray[np.float64]) -> Scores:
    """Prior and contributions added up term by term: float addition is not associative, so the order is part of the
    score."""
    total = np.full(parts.shape[1], model.prior)
    for part in parts:
        total += part
    return total


def score_pairs(model: KindModel, records: Prepared, pairs: PairRows, keep_from: float | None = None) -> Scored:
    """Score pairs chunk by chunk; those below `keep_from` log-odds are dropped as they come."""
    return merged(list(score_chunks(model, records, pairs, keep_from)), len(model.terms))


def score_chunks(
    model: KindModel, records: Prepared, pairs: PairRows, keep_from: float | None = None
) -> Iterator[Scored]:
    """As `score_pairs`, one chunk at a time."""
    for left, right in in_chunks(pairs):
        parts = contributions(model, *compare(model.terms, PairView(records, model.frequencies, left, right)))
        scored = Scored(left, right, totals(model, parts), np.ascontiguousarray(parts.T.astype(np.float32)))
        yield scored if keep_from is None else scored.where(scored.total >= keep_from)


def merged(chunks: list[Scored], terms: int) -> Scored:
    """Chunks put together again."""
    if not chunks:
        none = np.empty(0, np.int64)
        return Scored(none, none, np.empty(0), np.empty((0, terms), np.float32))
    columns = ([getattr(chunk, name) for chunk in chunks] for name in ("left", "right", "total", "contributions"))
    return Scored(*(np.concatenate(column) for column in columns))
