"""Reference data and rules."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

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

from .base import ReferenceAdmin


class KeyedAdmin(ReferenceAdmin):
    """Rows whose key others refer to: it is given once."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The code of an existing row stays."""
        return ("code",) if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The code first, though Django puts what cannot be edited last."""
        return ["code", *(name for name in super().get_fields(request, obj) if name != "code")]


@admin.register(SourceSystem)
class SourceSystemAdmin(KeyedAdmin):
    """Where records come from, and how far each is trusted."""

    list_display = ("name", "code", "trust", "duplicate_free", "owner")
    search_fields = ("code", "name", "owner")


@admin.register(SurvivorshipRule)
class SurvivorshipRuleAdmin(ReferenceAdmin):
    """How the winner of each attribute is chosen."""

    list_display = ("attribute", "party_type", "strategy", "then", "follows")
    list_filter = ("strategy", "party_type")


@admin.register(AttributeTrust)
class AttributeTrustAdmin(ReferenceAdmin):
    """Where a source is trusted more, or less, in one attribute than as a whole."""

    list_display = ("source", "attribute", "trust")
    list_filter = ("source", "attribute")


@admin.register(IdentifierScheme)
class IdentifierSchemeAdmin(KeyedAdmin):
    """Kinds of identifiers."""

    list_display = ("name", "code", "one_per_party", "personal")
    search_fields = ("code", "name")


@admin.register(RelationshipType)
class RelationshipTypeAdmin(KeyedAdmin):
    """Ways in which parties stand to each other."""

    list_display = ("name", "code", "inverse_name", "hierarchical", "position", "one_at_a_time", "symmetric")
    list_filter = ("hierarchical", "one_at_a_time", "symmetric")
    search_fields = ("code", "name", "inverse_name")


@admin.register(Country)
class CountryAdmin(KeyedAdmin):
    """Countries."""

    list_display = ("name", "code")
    search_fields = ("code", "name")


@admin.register(LegalForm)
class LegalFormAdmin(KeyedAdmin):
    """Legal forms."""

    list_display = ("name", "code", "abbreviation", "country", "jurisdiction", "active")
    list_filter = ("active",)
    list_select_related = ("country",)
    search_fields = ("code", "name", "abbreviation")
    autocomplete_fields = ("country",)


@admin.register(Currency)
class CurrencyAdmin(KeyedAdmin):
    """Currencies."""

    list_display = ("name", "code", "number")
    search_fields = ("code", "name")


@admin.register(Language)
class LanguageAdmin(KeyedAdmin):
    """Languages."""

    list_display = ("name", "code", "short")
    search_fields = ("code", "name", "short")


@admin.register(Industry)
class IndustryAdmin(KeyedAdmin):
    """Industries."""

    list_display = ("title", "code", "scheme")
    list_filter = ("scheme",)
    search_fields = ("code", "title")
