"""Reference data and rules as others see them: the same over REST and in `reference.changed`."""

from collections.abc import Mapping
from functools import lru_cache
from time import time
from typing import Any

from django.db.models import Model

from party_hub.domain.attributes import ATTRIBUTES
from party_hub.domain.masking import mask_of
from party_hub.domain.reference import ReferenceSet
from party_hub.models import (
    AttributeTrust,
    Country,
    Currency,
    IdentifierScheme,
    Industry,
    Language,
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
    ReferenceSet.CURRENCIES: Currency,
    ReferenceSet.LANGUAGES: Language,
    ReferenceSet.INDUSTRIES: Industry,
}


def model_of(reference_set: ReferenceSet) -> type[Model]:
    """The table of the set. Raises KeyError for `attributes`, which have none: see `attribute_definitions`."""
    return _MODELS[reference_set]


def set_of(row: Model) -> ReferenceSet:
    """The set that the row belongs to. Raises KeyError for what is no reference data."""
    return {model: reference_set for reference_set, model in _MODELS.items()}[type(row)]


def as_values(row: Model) -> dict[str, Any]:
    """The row's columns; a link to another row is that row's key."""
    return {field.attname.removesuffix("_id"): field.value_from_object(row) for field in row._meta.concrete_fields}


def attribute_definitions() -> list[dict[str, Any]]:
    """What each canonical attribute is: label, shape, whether a party has several, whom it is of, how it is masked."""
    return [
        {
            "name": attribute.name,
            "label": attribute.label,
            "type": attribute.shape.value,
            "multi_valued": attribute.many,
            "parts": list(attribute.parts),
            "identity": list(attribute.identity),
            "kinds": [kind.value for kind in attribute.kinds],
            "personal": attribute.personal,
            "mask": mask_of(attribute.name).value,
            "weight": attribute.weight,
        }
        for attribute in ATTRIBUTES
    ]


REFRESHED = 300  # seconds after which a changed name is shown


def legal_form_names() -> Mapping[str, str]:
    """Legal forms' names by ELF code, with the abbreviation where there is one. A query every five minutes."""
    return _legal_form_names(int(time() // REFRESHED))


@lru_cache(maxsize=1)
def _legal_form_names(now: int) -> Mapping[str, str]:
    rows = LegalForm.objects.values_list("code", "name", "abbreviation")
    return {code: f"{name} ({short})" if short else name for code, name, short in rows}


def industry_titles() -> Mapping[str, str]:
    """Industries' titles by code, the code without dots. A query every five minutes."""
    return _industry_titles(int(time() // REFRESHED))


@lru_cache(maxsize=1)
def _industry_titles(now: int) -> Mapping[str, str]:
    return {code.replace(".", ""): title for code, title in Industry.objects.values_list("code", "title")}
