"""Models into the store, and the one in force."""

import gzip
import json
import uuid
from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction
from django.db.models.functions import Now

from matching.engine.model import Model, Thresholds
from matching.models import MatchModel
from matching.queries import default_model, model_of
from party_hub.actions.audit import audit
from party_hub.actions.errors import Conflict, NotFound
from party_hub.domain.attributes import Kind


@transaction.atomic
def store_model(*, model: Model, actor: str) -> MatchModel:
    """Keep a model; it is not in force yet. The same model is kept once."""
    body = gzip.compress(json.dumps(model.to_json(), sort_keys=True).encode(), 9, mtime=0)
    thresholds = {kind.value: body.thresholds.to_json() for kind, body in model.kinds.items()}
    kept, created = MatchModel.objects.get_or_create(
        version=model.version,
        defaults={"artefact": body, "trained": model.trained, "thresholds": thresholds, "created_by": actor},
    )
    if created:
        audit(act=uuid.uuid4(), actor=actor, verb="store", subject_type="match_model", subject_id=model.version)
    return kept


@transaction.atomic
def tune_thresholds(*, version: str, thresholds: Mapping[Kind, Thresholds], actor: str, reason: str) -> MatchModel:
    """Keep a copy of a stored model with other thresholds; it is not in force yet.

    Raises NotFound for no such version, Conflict where thresholds are out of order.
    """
    model = model_of(version)
    for kind, chosen in thresholds.items():
        if not chosen.review < chosen.automatic:
            raise Conflict(f"{kind.value}: the review band must begin below the automatic one.")
        model = model.with_thresholds(kind, replace(chosen, match=model.kinds[kind].thresholds.match))
    return store_model(
        model=Model(
            model.kinds, {**model.trained, "weights_of": model.trained.get("weights_of", version), "why": reason}
        ),
        actor=actor,
    )


@transaction.atomic
def activate_model(*, version: str, actor: str, reason: str = "") -> MatchModel:
    """Put a stored model in force. What is matched from now on is matched by it; a full run brings the rest in line.

    Raises NotFound where there is no such version.
    """
    chosen = MatchModel.objects.select_for_update().filter(version=version).first()
    if chosen is None:
        raise NotFound(f"There is no match model {version!r}.")
    for former in MatchModel.objects.select_for_update().filter(active=True).exclude(pk=chosen.pk):
        former.active = False
        former.save(update_fields=["active"])
    if not chosen.active:
        MatchModel.objects.filter(pk=chosen.pk).update(activated_at=Now())
        chosen.refresh_from_db(fields=["activated_at"])
        chosen.active = True
        chosen.save(update_fields=["active"])
        audit(
            act=uuid.uuid4(),
            actor=actor,
            verb="activate",
            subject_type="match_model",
            subject_id=version,
            reason=reason,
        )
    return chosen


def ensure_model(*, actor: str) -> str:
    """The version in force; where none was ever activated, the model that ships is stored and put in force."""
    version = MatchModel.objects.filter(active=True).values_list("version", flat=True).first()
    if version is None:
        version = store_model(model=default_model(), actor=actor).version
        activate_model(version=version, actor=actor, reason="The model that ships with the hub.")
    return version
