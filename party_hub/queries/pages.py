"""Keyset pages: an opaque cursor says after which row to go on, so that page 10,000 costs what page 1 does."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class BadCursor(ValueError):
    """The cursor is none of ours."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and the cursor of the next page; None where this is the last."""

    items: list[T]
    next: str | None


def encode(position: Sequence[Any]) -> str:
    """The cursor of a position: what the last row of a page is ordered by."""
    text = json.dumps([str(part) if not isinstance(part, int | float) else part for part in position])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, order: str, length: int) -> list[Any]:
    """The position that a cursor of this `order` stands for, without the order's name. Raises `BadCursor`."""
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise BadCursor("the cursor cannot be read") from error
    if not isinstance(position, list) or len(position) != length + 1 or position[0] != order:
        raise BadCursor("the cursor belongs to another list or order")
    return list(position[1:])
