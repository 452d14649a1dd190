"""Fitting a model to data that nobody has labelled.

Frequencies and over-full keys are counted anew. Weights come from expectation maximisation over the candidate pairs, as
in Fellegi and Sunter's model (Winkler, "Using the EM algorithm for weight computation", 1988), with three differences.
The chance of a level among non-matches is taken among candidates, not among random pairs, so that what the keys agree
on anyway counts for little. Because attributes are not independent, each group of terms is discounted (`dependence`).
And the model's own labelled sample, seen as if it had just the columns that this data fills, keeps a say in the
weights, so that a group of terms that agree among themselves is not taken for what makes two records the same.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from matching.engine import dependence, frequencies
from matching.engine.additive import AdditiveClassifier, Features, Layout
from matching.engine.candidates import some_pairs
from matching.engine.compare import Levels, PairView, Term, compare
from matching.engine.dependence import recentred, sigmoid
from matching.engine.frequencies import Rarity
from matching.engine.keys import freeze_overfull
from matching.engine.model import KindModel, Weights
from matching.engine.parts import Parts
from matching.engine.prepared import Prepared
from matching.engine.sample import Sample
from matching.engine.score import weighed
from matching.engine.thresholds import choose_unlabelled

ROUNDS = 12
EM_PAIRS = 100_000
FILLED = 0.02  # share of pairs in which a term must be filled on both sides to count as present
FEWEST_PAIRS = 200  # below, there is nothing to estimate from
_PSEUDO = 2.0
_SETTLED = 4  # rounds after which the chances are good enough to learn discounts from
SAMPLE_SAY = 0.2  # share of the labelled sample in the weights


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


def freeze(model: KindModel, records: Prepared) -> KindModel:
    """The model with frequencies and over-full keys counted over these records."""
    counted = replace(model, frequencies=frequencies.count(records), overfull=np.empty(0, np.uint64))
    return replace(counted, overfull=freeze_overfull(Parts(records, counted.frequencies), counted.rules))


def adapt(model: KindModel, records: Prepared, seed: int = 0) -> KindModel:
    """The model fitted to these records without any answers."""
    frozen = freeze(model, records)
    left, right = some_pairs(frozen, records, EM_PAIRS, seed)
    if len(left) < FEWEST_PAIRS or not len(model.sample):
        return frozen
    levels, rarities = compare(model.terms, PairView(records, frozen.frequencies, left, right))
    return fit_unlabelled(frozen, levels, rarities)


def fit_unlabelled(model: KindModel, levels: Levels, rarities: Rarity) -> KindModel:
    """Prior, weights, slopes and thresholds from compared pairs without answers."""
    present = (levels > 0).mean(axis=1) > FILLED
    known = model.sample.restricted(present)
    prior, weights, slopes = _direct(model, known)
    taught = Evidence(weights, slopes)
    told = prior + taught.of(levels, rarities).sum(axis=0)
    groups = dependence.groups(model.terms)
    from_sample = _discounts(model, known, groups)
    factors, score, fitted = from_sample, told, (prior, taught)
    for number in range(ROUNDS):
        likely = sigmoid(score)
        share = float(np.clip(likely.mean(), 1e-6, 1 - 1e-6))
        found = estimate(model.terms, levels, rarities, likely)
        prior = float(np.log(share / (1 - share)))
        if number >= _SETTLED:
            views = dependence.by_group(groups, found.of(levels, rarities))
            factors = dependence.across_views(views, prior, from_sample)
        found = found.scaled(dependence.spread(groups, factors))
        score, fitted = _pooled(prior, found, taught, levels, rarities)
    pessimist = (score + recentred(told, float(sigmoid(score).mean()))) / 2
    return replace(
        model,
        prior=fitted[0],
        weights=fitted[1].weights,
        slopes=fitted[1].slopes,
        thresholds=choose_unlabelled(score, pessimist),
    )


def _pooled(
    prior: float, found: Evidence, taught: Evidence, levels: Levels, rarities: Rarity
) -> tuple[Features, tuple[float, Evidence]]:
    """Scores and weights (with their prior) of what was found in the data, the labelled sample having its say; as many
    matches as the data shows."""
    alone = prior + found.of(levels, rarities).sum(axis=0)
    weights = found.scaled(1.0 - SAMPLE_SAY).plus(taught.scaled(SAMPLE_SAY))
    raw = weights.of(levels, rarities).sum(axis=0)
    score = recentred(raw, float(sigmoid(alone).mean()))
    return score, (float(score[0] - raw[0]), weights)


def _direct(model: KindModel, known: Sample) -> tuple[float, Weights, Weights]:
    """Additive weights fitted to the labelled sample as it is."""
    layout = Layout(model.kind, model.terms)
    fitted = AdditiveClassifier(np.zeros(len(layout) + 1), spread=1.5).fit(
        layout.features(known.levels, known.rarities), known.same
    )
    return layout.unpack(fitted.vector_, model.weights)


def _discounts(model: KindModel, known: Sample, groups: list[str]) -> dict[str, float]:
    """What the labelled sample says of the groups' dependence."""
    evidence = estimate(model.terms, known.levels, known.rarities, known.same.astype(float))
    views = dependence.by_group(groups, evidence.of(known.levels, known.rarities))
    return dependence.from_answers(views, known.same)


def estimate(terms: tuple[Term, ...], levels: Levels, rarities: Rarity, likely: Features) -> Evidence:
    """Evidence of each level under the chance `likely` that each pair is a match."""
    weights = np.zeros((len(terms), max(len(term.levels) for term in terms)))
    slopes = np.zeros_like(weights)
    for row, term in enumerate(terms):
        count = len(term.levels)
        matched = np.bincount(levels[row], weights=likely, minlength=count)[1:]
        other = np.bincount(levels[row], weights=1.0 - likely, minlength=count)[1:]
        pooled = _PSEUDO * (matched + other + 1e-9) / (matched + other + 1e-9).sum()
        matched, other = matched + pooled, other + pooled
        weights[row, 1:count] = np.log(matched / matched.sum()) - np.log(other / other.sum())
        for level in sorted(term.weighted):
            slope, middle = _slope(levels[row] == level, rarities[row], likely)
            slopes[row, level] = slope
            weights[row, level] -= slope * middle
    return Evidence(weights, slopes)


def _slope(at: npt.NDArray[np.bool_], rarity: Rarity, likely: Features) -> tuple[float, float]:
    """How log-odds grow with rarity at one level, and the rarity at which it adds nothing: a linear discriminant over
    it."""
    values, chance = rarity[at], likely[at]
    matched, other = float(chance.sum()), float((1.0 - chance).sum())
    if len(values) <= 50 or matched <= 5 or other <= 5:
        return 0.0, 0.0
    mean_matched, mean_other = float((values * chance).sum()) / matched, float((values * (1.0 - chance)).sum()) / other
    spread = (
        float(((values - mean_matched) ** 2 * chance + (values - mean_other) ** 2 * (1.0 - chance)).sum()) / len(values)
        + 0.5
    )
    return float(np.clip((mean_matched - mean_other) / spread, 0.0, 1.5)), (mean_matched + mean_other) / 2
