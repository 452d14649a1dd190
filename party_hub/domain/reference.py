"""The sets of reference data, by the names under which others know them."""

from enum import StrEnum


class ReferenceSet(StrEnum):
    """What administrators keep and downstream systems hear of."""

    COUNTRIES = "countries"
    LEGAL_FORMS = "legal-forms"
    IDENTIFIER_SCHEMES = "identifier-schemes"
    SOURCES = "sources"
    RULES = "rules"
    ATTRIBUTE_TRUST = "attribute-trust"
    RELATIONSHIP_TYPES = "relationship-types"
    CURRENCIES = "currencies"
    LANGUAGES = "languages"
    INDUSTRIES = "industries"
    ATTRIBUTES = "attributes"  # the canonical ones: part of the hub, so they change with its version alone
