"""What agreement says where records have little to say: non-matches taken from random pairs, not from candidates.

Candidates are found by what they agree on. Where records have little more than what finds them, the non-matches among
the candidates agree on the one thing or on the other, hardly ever on both, and evidence that takes things to be
independent makes far too little of a pair that does. Among random pairs there is no such selection, and the odds of a
match given all levels do not depend on it: the keys are made of what is compared (as in Fellegi and Sunter, "A Theory
for Record Linkage", 1969, where non-matches are all pairs). What random pairs hide is what households and branches of
one firm have in common, so rich records are better judged by their candidates.
"""

import numpy as np

from matching.engine.additive import Features
from matching.engine.candidates import SomePairs
from matching.engine.compare import EXACT
from matching.engine.dependence import sigmoid
from matching.engine.evidence import Compared, Evidence, Fit
from matching.engine.model import KindModel
from matching.engine.prepared import Prepared

ROUNDS = 12
PAIRS = 400_000
_PSEUDO = 2.0
# How log-odds grow with rarity. Two records share a value by chance as often as the square of its share says, and a
# match as often as its share: equality gains 1 for each unit of log rarity. What is only alike says less.
_SLOPE, _SLOPE_ALIKE = 0.8, 0.4
_FEWEST = 3  # pairs at a level from which its rarities tell something


def fit_at_random(
    model: KindModel, records: Prepared, pairs: SomePairs, candidates: Compared, likely: Features, seed: int
) -> Fit:
    """Prior and evidence from expectation maximisation over the candidates, beginning with the chances `likely`, with
    non-matches from pairs drawn at random."""
    drawn = _drawn(model, records, seed)
    for _ in range(ROUNDS):
        prior = float(np.log(max(likely.sum(), 1.0) / pairs.out_of))
        evidence = _estimate(model, candidates, likely, drawn)
        fit = Fit(prior, evidence)
        likely = sigmoid(fit.score(candidates))
    return fit


def _drawn(model: KindModel, records: Prepared, seed: int) -> Compared:
    rng = np.random.default_rng(seed)
    left, right = rng.integers(0, len(records), (2, PAIRS))
    apart = left != right
    return Compared.of(model, records, (left[apart], right[apart]))


def _estimate(model: KindModel, candidates: Compared, likely: Features, drawn: Compared) -> Evidence:
    """Evidence of each level: its chance among likely matches against that among random pairs."""
    weights, slopes = np.zeros_like(model.weights), np.zeros_like(model.weights)
    for row, term in enumerate(model.terms):
        count = len(term.levels)
        matched = np.bincount(candidates.levels[row], weights=likely, minlength=count)[1:]
        apart = np.bincount(drawn.levels[row], minlength=count)[1:].astype(float)
        if not (matched.any() and apart.any()):
            continue
        pooled = _PSEUDO * (matched / matched.sum() + apart / apart.sum() + 1e-9) / 2
        matched, apart = matched + pooled, apart + pooled
        weights[row, 1:count] = np.log(matched / matched.sum()) - np.log(apart / apart.sum())
        for level in sorted(term.weighted):
            at = drawn.levels[row] == level
            if int(at.sum()) >= _FEWEST:
                slope = _SLOPE if level == EXACT else _SLOPE_ALIKE
                slopes[row, level] = slope
                weights[row, level] -= np.log(np.exp(slope * drawn.rarities[row][at]).mean())
    return Evidence(weights, slopes)
