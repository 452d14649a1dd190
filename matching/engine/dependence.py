"""How much of each group's evidence is left when all groups of terms speak together.

Terms of one group say much the same (a shared city adds little to a shared postcode), so their sum is taken times a
factor. It is learned twice: from the model's labelled sample, and from the data at hand, where each group is measured
against those pairs that the other groups are sure of (as in co-training: Blum and Mitchell, 1998).
"""

import numpy as np
import numpy.typing as npt

from matching.engine.additive import AdditiveClassifier, Features
from matching.engine.compare import Term

SURE = 0.03  # chance of being wrong up to which the other groups' word is taken for an answer
FEWEST = 30  # sure pairs of either answer; below, the labelled sample alone decides
DATA_SAY = 0.6  # weight of the data at hand against the labelled sample, in the logarithm of the factor
_RANGE = (0.15, 1.2)
_LENIENCE = 0.1  # how far a factor moves from none: other data is not quite like the sample
_MOST = 10_000
_COUNTED = 2_000.0  # pairs are alike, so more of them prove no more than this many

Views = dict[str, Features]


def sigmoid(score: Features) -> Features:
    """Log-odds as chances."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(score, -500, 500))))


def recentred(score: Features, share: float) -> Features:
    """The scores moved together so that their mean chance is `share`."""
    low, high = -30.0, 30.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if float(sigmoid(score + middle).mean()) > share else (middle, high)
    return np.asarray(score + (low + high) / 2)


def groups(terms: tuple[Term, ...]) -> list[str]:
    """The group of each term; one that names none is a group of its own."""
    return [term.group or term.name for term in terms]


def by_group(names: list[str], parts: Features) -> Views:
    """Each group's evidence on the pairs, out of one row a term."""
    return {name: parts[[group == name for group in names]].sum(axis=0) for name in sorted(set(names))}


def spread(names: list[str], factors: dict[str, float]) -> Features:
    """The factor of each term."""
    return np.array([factors[name] for name in names], dtype=np.float64)


def from_answers(views: Views, same: npt.NDArray[np.bool_]) -> dict[str, float]:
    """Factors from pairs whose answers are known."""
    together = np.array(list(views.values()))
    start = np.r_[0.0, np.ones(len(views))]
    fitted = AdditiveClassifier(start, spread=_LENIENCE, intercept_spread=10.0).fit(together.T, same)
    return dict(zip(views, np.clip(fitted.vector_[1:], *_RANGE).tolist(), strict=True))


def across_views(views: Views, prior: float, before: dict[str, float]) -> dict[str, float]:
    """Factors from the data itself: each group's evidence fitted to what all other groups are sure of."""
    total = prior + np.sum([before[name] * view for name, view in views.items()], axis=0)
    return {name: _measured(view, total - before[name] * view, before[name]) for name, view in views.items()}


def _measured(view: Features, others: Features, before: float) -> float:
    chance = sigmoid(others)
    sure = np.flatnonzero(((chance > 1 - SURE) | (chance < SURE)) & (view != 0))[:_MOST]
    same = chance[sure] > 0.5
    if min(int(same.sum()), int((~same).sum())) <= FEWEST or float(view[sure].std()) < 0.1:
        return before
    weight = np.full(len(sure), min(1.0, _COUNTED / len(sure)))
    fitted = AdditiveClassifier(np.array([0.0, before]), spread=1.0, intercept_spread=10.0).fit(
        view[sure][:, None], same, weight
    )
    measured = float(np.clip(fitted.vector_[1], *_RANGE))
    # More than all of it is never taken: households and corporate families agree in several groups at once.
    return float(min(1.0, before ** (1 - DATA_SAY) * measured**DATA_SAY))
