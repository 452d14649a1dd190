"""What puts a question before another: a sum of five parts, each with its most.

The same sum is worked out by PostgreSQL for all questions at once (`PRIORITY`) and here for one, to be shown.
"""

from dataclasses import dataclass
from math import log

from django.utils.translation import gettext as _

BY_KIND = {
    "conflict": 30, "identifier": 25, "lei_news": 25, "ambiguous": 22, "weak_cluster": 20, "pin": 20, "lei_status": 20,
    "contradiction": 18, "source_duplicate": 15, "match": 10,
}  # fmt: skip
UNCERTAINTY, IMPACT, IMPORTANCE, AGE = 30, 20, 10, 10
# Of a likeness whose identifiers contradict each other the answer is mostly no, whatever the odds: others go first.
UNCERTAINTY_CONTRADICTED = 5
# `kind`, `probability`, `contradicted`, `records`, `sources` and `days` are columns of the query that this is put into.
PRIORITY = f"""least(100, round(
    CASE kind {" ".join(f"WHEN '{kind}' THEN {points}" for kind, points in BY_KIND.items())} END
    + CASE WHEN contradicted THEN {UNCERTAINTY_CONTRADICTED} ELSE {UNCERTAINTY} END
      * 4 * coalesce(probability, 0.5) * (1 - coalesce(probability, 0.5))
    + least({IMPACT}, 5 * ln(records))
    + least({IMPORTANCE}, 2 * sources)
    + least({AGE}, days / 3)
))::smallint"""


@dataclass(frozen=True)
class Part:
    """One summand, with the most that it can be and what it stands for."""

    label: str
    points: float
    most: int
    meaning: str


def parts(
    *, kind: str, probability: float | None, records: int, sources: int, days: float, contradicted: bool = False
) -> list[Part]:
    """The summands for one question. `records` and `sources` are those of both parties together; `contradicted` is
    said of likenesses alone."""
    chance = 0.5 if probability is None else probability
    uncertainty = UNCERTAINTY_CONTRADICTED if contradicted else UNCERTAINTY
    odds = _("little, for the identifiers contradict each other") if contradicted else _("most at even odds")
    return [
        Part(_("Kind"), BY_KIND[kind], max(BY_KIND.values()), _("conflicts first, plain likenesses last")),
        Part(_("Uncertainty"), uncertainty * 4 * chance * (1 - chance), uncertainty, odds),
        Part(_("Impact"), min(IMPACT, 5 * log(records)), IMPACT, _("how many source records hang on the answer")),
        Part(_("Importance"), min(IMPORTANCE, 2 * sources), IMPORTANCE, _("how many source systems know the parties")),
        Part(_("Age"), min(AGE, days / 3), AGE, _("a point every three days")),
    ]


def total(summands: list[Part]) -> int:
    """The priority, 0–100."""
    return min(100, round(sum(part.points for part in summands)))
