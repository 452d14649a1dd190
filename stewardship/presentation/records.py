"""Source records side by side, one column each, aligned attribute by attribute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from party_hub.domain.attributes import ATTRIBUTES

from .difference import Segment, closest, fold, segments
from .values import Shown, attribute_label, show


@dataclass(frozen=True)
class RecordValue:
    """One value of one record, in pieces; `quiet` where every record that has the attribute says it."""

    shown: Shown
    pieces: list[Segment]
    quiet: bool


@dataclass(frozen=True)
class RecordsRow:
    """One attribute: a list of values for each record, in the order of the columns."""

    label: str
    cells: list[list[RecordValue]]


def _by_row(attributes: Mapping[str, Any], personal: bool) -> dict[str, list[Shown]]:
    """The record's values under each row's name; an identifier scheme counts as one row."""
    rows: dict[str, list[Shown]] = {}
    for attribute in ATTRIBUTES:
        said = attributes.get(attribute.name)
        for value in said if isinstance(said, list) else [said] if said else []:
            name = f"identifiers.{value['scheme']}" if attribute.name == "identifiers" else attribute.name
            rows.setdefault(name, []).append(show(attribute.name, value, personal=personal))
    return rows


def align(sides: Sequence[tuple[str, Mapping[str, Any]]], *, personal: bool) -> list[RecordsRow]:
    """Rows for records given as (side, attributes). Differences are marked against the nearest of the other side."""
    shown = [_by_row(attributes, personal) for _, attributes in sides]
    bare = [_by_row(attributes, True) for _, attributes in sides]
    places = {attribute.name: place for place, attribute in enumerate(ATTRIBUTES)}
    names = sorted({name for rows in bare for name in rows}, key=lambda name: (places[name.partition(".")[0]], name))
    return [RecordsRow(attribute_label(name), _cells(name, sides, shown, bare)) for name in names]


def _cells(
    name: str,
    sides: Sequence[tuple[str, Mapping[str, Any]]],
    shown: Sequence[Mapping[str, list[Shown]]],
    bare: Sequence[Mapping[str, list[Shown]]],
) -> list[list[RecordValue]]:
    said = [{fold(value.text) for value in rows[name]} for rows in bare if name in rows]
    everywhere = set.intersection(*said) if len(said) > 1 else set()
    cells = []
    for (side, _), rows, bare_rows in zip(sides, shown, bare, strict=True):
        others = [
            value.text
            for (other, _), far in zip(sides, shown, strict=True)
            if other != side
            for value in far.get(name, [])
        ]
        cells.append(
            [
                RecordValue(value, _pieces(value, others), fold(open_value.text) in everywhere)
                for value, open_value in zip(rows.get(name, []), bare_rows.get(name, []), strict=True)
            ]
        )
    return cells


def _pieces(value: Shown, others: list[str]) -> list[Segment]:
    nearest = None if value.masked else closest(value.text, others)
    return [Segment(value.text)] if nearest is None else segments(value.text, nearest)
