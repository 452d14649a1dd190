"""What each level adds to the log-odds of a match, as several judges may see it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.engine.additive import Features
from matching.engine.compare import Levels, PairView, compare
from matching.engine.frequencies import Rarity
from matching.engine.model import KindModel, Weights
from matching.engine.pairs import PairRows
from matching.engine.prepared import Prepared
from matching.engine.score import weighed


@dataclass(frozen=True)
class Compared:
    """Pairs as the model sees them: one column a pair."""

    levels: Levels
    rarities: Rarity

    @classmethod
    def of(cls, model: KindModel, records: Prepared, pairs: PairRows) -> "Compared":
        return cls(*compare(model.terms, PairView(records, model.frequencies, *pairs)))


@dataclass(frozen=True)
class Evidence:
    """Log-odds of each level, and how they change with rarity, as if terms were independent."""

    weights: Weights
    slopes: Weights

    def of(self, levels: Levels, rarities: Rarity) -> Features:
        """What each term would add, one row a term and one column a pair."""
        return weighed(self.weights, self.slopes, levels, rarities)

    def scaled(self, factors: Features | float) -> "Evidence":
        """Each term's evidence times its factor."""
        column = np.reshape(factors, (-1, 1))
        return Evidence(self.weights * column, self.slopes * column)

    def plus(self, other: "Evidence") -> "Evidence":
        return Evidence(self.weights + other.weights, self.slopes + other.slopes)


@dataclass(frozen=True)
class Fit:
    """Prior log-odds and evidence: all that makes a score."""

    prior: float
    evidence: Evidence

    def score(self, pairs: Compared) -> Features:
        """Log-odds of each pair."""
        return np.asarray(self.prior + self.evidence.of(pairs.levels, pairs.rarities).sum(axis=0))


def pooled(fits: Sequence[Fit]) -> Fit:
    """The mean of their scores: a logarithmic opinion pool (Genest and Zidek, "Combining Probability Distributions",
    1986)."""
    share = 1.0 / len(fits)
    evidence = fits[0].evidence
    for fit in fits[1:]:
        evidence = evidence.plus(fit.evidence)
    return Fit(sum(fit.prior for fit in fits) * share, evidence.scaled(share))
