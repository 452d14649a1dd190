"""Learning weights from answered pairs, and checking them by others.

The classifier is the one that dedupe is handed: it starts from a model's weights, moves as far as the answers ask for,
and keeps each weight in the sense of its level. Which keys find pairs is not learned here: every answered pair was
found by a key, so answers say nothing of pairs that no key finds (`train_model` learns those, with dedupe).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.engine.additive import AdditiveClassifier, Layout
from matching.engine.calibration import log_loss
from matching.engine.evidence import Compared
from matching.engine.model import KindModel
from matching.engine.score import Scores, contributions, probability, totals

SPREAD = 1.0  # log-odds by which a weight may easily move
FEWEST_OF_A_KIND = 10
CURVE = (10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000)


@dataclass(frozen=True)
class Answered:
    """Pairs of one kind with their answers, and when each was given, as a number that orders the answers of all
    kinds."""

    compared: Compared
    same: npt.NDArray[np.bool_]
    when: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.same)

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Answered":
        compared = Compared(self.compared.levels[:, chosen], self.compared.rarities[:, chosen])
        return Answered(compared, self.same[chosen], self.when[chosen])


@dataclass(frozen=True)
class Check:
    """A model against answers that it has not seen: of `pairs` it found `found`, of which `right` are among the `same`
    that there are."""

    pairs: int
    same: int
    found: int
    right: int
    log_loss: float | None

    @property
    def precision(self) -> float | None:
        """Of what it found, the share that is right; None where it found nothing."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Of what there is, the share that it found; None where there is nothing to find."""
        return self.right / self.same if self.same else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both: 2 right / (found + same)."""
        return 2 * self.right / (self.found + self.same) if self.found + self.same else None

    def to_json(self) -> dict[str, Any]:
        measured = {name: getattr(self, name) for name in ("precision", "recall", "f1", "log_loss")}
        return {
            "pairs": self.pairs,
            **{name: None if value is None else round(value, 6) for name, value in measured.items()},
        }


def taught(model: KindModel, answered: Answered) -> KindModel:
    """The model with weights fitted to the answers; as it is where they are too few, or all the same."""
    if len(answered) < FEWEST_OF_A_KIND or len(set(answered.same.tolist())) < 2:
        return model
    layout = Layout(model.kind, model.terms)
    features = layout.features(answered.compared.levels, answered.compared.rarities)
    classifier = AdditiveClassifier(layout.pack(model), spread=SPREAD, bounds=layout.senses())
    prior, weights, slopes = layout.unpack(classifier.fit(features, answered.same).vector_, model.weights)
    return replace(model, prior=prior, weights=weights, slopes=slopes)


def score(model: KindModel, compared: Compared) -> Scores:
    """The total log-odds of compared pairs."""
    return totals(model, contributions(model, compared.levels, compared.rarities))


def predictions(models: Sequence[KindModel], answered: Sequence[Answered]) -> list[tuple[float, bool]]:
    """Predicted probability and answer of the pairs of all kinds."""
    return [
        (float(chance), bool(same))
        for model, own in zip(models, answered, strict=True)
        for chance, same in zip(probability(score(model, own.compared)), own.same, strict=True)
    ]


def check(models: Sequence[KindModel], answered: Sequence[Answered]) -> Check:
    """The models of all kinds against answers that were held back; a match is what reaches the match threshold."""
    found = same = right = 0
    for model, own in zip(models, answered, strict=True):
        said = score(model, own.compared) >= model.thresholds.match
        found, same, right = found + int(said.sum()), same + int(own.same.sum()), right + int((said & own.same).sum())
    told = predictions(models, answered)
    return Check(len(told), same, found, right, log_loss(told))


def curve_steps(answers: int) -> list[int]:
    """Numbers of answers at which the learning curve is drawn: none, some, all."""
    return [0, *(step for step in CURVE if step < answers), *([answers] if answers else [])]


def first(answered: Answered, number: int) -> Answered:
    """Those of a kind that are among the first `number` answers of all kinds."""
    return answered.where(answered.when < number)
