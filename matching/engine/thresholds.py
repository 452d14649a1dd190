"""Where the three bands lie, chosen from pairs with known answers."""

import numpy as np
import numpy.typing as npt

from matching.engine.cluster import cluster_rows
from matching.engine.evaluate import Labels, pairwise
from matching.engine.model import Thresholds
from matching.engine.score import Scored, Scores, probability

PRECISION = 0.996  # of the automatic band, a little above what is promised
KEPT = 0.99  # share of the true pairs among the candidates that automatic and review bands hold together
_CEILING = 8.0
# Where the training data would let looser ones pass: other data is harder.
_LOWEST_AUTOMATIC = 3.0
_MATCH = (1.0, 1.5, 2.0, 2.5, 3.0)
# For data without answers.
_UNLABELLED_MATCH = 1.5
_UNLABELLED_AUTOMATIC = (3.5, 9.0)
_UNLABELLED_REVIEW = (-5.0, 0.0)
_FLATTER = 0.7  # a fit without answers is surer of itself than it should be


def choose(scored: Scored, truth: Labels, ids: list[str]) -> Thresholds:
    """Automatic: the lowest from which precision holds. Review: the highest that keeps the true pairs. Match: the best
    F1 of clusters."""
    same = truth[scored.left] == truth[scored.right]
    match = _best(scored, truth, ids)
    automatic = max(match, _LOWEST_AUTOMATIC, _lowest_precise(scored.total, same))
    kept = float(np.quantile(scored.total[same], 1 - KEPT)) if same.any() else -2.0
    return Thresholds(automatic=round(automatic, 2), review=round(min(kept, match, automatic - 1.0), 2), match=match)


def choose_unlabelled(score: Scores, pessimist: Scores) -> Thresholds:
    """Thresholds from scores alone. Automatic: the lowest from which `pessimist`, another judge of the same pairs, too
    expects the precision that is promised. Review: the highest that keeps the matches that the scores expect."""
    order = np.argsort(-score, kind="stable")
    expected = np.cumsum(probability(pessimist[order])) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(expected >= PRECISION)
    lowest, highest = _UNLABELLED_AUTOMATIC
    automatic = float(np.clip(score[order[enough[-1]]], lowest, highest)) if len(enough) else highest
    mass = np.cumsum(probability(_FLATTER * score[order]))
    kept = float(score[order[min(int(np.searchsorted(mass, KEPT * mass[-1])), len(order) - 1)]])
    return Thresholds(round(automatic, 2), round(float(np.clip(kept, *_UNLABELLED_REVIEW)), 2), _UNLABELLED_MATCH)


def _lowest_precise(total: npt.NDArray[np.float64], same: npt.NDArray[np.bool_]) -> float:
    order = np.argsort(-total, kind="stable")
    precision = np.cumsum(same[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(precision >= PRECISION)
    return min(float(total[order[enough[-1]]]), _CEILING) if len(enough) else _CEILING


def _best(scored: Scored, truth: Labels, ids: list[str]) -> float:
    quality = {}
    for threshold in _MATCH:
        chosen = scored.where(scored.total >= threshold)
        labels = cluster_rows(len(truth), chosen.left, chosen.right, chosen.probability, ids)
        quality[threshold] = pairwise(labels, truth).f1
    return max(quality, key=lambda threshold: (round(quality[threshold], 4), -threshold))
