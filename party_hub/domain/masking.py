"""Hides what is personal from who may not see it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from .attributes import BY_NAME
from .identifiers import SCHEMES
from .relations import OF_ORGANISATIONS

PARTLY_PERSONAL = ("identifiers", "relations")


class Mask(StrEnum):
    """What of an attribute is left out for who may not see personal values."""

    NOTHING = "nothing"
    PART = "part"  # those of its values that are personal by their scheme or type
    WHOLE = "whole"


def mask_of(attribute: str) -> Mask:
    """How the attribute is masked."""
    if attribute in PARTLY_PERSONAL:
        return Mask.PART
    return Mask.WHOLE if attribute in BY_NAME and BY_NAME[attribute].personal else Mask.NOTHING


def _hidden(attribute: str, item: Any) -> bool:
    """Whether this identifier or relation is personal."""
    if not isinstance(item, Mapping):
        return False
    if attribute == "relations" and item.get("type") not in OF_ORGANISATIONS:
        return True
    scheme = SCHEMES.get(item.get("scheme", ""))
    return scheme is not None and scheme.personal


def is_personal(attribute: str, value: Any) -> bool:
    """Whether this value is to be hidden: its attribute is personal, it is an identifier of a personal scheme, or a
    relation of a person. In a list, whether any of its elements is.
    """
    if attribute in PARTLY_PERSONAL:
        return any(_hidden(attribute, item) for item in (value if isinstance(value, list) else [value]))
    return attribute in BY_NAME and BY_NAME[attribute].personal


def mask(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """`values` without the personal ones, and the names of the attributes from which something was left out."""
    shown: dict[str, Any] = {}
    masked: list[str] = []
    for name, value in values.items():
        if not is_personal(name, value):
            shown[name] = value
            continue
        masked.append(name)
        partly = name in PARTLY_PERSONAL and isinstance(value, list)
        if partly and (rest := [item for item in value if not _hidden(name, item)]):
            shown[name] = rest
    return shown, masked
