"""How good a golden record is, in one number that a steward can explain."""

from collections.abc import Mapping
from typing import Any

from .attributes import ATTRIBUTES, kind_of


def quality_score(party_type: str, values: Mapping[str, Any]) -> int:
    """0–100: the share, by weight, of the kind's attributes that are filled; an identifier that fails its check
    counts half.
    """
    kind = kind_of(party_type)
    total = filled = 0.0
    for attribute in ATTRIBUTES:
        if kind not in attribute.kinds:
            continue
        total += attribute.weight
        value = values.get(attribute.name)
        if not value:
            continue
        doubtful = attribute.name == "identifiers" and not any(item.get("valid") is not False for item in value)
        filled += attribute.weight / 2 if doubtful else attribute.weight
    return round(100 * filled / total)
