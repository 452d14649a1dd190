"""Reference data and rules: changed here, with audit and event, by whoever keeps them."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model

from party_hub.chain import Step, hand_over
from party_hub.domain.reference import ReferenceSet
from party_hub.events.catalog import Cause
from party_hub.events.outbox import tell_reference
from party_hub.models import SurvivorshipRule
from party_hub.queries.reference import as_values, set_of

from .audit import audit

# What golden records and relationships depend on: a change of these is worked out anew for every party.
DECISIVE = {
    ReferenceSet.RULES: {field.name for field in SurvivorshipRule._meta.concrete_fields},
    ReferenceSet.ATTRIBUTE_TRUST: {"source", "attribute", "trust"},
    ReferenceSet.SOURCES: {"trust", "duplicate_free"},
    ReferenceSet.RELATIONSHIP_TYPES: {"code", "hierarchical", "position", "party_kind", "other_kind"},
}


@transaction.atomic
def save_reference(*, row: Model, actor: str, user: User | None = None) -> None:
    """Saves a new or changed row. Nothing happens where nothing differs."""
    former = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None
    before = as_values(former) if former else {}
    changed = sorted(name for name, value in as_values(row).items() if before.get(name) != value)
    if former is not None and not changed:
        return
    row._history_user = user  # type: ignore[attr-defined]
    row.save()
    _tell(row, "updated" if former else "created", changed, actor)


@transaction.atomic
def delete_reference(*, row: Model, actor: str, user: User | None = None) -> None:
    """Deletes a row. Raises `ProtectedError` where something refers to it."""
    key = row.pk
    row._history_user = user  # type: ignore[attr-defined]
    row.delete()
    row.pk = key
    _tell(row, "deleted", sorted(as_values(row)), actor)


def _tell(row: Model, change: str, changed: Collection[str], actor: str) -> None:
    cause = Cause(actor=actor, rule="change_reference")
    reference_set = set_of(row)
    values = None if change == "deleted" else as_values(row)
    said = {"set": reference_set.value, "key": str(row.pk), "change": change, "values": values}
    tell_reference(f"{reference_set}/{row.pk}", {**said, "changedAttributes": sorted(changed)}, cause)
    audit(
        act=cause.id, actor=actor, verb=f"reference_{change}", subject_type=reference_set.value, subject_id=row.pk,
        attributes=sorted(changed),
    )  # fmt: skip
    if DECISIVE.get(reference_set, set()) & set(changed):
        hand_over(Step.REBUILD, actor=actor)
