"""What each source says of a party, attribute by attribute, beside what became golden."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from party_hub.domain.attributes import ATTRIBUTES

from .values import Shown, attribute_label, shown_lineage

Lineage = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class SourceRow:
    """One attribute: what is golden, and each source, in the grid's order, with what it says (`won` marks the golden
    ones).
    """

    name: str
    label: str
    pinned: bool
    golden: list[Shown]
    said: list[tuple[str, list[Shown]]]


@dataclass(frozen=True)
class SourcesGrid:
    """Attributes × sources."""

    sources: list[str]
    rows: list[SourceRow]


def sources_grid(lineage: Lineage, *, personal: bool) -> SourcesGrid:
    """The grid of an unfolded lineage; sources by how many attributes they won, ties by code."""
    shown = {
        attribute.name: shown_lineage(attribute.name, lineage[attribute.name], personal=personal)
        for attribute in ATTRIBUTES
        if attribute.name in lineage
    }
    wins: dict[str, int] = {}
    for values in shown.values():
        for value in values:
            for source in value.sources:
                wins[source] = wins.get(source, 0) + value.won
    sources = sorted(wins, key=lambda source: (-wins[source], source))
    rows = [
        SourceRow(
            name,
            attribute_label(name),
            any(value.pin is not None for value in values),
            [value for value in values if value.won],
            [(source, [value for value in values if source in value.sources]) for source in sources],
        )
        for name, values in shown.items()
    ]
    return SourcesGrid(sources, rows)
