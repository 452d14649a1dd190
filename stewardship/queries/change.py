"""Previews of acts on a party."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from party_hub.actions.errors import Conflict, NotFound
from party_hub.actions.split_party import preview_split
from party_hub.domain.attributes import Kind, kind_of
from stewardship.presentation.compare import Row, compare
from stewardship.presentation.impact import listed


@dataclass(frozen=True)
class SplitPreview:
    """Both golden records after a split: A is what stays, B what leaves."""

    rows: list[Row]
    staying: int
    leaving: int
    sentence: str


def split_preview(party: UUID, chosen: Collection[str], *, personal: bool) -> SplitPreview | None:
    """What splitting the chosen records off would give; None while nothing, everything or something foreign is chosen."""
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
