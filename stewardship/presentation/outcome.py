"""Parties before an act and after it, attribute by attribute: what stays golden, what is lost, what is new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from party_hub.domain.attributes import ATTRIBUTES

from .difference import fold
from .values import Shown, attribute_label, shown_lineage

Lineage = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Column:
    """A golden record, before the act or after it. `party` is None where a new id will be drawn."""

    title: str
    name: str
    party: UUID | None
    records: int
    sources: list[str]
    lineage: Lineage = field(repr=False)
    after: bool = False


@dataclass(frozen=True)
class Cell:
    """A golden value in its column. `fate` of a value before: "lost" where it is golden nowhere after; of one after:
    "new" where that party did not have it.
    """

    shown: Shown
    fate: str = ""


@dataclass(frozen=True)
class Row:
    """One attribute (an identifier scheme counts as one) through all columns. `same`: nothing about it changes."""

    label: str
    cells: list[list[Cell]]
    same: bool


def rows_of(columns: Sequence[Column], *, personal: bool) -> list[Row]:
    """The rows of the table. Where `personal` values are masked, their fate is still told."""
    bare = [_by_row(column.lineage, True) for column in columns]
    shown = [_by_row(column.lineage, personal) for column in columns]
    texts = [{name: {fold(one.text) for one in values} for name, values in side.items()} for side in bare]
    rows = []
    for name in _order({name for side in bare for name in side}):
        cells = []
        for index, column in enumerate(columns):
            others = _compared_with(columns, index)
            beside = set().union(*(texts[other].get(name, set()) for other in others))
            fate = "new" if column.after else "lost"
            there = zip(shown[index].get(name, []), bare[index].get(name, []), strict=True)
            cells.append([Cell(one, fate if others and fold(raw.text) not in beside else "") for one, raw in there])
        rows.append(Row(attribute_label(name), cells, not any(cell.fate for side in cells for cell in side)))
    return rows


def _compared_with(columns: Sequence[Column], index: int) -> list[int]:
    """A value before is looked for in all columns after; one after only in its own party's before, if it has one."""
    column = columns[index]
    others = [at for at, other in enumerate(columns) if other.after != column.after]
    if not column.after:
        return others
    own = [at for at in others if columns[at].party == column.party]
    return own or others


def _by_row(lineage: Lineage, personal: bool) -> dict[str, list[Shown]]:
    """The golden values under each row's name."""
    rows: dict[str, list[Shown]] = {}
    for attribute in ATTRIBUTES:
        entry = lineage.get(attribute.name)
        if not entry:
            continue
        values = shown_lineage(attribute.name, entry, personal=personal)
        for one, raw in zip(values, entry.get("values", ()), strict=True):
            scheme = f".{raw['value']['scheme']}" if attribute.name == "identifiers" else ""
            if one.won:
                rows.setdefault(attribute.name + scheme, []).append(one)
    return rows


def _order(names: set[str]) -> list[str]:
    places = {attribute.name: place for place, attribute in enumerate(ATTRIBUTES)}
    return sorted(names, key=lambda name: (places[name.partition(".")[0]], name))
