"""Evidence from candidates alone, which nobody has labelled.

Expectation maximisation over the candidate pairs, as in Fellegi and Sunter's model (Winkler, "Using the EM algorithm
for weight computation", 1988), with three differences. The chance of a level among non-matches is taken among
candidates, not among random pairs, so that what the keys agree on anyway counts for little. Because attributes are not
independent, each group of terms is discounted (`dependence`). And the model's own labelled sample, seen as if it had
just the columns that this data fills, keeps a say in the weights, so that a group of terms that agree among themselves
is not taken for what makes two records the same.
"""

import numpy as np
import numpy.typing as npt

from matching.engine import dependence
from matching.engine.additive import Features
from matching.engine.compare import Levels, Term
from matching.engine.dependence import recentred, sigmoid
from matching.engine.evidence import Compared, Evidence, Fit
from matching.engine.frequencies import Rarity
from matching.engine.model import KindModel
from matching.engine.sample import Sample

ROUNDS = 12
SAMPLE_SAY = 0.2  # share of the labelled sample in the weights
_PSEUDO = 2.0
_SETTLED = 4  # rounds after which the chances are good enough to learn discounts from


def fit_among_candidates(model: KindModel, known: Sample, told: Fit, compared: Compared) -> Fit:
    """Expectation maximisation with non-matches from the candidates."""
    levels, rarities = compared.levels, compared.rarities
    groups = dependence.groups(model.terms)
    from_sample = _discounts(model, known, groups)
    factors, score, fitted = from_sample, told.score(compared), told
    for number in range(ROUNDS):
        likely = sigmoid(score)
        share = float(np.clip(likely.mean(), 1e-6, 1 - 1e-6))
        found = _estimate(model.terms, levels, rarities, likely)
        prior = float(np.log(share / (1 - share)))
        if number >= _SETTLED:
            views = dependence.by_group(groups, found.of(levels, rarities))
            factors = dependence.across_views(views, prior, from_sample)
        found = found.scaled(dependence.spread(groups, factors))
        score, fitted = _with_sample(Fit(prior, found), told.evidence, compared)
    return fitted


def _with_sample(alone: Fit, taught: Evidence, compared: Compared) -> tuple[Features, Fit]:
    """Scores and fit of what was found in the data, the labelled sample having its say; as many matches as the data
    shows."""
    weights = alone.evidence.scaled(1.0 - SAMPLE_SAY).plus(taught.scaled(SAMPLE_SAY))
    raw = weights.of(compared.levels, compared.rarities).sum(axis=0)
    score = recentred(raw, float(sigmoid(alone.score(compared)).mean()))
    return score, Fit(float(score[0] - raw[0]), weights)


def _discounts(model: KindModel, known: Sample, groups: list[str]) -> dict[str, float]:
    """What the labelled sample says of the groups' dependence."""
    evidence = _estimate(model.terms, known.levels, known.rarities, known.same.astype(float))
    views = dependence.by_group(groups, evidence.of(known.levels, known.rarities))
    return dependence.from_answers(views, known.same)


def _estimate(terms: tuple[Term, ...], levels: Levels, rarities: Rarity, likely: Features) -> Evidence:
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
