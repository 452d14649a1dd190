"""Clusters onto parties: which party each cluster is, who retires, who comes back, and the memberships that follow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from party_hub.domain.candidates import Testimony
from party_hub.domain.identity import assign_parties
from party_hub.models.copy import as_array, copy_in
from party_hub.models.ids import new_party_id

from .rebuild_golden import TESTIMONY, testimony_of


class Member(NamedTuple):
    """A record in reach: what it says, its standing, the party that holds it now and the one that held it last."""

    id: UUID
    testimony: Testimony
    duplicate_free: bool
    withdrawn: bool
    received_at: datetime
    live_party: UUID | None
    last_party: UUID | None

    @property
    def bare(self) -> bool:
        """Whether it has no name, so nothing but identifiers to be known by."""
        return "names" not in self.testimony.attributes


MEMBERS = f"""
SELECT s.duplicate_free,
       r.withdrawn_at IS NOT NULL
           OR EXISTS (SELECT FROM party_hub_retirement t WHERE t.record_id = r.id AND t.retracted_at IS NULL),
       r.received_at,
       CASE WHEN upper_inf(m.span) THEN m.party_id END, m.party_id, {TESTIMONY}
FROM party_hub_sourcerecord r JOIN party_hub_sourcesystem s ON s.code = r.source_id
LEFT JOIN (
    SELECT DISTINCT ON (record_id) record_id, party_id, span FROM party_hub_membership
    WHERE record_id = ANY(%(reach)s::uuid[]) ORDER BY record_id, span DESC
) m ON m.record_id = r.id
WHERE r.id = ANY(%(reach)s::uuid[])
ORDER BY r.id
"""
# Retired parties whose last members are all among the given records of one cluster: (party, record).
FORMER_MEMBERS = """
SELECT DISTINCT m.party_id, m.record_id
FROM party_hub_membership m JOIN party_hub_party p ON p.id = m.party_id
WHERE p.status = 'retired' AND upper(m.span) = p.retired_at AND m.party_id IN (
    SELECT m2.party_id FROM party_hub_membership m2 JOIN party_hub_party p2 ON p2.id = m2.party_id
    WHERE m2.record_id = ANY(%s::uuid[]) AND p2.status = 'retired' AND upper(m2.span) = p2.retired_at)
"""
CLOSE = """
UPDATE party_hub_membership SET span = tstzrange(lower(span), %(moment)s)
WHERE record_id = ANY(%(records)s::uuid[]) AND upper_inf(span)
"""
# Since when it holds no record; that is before, where they were withdrawn and came back elsewhere. Its last members
# are those that it held until then.
RETIRE = """
UPDATE party_hub_party p SET status = 'retired', retired_at = coalesce(
    (SELECT max(upper(m.span)) FROM party_hub_membership m WHERE m.party_id = p.id), %(moment)s)
