"""Hides what is personal from who may not see it."""

from collections.abc import Mapping
from typing import Any

from .attributes import BY_NAME
from .identifiers import SCHEMES


def _hidden(item: Any) -> bool:
    scheme = SCHEMES.get(item.get("scheme", "")) if isinstance(item, Mapping) else None
    return scheme is not None and scheme.personal


def is_personal(attribute: str, value: Any) -> bool:
    """Whether this value is to be hidden: its attribute is personal, or it is an identifier of a personal scheme."""
    if attribute == "identifiers":
        return any(_hidden(item) for item in value) if isinstance(value, list) else _hidden(value)
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
        if name == "identifiers" and (rest := [item for item in value if not _hidden(item)]):
            shown[name] = rest
    return shown, masked
