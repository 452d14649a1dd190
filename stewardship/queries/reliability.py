"""Whether a model's probabilities keep their word, by what people answered."""

from dataclasses import dataclass

from matching.answers import known_answers
from matching.engine.calibration import ScoreBand, band_from, log_loss, score_bands
from matching.models import Band, CandidatePair, MatchModel


@dataclass(frozen=True)
class Reliability:
    """Precision by score band and by what becomes of a pair (automatic, review), and the log-loss of all answers."""

    answers: int
    bands: list[ScoreBand]
    by_fate: list[tuple[str, ScoreBand]]
    log_loss: float | None
    only_held_back: bool


def reliability_of(model: MatchModel) -> Reliability:
    """The model in force against all answers to pairs that it has scored; of one that learned from answers, those only
    that it never saw. Three queries."""
    taught = "taught" in model.trained
    answers = {(one.left, one.right): one.same for one in known_answers() if one.held_back or not taught}
    pairs = CandidatePair.objects.filter(left__in={left for left, _ in answers})
    scored = [
        (chance, answers[left, right], band)
        for left, right, chance, band in pairs.values_list("left_id", "right_id", "probability", "band")
        if (left, right) in answers
    ]
    said = [(chance, same) for chance, same, _ in scored]
    by_fate = [
        (band.label, band_from(0.0, 1.0, ((chance, same) for chance, same, fate in scored if fate == band)))
        for band in Band
    ]
    return Reliability(len(said), score_bands(said), by_fate, log_loss(said), taught)
