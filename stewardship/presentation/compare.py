"""Two parties and what they would become, aligned attribute by attribute."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from party_hub.domain.attributes import ATTRIBUTES
from party_hub.domain.identifiers import SCHEMES

from .difference import SIMILAR, Segment, Verdict, closest, fold, likeness, segments
from .values import Shown, attribute_label, shown_lineage

Lineage = Mapping[str, Mapping[str, Any]]
# Values from a list: another one is different, however alike the words look ("active", "inactive").
CODED = frozenset({"status", "gender", "country", "nationality", "legal_form", "industry_code", "sector", "ticker"})


@dataclass(frozen=True)
class Cell:
    """One value on one side, in pieces."""

    shown: Shown
    pieces: list[Segment]


@dataclass(frozen=True)
class GoldenCell:
    """One value of the golden preview, and which sides say it: "A", "B", "AB"."""

    shown: Shown
    sides: str


@dataclass(frozen=True)
class Row:
    """One attribute (an identifier scheme counts as one) of A, B and the golden preview.

    `contradiction` where a party has only one such identifier for life and the two have different ones.
    """

    label: str
    verdict: Verdict
    a: list[Cell]
    b: list[Cell]
    golden: list[GoldenCell]
    contradiction: bool = False


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


def _verdict(name: str, a: list[Shown], b: list[Shown]) -> Verdict:
    if not a or not b:
        return Verdict.ONLY_A if a else Verdict.ONLY_B
    left, right = {fold(shown.text) for shown in a}, {fold(shown.text) for shown in b}
    if left == right:
        return Verdict.SAME
    if left & right:
        return Verdict.SHARED
    if name in CODED:
        return Verdict.DIFFERS
    best = max(likeness(one, other) for one in left for other in right)
    return Verdict.SIMILAR if best >= SIMILAR else Verdict.DIFFERS


def _cells(name: str, side: list[Shown], other: list[Shown]) -> list[Cell]:
    texts = [] if name in CODED else [shown.text for shown in other]
    cells = []
    for shown in side:
        counterpart = None if shown.masked else closest(shown.text, texts)
        pieces = [Segment(shown.text)] if counterpart is None else segments(shown.text, counterpart)
        cells.append(Cell(shown, pieces))
    return cells


def _order(names: set[str]) -> list[str]:
    places = {attribute.name: place for place, attribute in enumerate(ATTRIBUTES)}
    return sorted(names, key=lambda name: (places[name.partition(".")[0]], name))


def _golden(shown: list[Shown], bare: list[Shown], a: list[Shown], b: list[Shown]) -> list[GoldenCell]:
    """The golden values with the sides that say them; `bare` tells it where `shown` is masked."""
    said = {"A": {fold(value.text) for value in a}, "B": {fold(value.text) for value in b}}
    return [
        GoldenCell(value, "".join(side for side, texts in said.items() if fold(open_value.text) in texts))
        for value, open_value in zip(shown, bare, strict=True)
    ]


def _contradicts(name: str, verdict: Verdict) -> bool:
    scheme = SCHEMES.get(name.partition(".")[2])
    return scheme is not None and scheme.one_per_party and verdict in (Verdict.DIFFERS, Verdict.SIMILAR)


def compare(a: Lineage, b: Lineage, golden: Lineage, *, personal: bool = True) -> list[Row]:
    """The rows of the compare table; where masked values are equal or differ is still told, not what they are."""
    sides = {"a": a, "b": b, "golden": golden}
    shown = {side: _by_row(lineage, personal) for side, lineage in sides.items()}
    bare = {side: _by_row(lineage, True) for side, lineage in sides.items()}
    rows = []
    for name in _order({*bare["a"], *bare["b"]}):
        left, right = shown["a"].get(name, []), shown["b"].get(name, [])
        bare_left, bare_right = bare["a"].get(name, []), bare["b"].get(name, [])
        verdict = _verdict(name, bare_left, bare_right)
        rows.append(
            Row(
                label=attribute_label(name),
                verdict=verdict,
                a=_cells(name, left, right),
                b=_cells(name, right, left),
                golden=_golden(shown["golden"].get(name, []), bare["golden"].get(name, []), bare_left, bare_right),
                contradiction=_contradicts(name, verdict),
            )
        )
    return rows


def tally(rows: list[Row]) -> dict[str, int]:
    """How many rows say the same, something similar, something different; in that order, none left out."""
    counts = {"same": 0, "similar": 0, "differs": 0, "one": 0}
    for row in rows:
        counts[row.verdict.tone] += 1
    return counts
