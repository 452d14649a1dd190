"""A party as it stands, or as the hub knew it at a time: golden record, lineage, the records behind it, pins."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from party_hub.domain.attributes import BY_NAME
from party_hub.domain.lineage import unfold
from party_hub.models import Pin, Redirect
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


# The columns of a `Profile`, lineage as it is kept.
_PROFILE = """
SELECT p.id, p.party_type, {status}, {version}, p.created_at, g.updated_at, g.name, g.country, g.quality,
    g.source_count, g.record_count, g.values, g.lineage
FROM {golden} g JOIN party_hub_party p ON p.id = g.party_id WHERE g.party_id = %(party)s
"""
PROFILE = _PROFILE.format(status="p.status", version="p.version", golden="party_hub_goldenrecord")
# A party lived under its id while it held a record. If it held none, `where_was` knows what else it was.
STATUS_THEN = f"""CASE WHEN g.history_type = '-' THEN '{PartyStatus.RETIRED}'
    WHEN p.status <> '{PartyStatus.ERASED}' AND EXISTS (
        SELECT FROM party_hub_membership m WHERE m.party_id = p.id AND m.span @> %(moment)s::timestamptz
    ) THEN '{PartyStatus.ACTIVE}' ELSE '{PartyStatus.WITHDRAWN}' END"""
PROFILE_THEN = f"""
{_PROFILE.format(status=STATUS_THEN, version="g.version", golden="party_hub_historicalgoldenrecord")}
AND g.history_date <= %(moment)s ORDER BY g.history_date DESC, g.history_id DESC LIMIT 1
"""


def profile(party: UUID, *, known_at: datetime | None = None) -> Profile | None:
    """The party as it stands, or as it was known then; None where it is not or was not alive.

    One query; two of a party that held no record then.
    """
    with connection.cursor() as cursor:
        cursor.execute(PROFILE if known_at is None else PROFILE_THEN, {"party": party, "moment": known_at})
        row = cursor.fetchone()
    if row is None:
        return None
    *columns, kept_values, kept_lineage = row
    values = json.loads(kept_values)
    stored = Profile(*[*columns, values, unfold(json.loads(kept_lineage), values)])
    return stored if known_at is None or _lived(stored, known_at) else None


def _lived(stored: Profile, moment: datetime) -> bool:
    """Whether the id was a party's at the time: one that held records, or one whose records had all been withdrawn."""
    if stored.status == PartyStatus.WITHDRAWN:
        return where_was(stored.id, moment).lead not in (Lead.REDIRECTED, Lead.AMBIGUOUS)
    return stored.status == PartyStatus.ACTIVE


_SAID = ("party_type", "attributes", "version", "effective_at", "received_at", "withdrawn_at", "raw_location")
_MEMBERS = """
SELECT r.id, r.source_id, s.name, s.trust, r.key, {said}, lower(m.span), upper(m.span)
FROM party_hub_membership m JOIN party_hub_sourcerecord r ON r.id = m.record_id
JOIN party_hub_sourcesystem s ON s.code = r.source_id {versions}
WHERE m.party_id = %(party)s AND {spanning} ORDER BY s.trust DESC, r.source_id, r.key
"""
MEMBERS = _MEMBERS.format(said=", ".join(f"r.{column}" for column in _SAID), versions="", spanning="upper_inf(m.span)")
# Of a record that has changed since, the version that was the newest then.
MEMBERS_THEN = _MEMBERS.format(
    said=", ".join(f"CASE WHEN v.id IS NULL THEN r.{column} ELSE v.{column} END" for column in _SAID),
    versions="LEFT JOIN party_hub_sourcerecordversion v ON v.record_id = r.id AND r.received_at > %(moment)s"
    " AND v.received_at <= %(moment)s AND v.replaced_at > %(moment)s",
    spanning="m.span @> %(moment)s::timestamptz",
)


def members(party: UUID, *, known_at: datetime | None = None) -> list[Member]:
    """The records that make up the party (or did then), best trusted source first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(MEMBERS if known_at is None else MEMBERS_THEN, {"party": party, "moment": known_at})
        return [Member(*[*row[:6], json.loads(row[6]), *row[7:]]) for row in cursor.fetchall()]


def pins(party: UUID) -> list[Pin]:
    """The pins in force on the party, newest first: its own and those that came with parties it absorbed. One query."""
    live = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
    absorbed = Redirect.objects.filter(survivor=party).values("retired")
    of_party = Q(party=party) | Q(party__in=absorbed)
    return list(Pin.objects.filter(live, of_party, retracted_at__isnull=True).select_related("source", "record"))
