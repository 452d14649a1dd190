"""One match model: what it is, what its thresholds would do to the pairs that are stored, and what it would change."""

from dataclasses import dataclass

from django.db import connection

from matching.models import MatchModel
from party_hub.actions.errors import NotFound

_BANDS = """
WITH pair AS (
    SELECT p.total, p.probability, l.source_id = r.source_id AS within,
           %(automatic)s + CASE WHEN l.source_id = r.source_id THEN %(same_source)s ELSE 0 END AS automatic
    FROM matching_candidatepair p
    JOIN party_hub_sourcerecord l ON l.id = p.left_id JOIN party_hub_sourcerecord r ON r.id = p.right_id
    WHERE p.kind = %(kind)s
)
SELECT wanted.within, count(*) FILTER (WHERE total >= automatic),
       coalesce(avg(probability) FILTER (WHERE total >= automatic), 0),
       count(*) FILTER (WHERE total >= %(review)s AND total < automatic)
FROM (VALUES (false), (true)) AS wanted (within) LEFT JOIN pair ON pair.within = wanted.within
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class Bands:
    """The bands of a kind, in one case (both records of one source, or not), on the stored pairs: how many join by
    themselves and how many of those are expected to be right; how many a steward would see."""

    kind: str
    within: bool
    automatic_from: float
    review_from: float
    automatic: int
    precision: float
    review: int


@dataclass(frozen=True)
class ModelPage:
    """All that the page of one model shows. `bands` is empty where the stored pairs were scored by other weights."""

    model: MatchModel
    in_force: MatchModel | None
    bands: list[Bands]


def models_kept(limit: int = 20) -> list[MatchModel]:
    """The stored models, newest first. One query."""
    return list(MatchModel.objects.defer("artefact")[:limit])


def model_page(version: str) -> ModelPage:
    """The model of this version. Raises NotFound."""
    model = MatchModel.objects.defer("artefact").filter(version=version).first()
    if model is None:
        raise NotFound(f"There is no match model {version!r}.")
    in_force = MatchModel.objects.defer("artefact").filter(active=True).first()
    return ModelPage(model, in_force, _bands(model) if in_force and _weights(model) == _weights(in_force) else [])


def _weights(model: MatchModel) -> str:
    """Names the weights of a model: tuning thresholds leaves them as they are."""
    return str(model.trained.get("weights_of", model.version))


def _bands(model: MatchModel) -> list[Bands]:
    found = []
    with connection.cursor() as cursor:
        for kind, at in sorted(model.thresholds.items()):
            more = at.get("same_source", 0.0)
            values = {"kind": kind, "automatic": at["automatic"], "review": at["review"], "same_source": more}
            cursor.execute(_BANDS, values)
            found += [
                Bands(kind, within, at["automatic"] + within * more, at["review"], automatic, precision, review)
                for within, automatic, precision, review in cursor.fetchall()
            ]
    return found
