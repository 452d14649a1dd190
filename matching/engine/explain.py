"""Why two records match, or do not: the score as named steps and one plain sentence."""

from dataclasses import dataclass

import numpy as np

from matching.engine.bands import band_of
from matching.engine.compare import PairView, compare
from matching.engine.model import KindModel
from matching.engine.prepared import Prepared
from matching.engine.score import contributions, probability, totals

_TELLING = 1.0  # log-odds from which a contribution is worth a word


@dataclass(frozen=True)
class Contribution:
    """What one attribute adds, in natural log-odds, and the level of agreement that it adds it for."""

    attribute: str
    label: str
    weight: float
    detail: str


@dataclass(frozen=True)
class Explanation:
    """A pair's score taken apart: `total` = `prior` + the contributions' weights, added in their order."""

    prior: float
    contributions: list[Contribution]
    total: float
    probability: float
    band: str
    sentence: str
    model_version: str
    still: str = ""  # why the band is not what the score alone would make it


def explain(model: KindModel, records: Prepared, version: str, left: int = 0, right: int = 1) -> Explanation:
    """Explain one pair of rows. Attributes missing on a side are left out: they add nothing."""
    view = PairView(records, model.frequencies, np.array([left]), np.array([right]))
    levels, rarities = compare(model.terms, view)
    parts = contributions(model, levels, rarities)
    total = float(totals(model, parts)[0])
    steps = [
        Contribution(term.name, term.label, float(part[0]), term.levels[level[0]])
        for term, level, part in zip(model.terms, levels, parts, strict=True)
        if level[0] != 0
    ]
    chance = float(probability(np.array([total]))[0])
    band, why = band_of(model, records, left, right, total)
    sentence = _sentence(steps, chance) + (f" Still {why}." if why else "")
    return Explanation(model.prior, steps, total, chance, band, sentence, version, why)


def _sentence(steps: list[Contribution], chance: float) -> str:
    ordered = sorted(steps, key=lambda step: -abs(step.weight))
    agreeing = [_said(step) for step in ordered if step.weight >= _TELLING][:3]
    against = [_said(step) for step in ordered if step.weight <= -_TELLING][:3]
    verdict = "Probably the same" if chance >= 0.5 else "Probably not the same"
    if chance >= 0.99 or chance <= 0.01:
        verdict = "Almost certainly the same" if chance >= 0.5 else "Almost certainly not the same"
    reasons = [text for text in (_listed("for it", agreeing), _listed("against it", against)) if text]
    return (
        f"{verdict} ({chance:.1%})"
        + (": " + "; ".join(reasons) if reasons else ": too little is known of either")
        + "."
    )


def _said(step: Contribution) -> str:
    return f"{step.label.lower() if not step.label.isupper() else step.label} {step.detail}"


def _listed(what: str, reasons: list[str]) -> str:
    return f"{what} speaks " + ", ".join(reasons) if reasons else ""