WHERE p.id = ANY(%(retired)s::uuid[])
"""
# Where the last members of each retired party are now. One that has none left anywhere keeps where it led.
REDIRECT = """
WITH led AS (
    SELECT DISTINCT p.id AS retired, live.party_id AS survivor
    FROM party_hub_party p
    JOIN party_hub_membership former ON former.party_id = p.id AND upper(former.span) = p.retired_at
    JOIN party_hub_membership live ON live.record_id = former.record_id AND upper_inf(live.span)
    WHERE p.status = 'retired' AND p.id = ANY(%(retired)s::uuid[])
), gone AS (
    DELETE FROM party_hub_redirect r WHERE r.retired_id IN (SELECT retired FROM led)
        AND NOT EXISTS (SELECT FROM led WHERE led.retired = r.retired_id AND led.survivor = r.survivor_id)
)
INSERT INTO party_hub_redirect (retired_id, survivor_id, since) SELECT retired, survivor, %(moment)s FROM led
ON CONFLICT DO NOTHING
"""
# Retired ids that led to one of these parties, or whose last members are among these records.
LED_TO = """
SELECT retired_id FROM party_hub_redirect WHERE survivor_id = ANY(%(changed)s::uuid[])
UNION
SELECT p.id FROM party_hub_membership m JOIN party_hub_party p ON p.id = m.party_id
WHERE m.record_id = ANY(%(returned)s::uuid[]) AND p.status = 'retired' AND upper(m.span) = p.retired_at
"""


@dataclass
class Assignment:
    """What becomes of the parties in reach. `members` is the new state; `moved` maps a record to (party before, party
    after); `returned` are the records that were silent and are heard again.
    """

    members: dict[UUID, list[UUID]] = field(default_factory=dict)
    created: set[UUID] = field(default_factory=set)
    revived: set[UUID] = field(default_factory=set)
    retired: dict[UUID, set[UUID]] = field(default_factory=dict)
    withdrawn: set[UUID] = field(default_factory=set)
    moved: dict[UUID, tuple[UUID | None, UUID | None]] = field(default_factory=dict)
    returned: set[UUID] = field(default_factory=set)


def members_of(reached: Iterable[str]) -> list[Member]:
    """These records, by id; ids without a record are passed over."""
    with connection.cursor() as cursor:
        cursor.execute(MEMBERS, {"reach": as_array(reached)})
        return [Member(row[5], testimony_of(row[5:]), *row[:5]) for row in cursor.fetchall()]


def _revivable(clusters: Sequence[Sequence[UUID]]) -> dict[int, UUID]:
    """For clusters without an id: the retired id whose last members they hold whole, the largest first, ties by id.

    So an undone merge gives each side its own id back instead of a third one.
    """
    cluster_of = {record: index for index, members in enumerate(clusters) for record in members}
    if not cluster_of:
        return {}
    former: dict[UUID, set[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(FORMER_MEMBERS, [as_array(cluster_of)])
        for party, record in cursor.fetchall():
            former.setdefault(party, set()).add(record)
    found: dict[int, UUID] = {}
    for party, records in sorted(former.items(), key=lambda item: (-len(item[1]), item[0])):
        holders = {cluster_of.get(record) for record in records}
        if len(holders) == 1 and (holder := holders.pop()) is not None:
            found.setdefault(holder, party)
    return found


def assign(clusters: Sequence[Sequence[UUID]], members: Iterable[Member]) -> Assignment:
    """Gives each cluster its party and works out what that moves. Reads only."""
    by_id = {member.id: member for member in members}
    previous = {member.id: member.last_party for member in by_id.values() if member.last_party and not member.withdrawn}
    seniority = {record: (by_id[record].received_at, record) for record in previous}
    kept = assign_parties(clusters, previous, seniority)
    homeless = [
        index for index, party in enumerate(kept) if party is None and any(m in previous for m in clusters[index])
    ]
    result = Assignment()
    for position, party in _revivable([clusters[index] for index in homeless]).items():
        kept[homeless[position]] = party
        result.revived.add(party)
    for cluster, keeps in zip(clusters, kept, strict=True):
        party = keeps or new_party_id()
        if keeps is None:
            result.created.add(party)
        result.members[party] = list(cluster)
    _trace(result, by_id)
    return result


def _trace(result: Assignment, by_id: Mapping[UUID, Member]) -> None:
    """Fills in what moved, and which parties were left without records and why."""
    now = {record: party for party, records in result.members.items() for record in records}
    left_behind: dict[UUID, set[UUID]] = {}
    for record, member in by_id.items():
        after = now.get(record)
        if member.live_party != after:
            result.moved[record] = (member.live_party, after)
            if member.last_party and not member.live_party:
                result.returned.add(record)
        if member.last_party and member.last_party not in result.members and (member.live_party or after):
            left_behind.setdefault(member.last_party, set()).update({after} if after else ())
    for party, heirs in left_behind.items():
        if heirs:
            result.retired[party] = heirs
        else:
            result.withdrawn.add(party)


def write_assignment(result: Assignment, moment: datetime) -> None:
    """Stores what becomes of parties, memberships and redirects as `result` says, in the transaction at hand.

    New parties are left to `bear_parties`: of which type they are their golden record says.
    """
    with connection.cursor() as cursor:
        if closing := [record for record, (before, _) in result.moved.items() if before]:
            cursor.execute(CLOSE, {"moment": moment, "records": as_array(closing)})
        cursor.execute(
            "UPDATE party_hub_party SET status = 'active', retired_at = NULL "
            "WHERE id = ANY(%s::uuid[]) AND status <> 'active'",
            [as_array(result.members.keys() - result.created)],
        )
        if result.revived:
            cursor.execute(
                "DELETE FROM party_hub_redirect WHERE retired_id = ANY(%s::uuid[])", [as_array(result.revived)]
            )
        if result.withdrawn:
            cursor.execute(
                "UPDATE party_hub_party SET status = 'withdrawn' WHERE id = ANY(%s::uuid[])",
                [as_array(result.withdrawn)],
            )
        if result.retired:
            cursor.execute(RETIRE, {"moment": moment, "retired": as_array(result.retired)})
        if gone := result.retired.keys() | result.withdrawn:
            cursor.execute("DELETE FROM party_hub_partyidentifier WHERE party_id = ANY(%s::uuid[])", [as_array(gone)])
        since = f"[{moment.isoformat()},)"
        opened = ((record, after, since) for record, (_, after) in result.moved.items() if after)
        copy_in("party_hub_membership", ("record_id", "party_id", "span"), opened)
        if result.moved:
            _lead_on(result, moment)


def bear_parties(types: Mapping[UUID, str], moment: datetime) -> None:
    """Stores new parties, each of this type, in the transaction at hand."""
    columns = ("id", "party_type", "status", "version", "created_at")
    copy_in("party_hub_party", columns, ((party, is_a, "active", 1, moment) for party, is_a in types.items()))


def _lead_on(result: Assignment, moment: datetime) -> None:
    """Retired ids lead to where their last records are now: newly retired ones, those that led to what changed, and
    those of which a last record is heard again.
    """
    changed = {party for pair in result.moved.values() for party in pair if party} | result.retired.keys()
    with connection.cursor() as cursor:
        cursor.execute(LED_TO, {"changed": as_array(changed), "returned": as_array(result.returned)})
        affected = {row[0] for row in cursor.fetchall()} | result.retired.keys()
        if affected:
            cursor.execute(REDIRECT, {"retired": as_array(affected), "moment": moment})
