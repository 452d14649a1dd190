"""Source records as columns: as many at once as can be compared, however many two parties have."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from party_hub.models import SourceRecord

MOST_COLUMNS = 8


class Side(Protocol):
    """What it takes of a side: its letter and its records."""

    @property
    def letter(self) -> str: ...
    @property
    def records(self) -> list[SourceRecord]: ...


@dataclass(frozen=True)
class Column:
    """One source record as a column: on which side it is, and whether it is to be left out of a match."""

    letter: str
    record: SourceRecord
    left_out: bool


def parts_of(sides: Sequence[Side], out: Collection[UUID], evidence: Collection[UUID]) -> list[list[Column]]:
    """The records of both sides in parts of at most eight columns.

    The first has those in question and those to be left out before the others. In each further part the first record of
    either side comes again, so that the rest is compared with what the question is about.
    """
    first, rest = list[Column](), list[Column]()
    for side, other in zip(sides, reversed(sides), strict=True):
        room = max(MOST_COLUMNS // 2, MOST_COLUMNS - len(other.records))
        ordered = sorted(side.records, key=lambda record: (record.pk not in evidence, record.pk not in out))
        columns = [Column(side.letter, record, record.pk in out) for record in ordered]
        first += columns[:room]
        rest += columns[room:]
    again = [next(column for column in first if column.letter == side.letter) for side in sides if side.records]
    step = MOST_COLUMNS - len(again)
    further = [rest[start : start + step] for start in range(0, len(rest), step)]
    return [first, *(sorted([*again, *some], key=_side) for some in further)]


def _side(column: Column) -> str:
    return column.letter
