"""Previews of acts on a party."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from party_hub.actions.errors import Conflict, NotFound
from party_hub.actions.split_party import preview_split
from party_hub.domain.attributes import Kind, kind_of
from party_hub.queries import Member
from stewardship.presentation.compare import Row, compare
from stewardship.presentation.impact import listed
from stewardship.presentation.values import Shown, show


@dataclass(frozen=True)
class SplitPreview:
    """Both golden records after a split: A is what stays, B what leaves."""

    rows: list[Row]
    staying: int
    leaving: int
    sentence: str


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


def split_preview(party: UUID, chosen: Collection[str], *, personal: bool) -> SplitPreview | None:
    """What splitting the chosen records off would give; None while none, all or foreign ones are chosen."""
    try:
        outcome = preview_split(party=party, records=[UUID(record) for record in chosen])
    except (Conflict, NotFound, ValueError):
        return None
    stay, leave = outcome.golden
    personal = personal or kind_of(stay.party_type) is Kind.ORGANISATION
    keeps = "What stays keeps the id" if stay.party == party else "What leaves keeps the id"
    kinds = listed(sorted({event.removeprefix("party.") for event in outcome.events}))
    sentence = (
        f"{keeps}; the other part gets a new one. {len(leave.records)} of "
        f"{len(leave.records) + len(stay.records)} records leave and are kept apart from now on. "
        f"Consumers are told: {kinds}. You can undo it."
    )
    rows = compare(stay.lineage, leave.lineage, {}, personal=personal)
    return SplitPreview(rows, len(stay.records), len(leave.records), sentence)
