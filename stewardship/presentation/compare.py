"""Two parties and what they would become, aligned attribute by attribute."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from party_hub.domain.attributes import ATTRIBUTES

from .difference import SIMILAR, Segment, Verdict, closest, fold, likeness, segments
from .values import Shown, attribute_label, shown_lineage

Lineage = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Cell:
    """One value on one side, in pieces."""

    shown: Shown
    pieces: list[Segment]


@dataclass(frozen=True)
class Row:
    """One attribute (an identifier scheme counts as one) of A, B and the golden preview."""

    label: str
    verdict: Verdict
    a: list[Cell]
    b: list[Cell]
    golden: list[Shown]


def _by_row(lineage: Lineage, personal: bool) -> dict[str, list[Shown]]:
    """The winning values under each row's name, in the canonical order of attributes."""
    rows: dict[str, list[Shown]] = {}
    for attribute in ATTRIBUTES:
        entry = lineage.get(attribute.name)
        if not entry:
            continue
        for shown, raw in zip(
            shown_lineage(attribute.name, entry, personal=personal), entry.get("values", ()), strict=True
        ):
            name = f"identifiers.{raw['value']['scheme']}" if attribute.name == "identifiers" else attribute.name
            if shown.won:
                rows.setdefault(name, []).append(shown)
    return rows


def _verdict(a: list[Shown], b: list[Shown]) -> Verdict:
    if not a or not b:
        return Verdict.ONLY_A if a else Verdict.ONLY_B
    left, right = {fold(shown.text) for shown in a}, {fold(shown.text) for shown in b}
    if left == right:
        return Verdict.SAME
    if left & right:
        return Verdict.SHARED
    best = max(likeness(one, other) for one in left for other in right)
    return Verdict.SIMILAR if best >= SIMILAR else Verdict.DIFFERS


def _cells(side: list[Shown], other: list[Shown]) -> list[Cell]:
    texts = [shown.text for shown in other]
    cells = []
    for shown in side:
        counterpart = None if shown.masked else closest(shown.text, texts)
        pieces = [Segment(shown.text)] if counterpart is None else segments(shown.text, counterpart)
        cells.append(Cell(shown, pieces))
    return cells


def _order(names: set[str]) -> list[str]:
    places = {attribute.name: place for place, attribute in enumerate(ATTRIBUTES)}
    return sorted(names, key=lambda name: (places[name.partition(".")[0]], name))


def compare(a: Lineage, b: Lineage, golden: Lineage, *, personal: bool = True) -> list[Row]:
    """The rows of the compare table; where masked values are equal or differ is still told, not what they are."""
    shown = {side: _by_row(lineage, personal) for side, lineage in (("a", a), ("b", b), ("golden", golden))}
    bare = {side: _by_row(lineage, True) for side, lineage in (("a", a), ("b", b))}
    rows = []
    for name in _order({*bare["a"], *bare["b"]}):
        left, right = shown["a"].get(name, []), shown["b"].get(name, [])
        rows.append(
            Row(
                label=attribute_label(name),
                verdict=_verdict(bare["a"].get(name, []), bare["b"].get(name, [])),
                a=_cells(left, right),
                b=_cells(right, left),
                golden=shown["golden"].get(name, []),
            )
        )
    return rows


def tally(rows: list[Row]) -> dict[str, int]:
    """How many rows say the same, something similar, something different; in that order, none left out."""
    counts = {"same": 0, "similar": 0, "differs": 0, "one": 0}
    for row in rows:
        counts[row.verdict.tone] += 1
    return counts
