"""Which pairs to ask stewards about.

To learn from: those of which a committee of models is least sure. Each member is fitted to another resample of the
answers that are known and of the pairs that the model remembers; the entropy of their mean vote is high where every
member is in doubt and where the members disagree (Dagan and Engelson, "Committee-based sampling for training
probabilistic classifiers", 1995). dedupe's own learner looks above all for pairs that no predicate covers; stored
candidate pairs are all covered, so it would spread its questions over the scores only.

To check by: pairs spread evenly over all scores, whatever any model thinks of them.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from matching.engine.additive import AdditiveClassifier, Layout
from matching.engine.compare import Levels
from matching.engine.evidence import Compared
from matching.engine.model import KindModel

MEMBERS = 7
REMEMBERED = 400  # pairs of the model's own sample that each member sees
_AGAIN = 0.5  # what a question is worth after one whose records compare in the same way


def most_telling(
    model: KindModel, asked: Compared, known: Compared, same: npt.NDArray[np.bool_], seed: int = 0
) -> npt.NDArray[np.int64]:
    """The positions of the pairs in `asked`, the most telling first, given the answers `same` to the pairs `known`."""
    if not asked.levels.shape[1]:
        return np.empty(0, np.int64)
    votes = _votes(model, asked, known, same, np.random.default_rng(seed))
    doubt = entropy(votes.mean(axis=0))
    return np.argsort(-doubt * _novelty(asked.levels, doubt), kind="stable")


def entropy(probability: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The entropy of a yes or no in bits: 1 at even odds, 0 where it is sure."""
    chance = np.clip(probability, 1e-12, 1 - 1e-12)
    return np.asarray(-(chance * np.log2(chance) + (1 - chance) * np.log2(1 - chance)))


def _votes(
    model: KindModel, asked: Compared, known: Compared, same: npt.NDArray[np.bool_], rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Each member's probability for each pair in `asked`."""
    layout = Layout(model.kind, model.terms)
    features, start = layout.features(asked.levels, asked.rarities), layout.pack(model)
    answered = layout.features(known.levels, known.rarities)
    remembered = layout.features(model.sample.levels, model.sample.rarities) if len(model.sample) else answered[:0]
    votes = []
    for _ in range(MEMBERS):
        again = rng.integers(len(answered), size=len(answered)) if len(answered) else np.empty(0, np.int64)
        some = rng.permutation(len(remembered))[:REMEMBERED]
        learned = np.concatenate([answered[again], remembered[some]])
        said = np.concatenate([same[again], model.sample.same[some]])
        votes.append(AdditiveClassifier(start).fit(learned, said).predict_proba(features)[:, 1])
    return np.array(votes)


def _novelty(levels: Levels, doubt: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """1 for the most doubtful pair of each way to compare, half of that for the next such pair, and so on."""
    _, pattern = np.unique(levels, axis=1, return_inverse=True)
    seen: dict[int, int] = {}
    worth = np.empty(len(doubt))
    for position in np.argsort(-doubt, kind="stable"):
        number = seen.get(int(pattern[position]), 0)
        seen[int(pattern[position])] = number + 1
        worth[position] = _AGAIN**number
    return worth


def spread_evenly(total: npt.NDArray[np.float64], ids: Sequence[str]) -> npt.NDArray[np.int64]:
    """The positions of pairs such that each stretch of them holds all scores: one of each two log-odds in turn.

    `ids` decide which comes first among those of like score.
    """
    band = np.digitize(total, np.arange(-12, 13, 2))
    order = sorted(range(len(total)), key=lambda position: (band[position], ids[position]))
    turn = np.empty(len(total), np.int64)
    seen: dict[int, int] = {}
    for position in order:
        turn[position] = seen.get(int(band[position]), 0)
        seen[int(band[position])] = int(turn[position]) + 1
    return np.lexsort((band, turn))
