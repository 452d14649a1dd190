"""What the training pages show."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from matching.answers import known_answers
from matching.engine.calibration import ScoreBand
from matching.models import TrainingRun
from party_hub.actions.errors import NotFound
from stewardship.queries.reliability import Reliability

_MEASURES = (
    (_("Precision"), "precision", _("Of the pairs that it calls the same, the share that people do.")),
    (_("Recall"), "recall", _("Of the pairs that people call the same, the share that it does.")),
    (_("F1"), "f1", _("The harmonic mean of precision and recall.")),
)


@dataclass(frozen=True)
class Taught:
    """How many answers there are: to learn from, held back, and how many of all are labels (the rest are decisions)."""

    learn: int
    held_back: int
    labels: int


@dataclass(frozen=True)
class Measure:
    """One number of both models, as shares; `better` says which is ahead, "" for neither."""

    label: str
    meaning: str
    active: float | None
    new: float | None
    better: str


@dataclass(frozen=True)
class Beside:
    """The new model beside the one that was in force, on the same held-back answers."""

    pairs: int
    measures: list[Measure]
    log_loss: Measure
    review: Measure


def answers_known() -> Taught:
    """The answers that a training would find. Two queries."""
    answers = known_answers()
    held = sum(one.held_back for one in answers)
    return Taught(len(answers) - held, held, sum(one.labelled for one in answers))


def last_trainings(limit: int = 20) -> list[TrainingRun]:
    """The last trainings, newest first. One query."""
    return list(TrainingRun.objects.defer("result")[:limit])


def training(pk: int) -> TrainingRun:
    """One of them. Raises NotFound."""
    run = TrainingRun.objects.filter(pk=pk).first()
    if run is None:
        raise NotFound(gettext("There is no such training."))
    return run


def training_of(version: str) -> TrainingRun | None:
    """The last training that this model came of."""
    return TrainingRun.objects.filter(model_version=version, state=TrainingRun.State.DONE).first()


def beside(run: TrainingRun) -> Beside | None:
    """Both models of a training that is done."""
    if run.state != TrainingRun.State.DONE:
        return None
    active, new = run.result["active"], run.result["new"]
    return Beside(
        new["pairs"],
        [_measure(label, meaning, active[name], new[name], more=True) for label, name, meaning in _MEASURES],
        _measure(
            _("Log-loss"), _("How wrong its probabilities are; less is better."), active["log_loss"], new["log_loss"]
        ),
        _measure(_("Review queue"), _("Stored pairs that it would show to stewards."), active["review"], new["review"]),
    )


def _measure(label: str, meaning: str, active: float | None, new: float | None, *, more: bool = False) -> Measure:
    better = ""
    if active is not None and new is not None and round(active, 3) != round(new, 3):
        better = "new" if (new > active) == more else "active"
    return Measure(gettext(label), gettext(meaning), active, new, better)


def curve_of(run: TrainingRun) -> list[dict[str, Any]]:
    """The learning curve: precision, recall, f1 and log_loss by number of answers."""
    found: list[dict[str, Any]] = run.result.get("curve", [])
    return found


def held_back_reliability(run: TrainingRun) -> Reliability:
    """How well the new model keeps its word on the answers that were held back."""
    new = run.result["new"]
    return Reliability(new["pairs"], [ScoreBand(**band) for band in new["bands"]], [], new["log_loss"], True)
