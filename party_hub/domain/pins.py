"""Stewards' pins as survivorship takes them: a value that wins whatever the rule says, a statement that never does."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from .attributes import Attribute
from .candidates import Candidate, Testimony, Value, candidates_of, identity_of
from .rules import TRUSTED

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class PinnedValue:
    """A steward's override of one attribute."""

    id: int
    attribute: str
    value: Value
    author: str
    reason: str

    @property
    def key(self) -> Key:
        """Equal for two of which only one can be in force on a party."""
        return (self.attribute,)


@dataclass(frozen=True, slots=True)
class Forbidden:
    """What one source, or one record, says of an attribute is not heard; with `value`, only where it says that."""

    id: int
    attribute: str
    source: str
    record: UUID | None
    value: Value | None
    author: str
    reason: str

    @property
    def key(self) -> Key:
        """Equal for two of which only one can be in force on a party."""
        return (self.attribute, self.source, self.record, json.dumps(self.value, sort_keys=True))

    def covers(self, attribute: Attribute, testimony: Testimony, value: Value) -> bool:
        """Whether this statement of that record is forbidden."""
        if testimony.record != self.record and testimony.source != self.source:
            return False
        return self.value is None or identity_of(attribute, value) == identity_of(attribute, self.value)


Pins = Iterable[PinnedValue | Forbidden]
# Statements that are not heard, each with the pin that forbids it.
Unheard = list[tuple[Forbidden, Candidate]]


def unheard(
    attribute: Attribute, testimonies: Sequence[Testimony], forbidden: Iterable[Forbidden]
) -> tuple[list[Testimony], Unheard]:
    """The testimonies, in their places, without what is forbidden of this attribute; and what that was.

    A statement that several forbid counts for the oldest of them.
    """
    heard, found = list(testimonies), []
    for pin in sorted(forbidden, key=lambda one: one.id):
        silent = [_part(attribute, testimony, pin, covered=True) for testimony in heard]
        heard = [_part(attribute, testimony, pin, covered=False) for testimony in heard]
        found += [(pin, candidate) for candidate in candidates_of(attribute, silent, TRUSTED, {})]
    return heard, found


def _part(attribute: Attribute, testimony: Testimony, pin: Forbidden, *, covered: bool) -> Testimony:
    """The testimony with only those of its values that the pin covers, or only the others."""
    if attribute.name not in testimony.attributes:
        return testimony
    given = testimony.attributes[attribute.name]
    values = given if attribute.many else [given]
    kept = [value for value in values if pin.covers(attribute, testimony, value) is covered]
    rest = {name: value for name, value in testimony.attributes.items() if name != attribute.name}
    return testimony._replace(
        attributes={**rest, attribute.name: kept if attribute.many else kept[0]} if kept else rest
    )
