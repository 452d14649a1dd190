"""Two parties side by side, with what they would become."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from party_hub.actions.decide import forbid_contradiction
from party_hub.actions.errors import Conflict, NotFound
from party_hub.actions.preview import Preview, preview_clusters
from party_hub.domain.attributes import Kind, kind_of
from party_hub.domain.lineage import unfold
from party_hub.models import GoldenRecord, Membership, SourceRecord
from stewardship.presentation.columns import Column, parts_of
from stewardship.presentation.compare import Row, compare, tally
from stewardship.presentation.impact import Impact, impact_of_merge
from stewardship.presentation.records import RecordsRow, align


@dataclass(frozen=True)
class Side:
    """One of the two parties."""

    letter: str
    party: UUID
    golden: GoldenRecord
    records: list[SourceRecord]

    @property
    def sources(self) -> list[str]:
        """Codes of its sources, each once, in order."""
        return sorted({record.source_id for record in self.records})

    @property
    def several(self) -> bool:
        """More than one source, so that it is worth saying which says what."""
        return len(self.sources) > 1


@dataclass(frozen=True)
class Comparison:
    """Two parties side by side, what they would become, and what stands against it.

    `columns` are their source records, evidence first, at most eight: one `part` of `parts`. `hidden` counts the rest.
    """

    sides: list[Side]
    rows: list[Row]
    counts: dict[str, int]
    golden_name: str
    impact: Impact | None
    obstacles: list[str]
    left_out: list[UUID] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    personal: bool = True
    part: int = 1
    parts: int = 1

    @cached_property
    def record_rows(self) -> list[RecordsRow]:
        """The records aligned, one list of values a column; worked out when the page asks for it."""
        sides = [(column.letter, column.record.attributes) for column in self.columns]
        return align(sides, personal=self.personal)

    @property
    def records(self) -> list[UUID]:
        """All records of both."""
        return [record.pk for side in self.sides for record in side.records]

    @property
    def hidden(self) -> int:
        """How many records this part does not show."""
        return len(self.records) - len(self.columns)

    @property
    def part_numbers(self) -> range:
        """From 1 on."""
        return range(1, self.parts + 1)

    @property
    def left_out_elsewhere(self) -> list[UUID]:
        """Records to be left out that this part does not show."""
        here = {column.record.pk for column in self.columns}
        return [record for record in self.left_out if record not in here]

    @property
    def pairs(self) -> int:
        """How many pairs of records lie between the two."""
        return len(self.sides[0].records) * len(self.sides[1].records)


def records_of(parties: Sequence[UUID]) -> dict[UUID, list[SourceRecord]]:
    """The live source records of each party, by source and key."""
    memberships = (
        Membership.objects.filter(party__in=parties, span__upper_inf=True)
        .select_related("record__source")
        .order_by("record__source", "record__key")
    )
    found: dict[UUID, list[SourceRecord]] = {party: [] for party in parties}
    for membership in memberships:
        found[membership.party_id].append(membership.record)
    return found


def goldens(parties: Sequence[UUID]) -> dict[UUID, GoldenRecord]:
    """The golden records by party."""
    return {
        golden.party_id: golden for golden in GoldenRecord.objects.select_related("party").filter(party__in=parties)
    }


def comparison(
    a: UUID,
    b: UUID,
    *,
    personal: bool,
    preview: bool = True,
    left_out: Collection[UUID] = (),
    evidence: Collection[UUID] = (),
    vanishing: int | None = None,
    part: int = 1,
) -> Comparison:
    """A and B aligned with the golden record that merging them, but for what is `left_out`, would give.

    Raises NotFound.
    """
    golden, records = goldens([a, b]), records_of([a, b])
    if a not in golden or b not in golden:
        raise NotFound("One of these parties does not exist.")
    sides = [Side(letter, party, golden[party], records[party]) for letter, party in (("A", a), ("B", b))]
    personal = personal or kind_of(golden[a].party.party_type) is Kind.ORGANISATION
    out = _that_can_leave(sides, left_out)
    lineage: dict[str, Any] = {}
    impact, obstacles = None, list[str]()
    if preview:
        outcome = _outcome(sides, out)
        lineage = outcome.golden[0].lineage
        impact = impact_of_merge(outcome, sides[0].golden, sides[1].golden, leaving=len(out), vanishing=vanishing)
        obstacles = _obstacles(sides, out)
    a_told, b_told = (unfold(side.golden.lineage, side.golden.values) for side in sides)
    rows = compare(a_told, b_told, lineage, personal=personal)
    name = (lineage.get("names") or {}).get("values") or [{"value": {"full": ""}}]
    parts = parts_of(sides, set(out), evidence)
    part = min(max(part, 1), len(parts))
    return Comparison(
        sides=sides,
        rows=rows,
        counts=tally(rows),
        golden_name=str(name[0]["value"].get("full", "")),
        impact=impact,
        obstacles=obstacles,
        left_out=out,
        columns=parts[part - 1],
        personal=personal,
        part=part,
        parts=len(parts),
    )


def _that_can_leave(sides: Sequence[Side], left_out: Collection[UUID]) -> list[UUID]:
    """Of `left_out`, the records of these sides; none of a side that would be left without any."""
    found = []
    for side in sides:
        own = [record.pk for record in side.records if record.pk in set(left_out)]
        found += own if len(own) < len(side.records) else []
    return found


def _outcome(sides: Sequence[Side], out: Sequence[UUID]) -> Preview:
    staying = sorted(record.pk for side in sides for record in side.records if record.pk not in set(out))
    leaving = [sorted(record.pk for record in side.records if record.pk in set(out)) for side in sides]
    return preview_clusters([staying, *filter(None, leaving)])


def _obstacles(sides: Sequence[Side], out: Collection[UUID]) -> list[str]:
    """What stands against merging the two sides, but for what is left `out`."""
    try:
        forbid_contradiction(*([record.pk for record in side.records if record.pk not in out] for side in sides))
    except Conflict as conflict:
        return [str(conflict)]
    return []
