"""What each source says of a party, attribute by attribute, beside what became golden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .values import Shown, attribute_label


@dataclass(frozen=True)
class SourceRow:
    """One attribute: each source, in the grid's order, with what it says (`won` marks what is golden)."""

    name: str
    label: str
    pinned: bool
    said: list[tuple[str, list[Shown]]]


@dataclass(frozen=True)
class SourcesGrid:
    """Attributes × sources."""

    sources: list[str]
    rows: list[SourceRow]


def sources_grid(shown: Mapping[str, Sequence[Shown]]) -> SourcesGrid:
    """The grid of what was said of each attribute; sources by how many attributes they won, ties by code."""
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
            [(source, [value for value in values if source in value.sources]) for source in sources],
        )
        for name, values in shown.items()
    ]
    return SourcesGrid(sources, rows)
