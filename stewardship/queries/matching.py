"""What the match model is and what it did last."""

from dataclasses import dataclass
from math import exp
from typing import Any

from django.db import connection
from django.db.models import Count

from matching.models import Band, CandidatePair, MatchModel, MatchRun

from .figures import kept

TENTHS = """
SELECT least(width_bucket(probability, 0, 1, 10), 10), count(*) FROM matching_candidatepair
WHERE band = 'review' GROUP BY 1
"""


@dataclass(frozen=True)
class Threshold:
    """From which probability on a kind's pairs are joined by themselves, and from which a steward is asked."""

    kind: str
    automatic: float
    review: float


@dataclass(frozen=True)
class MatchingOverview:
    """The active model, its thresholds, what waits in its review band, and its last runs."""

    model: MatchModel | None
    thresholds: list[Threshold]
    bands: dict[str, int]
    scores: list[tuple[str, int]]
    runs: list[MatchRun]


def overview() -> MatchingOverview:
    """All that the page shows. Four queries."""
    model = MatchModel.objects.defer("artefact").filter(active=True).first()
    bands, scores = kept("pairs", lambda: (_bands(), _scores()))
    return MatchingOverview(model, _thresholds(model), bands, scores, list(MatchRun.objects.all()[:15]))


def _bands() -> dict[str, int]:
    pairs = CandidatePair.objects.values_list("band").annotate(pairs=Count("pk")).order_by()
    return {**dict.fromkeys(Band.values, 0), **dict(pairs)}


def _thresholds(model: MatchModel | None) -> list[Threshold]:
    stored: dict[str, dict[str, Any]] = model.thresholds if model else {}
    return [
        Threshold(kind, _probability(bands["automatic"]), _probability(bands["review"]))
        for kind, bands in sorted(stored.items())
        if "automatic" in bands and "review" in bands
    ]


def _probability(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))


def _scores() -> list[tuple[str, int]]:
    """Pairs in the review band by tenth of probability."""
    with connection.cursor() as cursor:
        cursor.execute(TENTHS)
        found = dict(cursor.fetchall())
    return [(f"{10 * tenth - 10}–{10 * tenth} %", found.get(tenth, 0)) for tenth in range(1, 11)]
