"""What an act would do, worked out with the act's own rules and nothing written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from party_hub.domain.identity import assign_parties
from party_hub.domain.lineage import unfold
from party_hub.domain.pins import Forbidden, PinnedValue
from party_hub.events.catalog import EventType
from party_hub.models import Redirect
from party_hub.models.copy import as_array

from .rebuild_golden import pins_of, rule_book, testimonies_of, work_out

# When each record came, and the party that holds it now.
STANDING = """
SELECT r.id, r.received_at, m.party_id
FROM party_hub_sourcerecord r LEFT JOIN party_hub_membership m ON m.record_id = r.id AND upper_inf(m.span)
WHERE r.id = ANY(%s::uuid[]) ORDER BY lower(m.span)
"""


@dataclass(frozen=True)
class GoldenPreview:
    """A golden record as it would be, its lineage unfolded. `party` is None where a new id would be drawn."""

    party: UUID | None
    records: list[UUID]
    party_type: str
    values: dict[str, Any]
    lineage: dict[str, Any]
    quality: int


@dataclass(frozen=True)
class Preview:
    """The outcome: golden records after, ids that would retire, event types told, and older ids that would lead
    elsewhere.
    """

    golden: list[GoldenPreview]
    retired: list[UUID]
    events: list[str]
    redirects: int


def preview_clusters(
    clusters: Sequence[Sequence[UUID]], extra_pins: Collection[tuple[UUID, PinnedValue | Forbidden]] = ()
) -> Preview:
    """The outcome if exactly these sets of records became a party each."""
    records = [record for members in clusters for record in members]
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [as_array(records)])
        standing = cursor.fetchall()
    previous = {record: party for record, _, party in standing if party}
    kept = assign_parties(clusters, previous, {record: (received, record) for record, received, _ in standing})
    retired = sorted(set(previous.values()) - {party for party in kept if party})
    testimonies, rules = testimonies_of(records), rule_book()
    pins = pins_of(set(previous.values()), timezone.now())
    golden = []
    for members, party in zip(clusters, kept, strict=True):
        own = [pin for owner, pin in extra_pins if owner == party]
        inherited = [pin for holder in ([party] if party else []) + retired for pin in pins.get(holder, [])]
        in_force = {pin.key: pin for pin in reversed([*own, *inherited])}
        content = work_out([testimonies[record] for record in members], rules, in_force.values())
        told = unfold(content.lineage, content.values)
        golden.append(GoldenPreview(party, list(members), content.party_type, content.values, told, content.quality))
    return Preview(
        golden,
        retired,
        _events(clusters, kept, previous, retired),
        Redirect.objects.filter(survivor__in=retired).count(),
    )


def _events(
    clusters: Sequence[Sequence[UUID]], kept: Sequence[UUID | None], previous: Mapping[UUID, UUID], retired: list[UUID]
) -> list[str]:
    """What would be told, as `changes.events_of` tells it."""
    told = []
    now = {record: party for members, party in zip(clusters, kept, strict=True) for record in members}
    for members, party in zip(clusters, kept, strict=True):
        kinds = [EventType.CREATED] if party is None else []
        if any(previous.get(record) in retired for record in members):
            kinds.append(EventType.MERGED)
        if party and any(before == party != now[record] for record, before in previous.items()):
            kinds.append(EventType.SPLIT)
        told += kinds or [EventType.UPDATED]
    return [str(event) for event in [*told, *[EventType.REDIRECTED] * len(retired)]]
