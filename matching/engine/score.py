"""From levels to scores: a sum of named contributions in log-odds, in one fixed order, so that every runner gets the
same bits."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.engine.compare import Levels, PairView, compare
from matching.engine.frequencies import CEILING, Rarity
from matching.engine.model import KindModel, Weights
from matching.engine.pairs import PairRows, in_chunks
from matching.engine.prepared import Prepared, Rows

Scores = npt.NDArray[np.float64]
# The groups of terms in the order in which they are compared: what tells most for its time first, names last.
_STEPS = (("", "identifier", "contact"), ("place",), ("name",))
_ROUNDING = 1e-6  # far more than the order of a sum makes out


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
    chunks = [
        _score_chunk(model, records, *chunk, -np.inf if keep_from is None else keep_from) for chunk in in_chunks(pairs)
    ]
    return merged(chunks, len(model.terms))


def _score_chunk(model: KindModel, records: Prepared, left: Rows, right: Rows, keep_from: float) -> Scored:
    """The pairs that reach `keep_from`. Step by step, and those that cannot reach it any more are not compared further:
    most are so by what is compared first.
    """
    parts = dict[int, Scores]()
    most = _most(model)
    for groups in _STEPS:
        own = [row for row, term in enumerate(model.terms) if term.group in groups]
        view = PairView(records, model.frequencies, left, right)
        compared = compare([model.terms[row] for row in own], view)
        parts |= zip(own, weighed(model.weights[own], model.slopes[own], *compared), strict=True)
        most[own] = 0.0
        kept = np.flatnonzero(sum(parts.values(), model.prior + most.sum()) >= keep_from - _ROUNDING)
        if len(kept) < len(left):
            left, right, parts = left[kept], right[kept], {row: part[kept] for row, part in parts.items()}
    together = np.stack([parts[row] for row in range(len(model.terms))])
    scored = Scored(left, right, totals(model, together), np.ascontiguousarray(together.T.astype(np.float32)))
    return scored.where(scored.total >= keep_from)


def _most(model: KindModel) -> Scores:
    """The most that each term can add."""
    return np.asarray((model.weights + np.maximum(model.slopes, 0.0) * CEILING).max(axis=1), dtype=np.float64)


def merged(chunks: list[Scored], terms: int) -> Scored:
    """Chunks put together again."""
    if not chunks:
        none = np.empty(0, np.int64)
        return Scored(none, none, np.empty(0), np.empty((0, terms), np.float32))
    columns = ([getattr(chunk, name) for chunk in chunks] for name in ("left", "right", "total", "contributions"))
    return Scored(*(np.concatenate(column) for column in columns))
