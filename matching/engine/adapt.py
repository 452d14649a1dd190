"""Fitting a model to data that nobody has labelled.

Frequencies and over-full keys are counted anew. What agreement proves is learned from the data by judges that look for
non-matches in different places, `among_candidates` and `at_random`; which of them is heard depends on how much the
records have to say.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum, auto

import numpy as np
import numpy.typing as npt

from matching.engine import dependence, frequencies
from matching.engine.additive import AdditiveClassifier, Layout
from matching.engine.among_candidates import fit_among_candidates
from matching.engine.at_random import fit_at_random
from matching.engine.candidates import some_pairs
from matching.engine.dependence import recentred, sigmoid
from matching.engine.evidence import Compared, Evidence, Fit, pooled
from matching.engine.keys import freeze_overfull
from matching.engine.model import KindModel
from matching.engine.parts import Parts
from matching.engine.prepared import Prepared
from matching.engine.sample import Sample
from matching.engine.thresholds import choose_unlabelled
from party_hub.domain.attributes import Kind

EM_PAIRS = 100_000
FILLED = 0.02  # share of pairs in which a term must be filled on both sides to count as present
FEWEST_PAIRS = 200  # below, there is nothing to estimate from
_LITTLE = 2  # groups of terms


class Filling(Enum):
    """What records have to say, which decides where non-matches are looked for (`at_random` says why)."""

    OF_THE_PERSON = auto()  # name and birth, which no household shares
    LITTLE = auto()  # of an organisation, its name and one thing that others share: no judge alone is to be trusted
    RICH = auto()


def freeze(model: KindModel, records: Prepared) -> KindModel:
    """The model with frequencies and over-full keys counted over these records."""
    counted = replace(model, frequencies=frequencies.count(records), overfull=np.empty(0, np.uint64))
    return replace(counted, overfull=freeze_overfull(Parts(records, counted.frequencies), counted.rules))


def adapt(model: KindModel, records: Prepared, seed: int = 0, *, answers_follow: bool = False) -> KindModel:
    """The model fitted to these records without any answers; where some follow, as the start of learning from them."""
    frozen = freeze(model, records)
    pairs = some_pairs(frozen, records, EM_PAIRS, seed)
    if len(pairs) < FEWEST_PAIRS or not len(model.sample):
        return frozen
    compared = Compared.of(frozen, records, (pairs.left, pairs.right))
    present = (compared.levels > 0).mean(axis=1) > FILLED
    known = model.sample.restricted(present)
    told = _direct(model, known)

    filling, judges = _filling(model, present), []
    if filling is Filling.LITTLE and answers_follow:
        filling = Filling.RICH  # whoever answers is the better judge
    if filling is not Filling.OF_THE_PERSON:
        judges.append(fit_among_candidates(model, known, told, compared))
    if filling is not Filling.RICH:
        judges.append(fit_at_random(frozen, records, pairs, compared, sigmoid(told.score(compared)), seed))
    if filling is Filling.LITTLE:
        judges.append(told)
    return _fitted(frozen, judges, told, compared)


def _filling(model: KindModel, present: npt.NDArray[np.bool_]) -> Filling:
    groups = {group for group, there in zip(dependence.groups(model.terms), present, strict=True) if there}
    groups -= {"country"}  # it tells hardly anybody apart
    if groups == {"name", "date_of_birth"}:
        return Filling.OF_THE_PERSON
    little = len(groups) <= _LITTLE and "identifier" not in groups
    return Filling.LITTLE if little and model.kind is Kind.ORGANISATION else Filling.RICH


def _fitted(model: KindModel, judges: Sequence[Fit], told: Fit, compared: Compared) -> KindModel:
    """The model with what the judges say together, and thresholds for its scores; of several, none may doubt what is
    joined by itself."""
    fit = pooled(judges)
    score = fit.score(compared)
    pessimist = (score + recentred(told.score(compared), float(sigmoid(score).mean()))) / 2
    if len(judges) > 1:
        pessimist = np.minimum.reduce([pessimist, judges[0].score(compared)])
    return replace(
        model,
        prior=fit.prior,
        weights=fit.evidence.weights,
        slopes=fit.evidence.slopes,
        thresholds=choose_unlabelled(score, pessimist),
    )


def _direct(model: KindModel, known: Sample) -> Fit:
    """Additive weights fitted to the labelled sample as it is."""
    layout = Layout(model.kind, model.terms)
    fitted = AdditiveClassifier(np.zeros(len(layout) + 1), spread=1.5).fit(
        layout.features(known.levels, known.rarities), known.same
    )
    prior, weights, slopes = layout.unpack(fitted.vector_, model.weights)
    return Fit(prior, Evidence(weights, slopes))
