"""How good a golden record is, in one number that a steward can explain."""

from collections.abc import Mapping
from typing import Any

from .attributes import ATTRIBUTES, Kind, kind_of

_WEIGHTS = {kind: {one.name: one.weight for one in ATTRIBUTES if one.weight and kind in one.kinds} for kind in Kind}
_TOTAL = {kind: sum(weights.values()) for kind, weights in _WEIGHTS.items()}


def quality_score(party_type: str, values: Mapping[str, Any]) -> int:
    """0–100: the share, by weight, of the kind's attributes that are filled; an identifier that fails its check
    counts half.
    """
    weights = _WEIGHTS[kind_of(party_type)]
    filled: float = sum([weight for name, weight in weights.items() if values.get(name)])
    identifiers = values.get("identifiers")
    if identifiers and all(item.get("valid") is False for item in identifiers):
        filled -= weights["identifiers"] / 2
    return round(100 * filled / _TOTAL[kind_of(party_type)])
