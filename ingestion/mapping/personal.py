"""Which columns of a feed are personal, and what of a row may be shown to who may not see such values."""

from collections.abc import Mapping

from party_hub.domain.attributes import BY_NAME
from party_hub.domain.identifiers import SCHEMES

from .adapter import Adapter, Identifier, Kind, Value, folded

HIDDEN = "hidden"


def public_columns(adapter: Adapter) -> frozenset[str]:
    """The columns (folded) that the adapter reads and that hold nothing personal. What it does not read, nobody knows,
    so it counts as personal; so do an event's attributes, which hold everything.
    """
    if adapter.format.kind is Kind.JSON_LINES:
        return frozenset(folded(column) for column in ("id", "source", "key", "op", "effective_at", "party_type"))
    hidden: set[str] = set()
    for item in adapter.maps:
        if isinstance(item, Value) and BY_NAME[item.attribute].personal:
            hidden.update(item.columns)
        if isinstance(item, Identifier) and SCHEMES[item.scheme].personal:
            hidden.add(item.column)
    return frozenset(folded(column) for column in adapter.columns if column not in hidden)


def masked(values: Mapping[str, str], adapter: Adapter) -> dict[str, str]:
    """`values` by column, with `HIDDEN` for each that is filled and personal."""
    public = public_columns(adapter)
    return {column: text if folded(column) in public or not text else HIDDEN for column, text in values.items()}
