"""How good a golden record is, in one number that a steward can explain."""

from collections.abc import Mapping
from typing import Any

from .attributes import ATTRIBUTES, Kind, kind_of

_WEIGHED = {
    kind: [attribute for attribute in ATTRIBUTES if attribute.weight and kind in attribute.kinds] for kind in Kind
}


def quality_score(party_type: str, values: Mapping[str, Any]) -> int:
    """0–100: the share, by weight, of the kind's attributes that are filled; an identifier that fails its check
    counts half.
    """
    total = filled = 0.0
    for attribute in _WEIGHED[kind_of(party_type)]:
        total += attribute.weight
        value = values.get(attribute.name)
        if not value:
            continue
        doubtful = attribute.name == "identifiers" and not any(item.get("valid") is not False for item in value)
        filled += attribute.weight / 2 if doubtful else attribute.weight
    return round(100 * filled / total)
