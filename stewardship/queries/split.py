"""The records of a party, to pick those that are another: what each says, and how much they are alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from matching.matrix import score_all
from party_hub.domain.attributes import Kind, kind_of
from party_hub.domain.partition import average, weakest_cut
from party_hub.queries import Member
from stewardship.presentation.values import Shown, show

# More records than this make a matrix that nobody can read.
MOST = 24


@dataclass(frozen=True)
class RecordRow:
    """One source record of a party with what tells it from the others."""

    member: Member
    name: str
    address: str
    born: list[Shown]
    identifiers: list[Shown]


def record_rows(members: Iterable[Member], *, personal: bool) -> list[RecordRow]:
    """The rows from which a steward picks those that leave. No query."""
    rows = []
    for member in members:
        open_to_all = personal or kind_of(member.party_type) is Kind.ORGANISATION
        said = member.attributes

        def shown(attribute: str, said: Mapping[str, Any] = said, open_to_all: bool = open_to_all) -> list[Shown]:
            values = said.get(attribute) or []
            values = values if isinstance(values, list) else [values]
            return [show(attribute, value, personal=open_to_all) for value in values]

        rows.append(
            RecordRow(
                member,
                next((one.text for one in shown("names")), ""),
                next((one.text for one in shown("addresses")), ""),
                [*shown("date_of_birth"), *shown("date_of_incorporation")],
                shown("identifiers"),
            )
        )
    return rows


@dataclass(frozen=True)
class Score:
    """How likely two records are the same, as a probability, and in which of five shades it is drawn."""

    probability: float | None

    @property
    def shade(self) -> int:
        """0 (certainly not) to 4 (certainly)."""
        return min(4, int(5 * (self.probability or 0.0)))


@dataclass(frozen=True)
class Matrix:
    """Every record against every other, in the order of the rows; and where the engine would part them.

    `suggested` are the records that would leave, `across` the mean log-odds between the two sides.
    """

    rows: list[tuple[Member, list[Score]]]
    suggested: list[UUID]
    across: float

    @property
    def advises(self) -> bool:
        """Whether more speaks against the two sides being one than for it."""
        return self.across < 0


def matrix_of(members: Sequence[Member]) -> Matrix | None:
    """The matrix of a party's records; None for one record, or too many to look at. Two queries."""
    if not 2 <= len(members) <= MOST:
        return None
    pairs = score_all([member.record for member in members])
    ends = {(min(pair.left, pair.right), max(pair.left, pair.right)): pair for pair in pairs}
    affinity = {places: pair.total for places, pair in ends.items()}
    staying, leaving = weakest_cut(len(members), affinity)
    rows = []
    for place, member in enumerate(members):
        beside = [ends.get((min(place, other), max(place, other))) for other in range(len(members))]
        rows.append((member, [Score(pair.probability if pair else None) for pair in beside]))
    suggested = [members[place].record for place in leaving]
    return Matrix(rows, suggested, average(staying, leaving, affinity))
