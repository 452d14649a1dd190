"""A party as it stands, or as the hub knew it at a time: golden record, lineage, the records behind it, pins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from party_hub.domain.attributes import BY_NAME
from party_hub.domain.lineage import unfold
from party_hub.models import GoldenRecord, Membership, Party, Pin, Redirect, SourceRecord, SourceRecordVersion
from party_hub.models.party import PartyStatus

from .whereabouts import Lead, where_was


@dataclass(frozen=True, slots=True)
class Member:
    """A source record of a party. `version`, `attributes` and `effective_at` are those of the time asked for."""

    record: UUID
    source: str
    source_name: str
    trust: int
    key: str
    party_type: str
    attributes: dict[str, Any]
    version: int
    effective_at: datetime
    received_at: datetime
    withdrawn_at: datetime | None
    raw_location: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class LineageValue:
    """One value that sources gave: who says so, and whether it is part of the golden record. `pin` is the id of the
    pin that set it, `forbidden` of the one for which it is not heard.
    """

    value: Any
    won: bool
    records: list[dict[str, Any]]
    pin: int | None
    forbidden: int | None


@dataclass(frozen=True, slots=True)
class AttributeLineage:
    """How an attribute came by its golden value. `values` has the winner first and every losing value after it."""

    attribute: str
    label: str
    rule: str
    reason: str
    golden: Any
    values: list[LineageValue]


@dataclass(frozen=True, slots=True)
class Profile:
    """A party with its golden record. `version` is the party's, which the ETag carries; `raw_lineage` is told as
    `domain.lineage.unfold` tells it.
    """

    id: UUID
    party_type: str
    status: str
    version: int
    created_at: datetime
    updated_at: datetime
    name: str
    country: str
    quality: int
    source_count: int
    record_count: int
    values: dict[str, Any]
    raw_lineage: dict[str, Any]

    @property
    def lineage(self) -> list[AttributeLineage]:
        """The lineage of every golden value, in the attributes' own order."""
        return [
            AttributeLineage(
                attribute=name,
                label=BY_NAME[name].label,
                rule=said["rule"],
                reason=said["reason"],
                golden=self.values.get(name),
                values=[
                    LineageValue(
                        entry["value"], entry["won"], entry["records"], entry.get("pin"), entry.get("forbidden")
                    )
                    for entry in said["values"]
                ],
            )
            for name, said in sorted(self.raw_lineage.items(), key=lambda item: list(BY_NAME).index(item[0]))
        ]


def profile(party: UUID, *, known_at: datetime | None = None) -> Profile | None:
    """The party as it stands, or as it was known then; None where it is not or was not alive.

    One query, two with `known_at`.
    """
    if known_at is not None:
        return _profile_then(party, known_at)
    golden = GoldenRecord.objects.select_related("party").filter(party=party).first()
    return _profile(golden.party, golden, golden.party.version) if golden else None


def _profile_then(party_id: UUID, moment: datetime) -> Profile | None:
    history = GoldenRecord.history.filter(party_id=party_id, history_date__lte=moment)
    golden = history.select_related("party").order_by("-history_date", "-history_id").first()
    if golden is None or golden.history_type == "-":
        return None
    led = where_was(party_id, moment)
    if led.lead in (Lead.REDIRECTED, Lead.AMBIGUOUS):
        return None
    status = PartyStatus.ACTIVE if led.lead is Lead.HERE else PartyStatus.WITHDRAWN
    return _profile(golden.party, golden, golden.version, status.value)


def _profile(party: Party, golden: Any, version: int, status: str | None = None) -> Profile:
    return Profile(
        id=party.id,
        party_type=party.party_type,
        status=status or party.status,
        version=version,
        created_at=party.created_at,
        updated_at=golden.updated_at,
        name=golden.name,
        country=golden.country,
        quality=golden.quality,
        source_count=golden.source_count,
        record_count=golden.record_count,
        values=golden.values,
        raw_lineage=unfold(golden.lineage, golden.values),
    )


def members(party: UUID, *, known_at: datetime | None = None) -> list[Member]:
    """The records that make up the party (or did then), best trusted source first. One query, two with `known_at`."""
    spanning = Q(span__contains=known_at) if known_at is not None else Q(span__upper_inf=True)
    memberships = list(
        Membership.objects.filter(spanning, party=party)
        .select_related("record__source")
        .order_by("-record__source__trust", "record__source", "record__key")
    )
    then = _versions_then([membership.record for membership in memberships], known_at) if known_at is not None else {}
    return [_member(membership, then.get(membership.record_id, membership.record)) for membership in memberships]


def _versions_then(records: list[SourceRecord], moment: datetime) -> dict[UUID, SourceRecordVersion]:
    """For records that have changed since, the version that was the newest then."""
    changed = [record.id for record in records if record.received_at > moment]
    versions = SourceRecordVersion.objects.filter(record__in=changed, received_at__lte=moment, replaced_at__gt=moment)
    return {version.record_id: version for version in versions}


def _member(membership: Membership, said: SourceRecord | SourceRecordVersion) -> Member:
    record = membership.record
    return Member(
        record=record.id,
        source=record.source_id,
        source_name=record.source.name,
        trust=record.source.trust,
        key=record.key,
        party_type=said.party_type,
        attributes=said.attributes,
        version=said.version,
        effective_at=said.effective_at,
        received_at=said.received_at,
        withdrawn_at=said.withdrawn_at,
        raw_location=said.raw_location,
        since=starts(membership),
        until=membership.span.upper,
    )


def starts(membership: Membership) -> datetime:
    """When the record joined."""
    since = membership.span.lower
    assert since is not None  # spans are open only at their end
    return since


def pins(party: UUID) -> list[Pin]:
    """The pins in force on the party, newest first: its own and those that came with parties it absorbed. One query."""
    live = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
    absorbed = Redirect.objects.filter(survivor=party).values("retired")
    of_party = Q(party=party) | Q(party__in=absorbed)
    return list(Pin.objects.filter(live, of_party, retracted_at__isnull=True).select_related("source", "record"))
