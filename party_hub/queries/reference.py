"""Reference data and rules as others see them: the same over REST and in `reference.changed`."""

from typing import Any

from django.db.models import Model

from party_hub.domain.reference import ReferenceSet
from party_hub.models import (
    AttributeTrust,
    Country,
    IdentifierScheme,
    LegalForm,
    RelationshipType,
    SourceSystem,
    SurvivorshipRule,
)

_MODELS: dict[ReferenceSet, type[Model]] = {
    ReferenceSet.COUNTRIES: Country,
    ReferenceSet.LEGAL_FORMS: LegalForm,
    ReferenceSet.IDENTIFIER_SCHEMES: IdentifierScheme,
    ReferenceSet.SOURCES: SourceSystem,
    ReferenceSet.RULES: SurvivorshipRule,
    ReferenceSet.ATTRIBUTE_TRUST: AttributeTrust,
    ReferenceSet.RELATIONSHIP_TYPES: RelationshipType,
}


def model_of(reference_set: ReferenceSet) -> type[Model]:
    """The table of the set."""
    return _MODELS[reference_set]


def set_of(row: Model) -> ReferenceSet:
    """The set that the row belongs to. Raises KeyError for what is no reference data."""
    return {model: reference_set for reference_set, model in _MODELS.items()}[type(row)]


def as_values(row: Model) -> dict[str, Any]:
    """The row's columns; a link to another row is that row's key."""
    return {field.attname.removesuffix("_id"): field.value_from_object(row) for field in row._meta.concrete_fields}
