"""One match model: what it is, what its thresholds would do to the pairs that are stored, and what it would change."""

from dataclasses import dataclass

from django.db import connection

from matching.models import MatchModel
from party_hub.actions.errors import NotFound

_BANDS = """
SELECT count(*) FILTER (WHERE total >= %(automatic)s),
       coalesce(avg(probability) FILTER (WHERE total >= %(automatic)s), 0),
       count(*) FILTER (WHERE total >= %(review)s AND total < %(automatic)s)
FROM matching_candidatepair WHERE kind = %(kind)s
"""


@dataclass(frozen=True)
class Bands:
    """A kind's bands on the stored pairs: how many join by themselves and how many of those are expected to be right;
    how many a steward would see."""

    kind: str
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
            cursor.execute(_BANDS, {"kind": kind, "automatic": at["automatic"], "review": at["review"]})
            automatic, precision, review = cursor.fetchone()
            found.append(Bands(kind, at["automatic"], at["review"], automatic, precision, review))
    return found
