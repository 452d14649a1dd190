"""Where a party id leads, today or years after it was given out; and which party a source's key belongs to."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from party_hub.models import Membership
from party_hub.models.copy import as_array
from party_hub.models.party import PartyStatus


class Lead(StrEnum):
    """What an id leads to."""

    HERE = "here"  # the party lives under this id (or was withdrawn: its last golden record stays)
    REDIRECTED = "redirected"  # retired, with one survivor
    AMBIGUOUS = "ambiguous"  # retired, and its records are with several parties now
    ERASED = "erased"
    GONE = "gone"  # retired, and nothing that it leads to lives
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A party that an id leads to."""

    id: UUID
    party_type: str
    status: str
    name: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where one id leads. `candidates` is itself, the one survivor, or the several that share its records."""

    asked: UUID
    lead: Lead
    candidates: list[Candidate] = field(default_factory=list)

    @property
    def party(self) -> UUID | None:
        """The one party it leads to, if it is one."""
        return self.candidates[0].id if self.lead in (Lead.HERE, Lead.REDIRECTED) else None


# UNION drops what was reached before, so that a circle of redirects would end too.
WALK = """
WITH RECURSIVE walk(asked, at) AS (
    SELECT id, id FROM unnest(%s::uuid[]) AS asked(id)
    UNION
    SELECT w.asked, r.survivor_id FROM walk w
    JOIN party_hub_party p ON p.id = w.at AND p.status = 'retired'
    JOIN party_hub_redirect r ON r.retired_id = w.at
)
SELECT w.asked, p.id, p.party_type, p.status, coalesce(g.name, '')
FROM walk w JOIN party_hub_party p ON p.id = w.at LEFT JOIN party_hub_goldenrecord g ON g.party_id = p.id
ORDER BY w.asked, g.record_count DESC NULLS LAST, p.id
"""


def whereabouts(parties: Collection[UUID]) -> dict[UUID, Whereabouts]:
    """Where each of these ids leads. One query."""
    reached: dict[UUID, list[Candidate]] = {party: [] for party in parties}
    with connection.cursor() as cursor:
        cursor.execute(WALK, [as_array(parties)])
        for asked, *candidate in cursor.fetchall():
            reached[asked].append(Candidate(*candidate))
    return {asked: _judge(asked, candidates) for asked, candidates in reached.items()}


def where_is(party: UUID) -> Whereabouts:
    """Where this id leads. One query."""
    return whereabouts([party])[party]


# Which parties held, at that time, the records that the asked one had held last.
THEN = """
WITH held AS (
    SELECT record_id, span FROM party_hub_membership WHERE party_id = %(party)s AND lower(span) <= %(moment)s
), last AS (
    SELECT record_id FROM held
    WHERE coalesce(upper(span), 'infinity') >= (
        SELECT least(max(coalesce(upper(span), 'infinity')), %(moment)s) FROM held)
)
SELECT DISTINCT p.id, p.party_type, 'active', coalesce(g.name, '')
FROM last JOIN party_hub_membership m ON m.record_id = last.record_id AND m.span @> %(moment)s::timestamptz
JOIN party_hub_party p ON p.id = m.party_id AND p.status <> 'erased'
LEFT JOIN party_hub_goldenrecord g ON g.party_id = p.id ORDER BY p.id
"""


def where_was(party: UUID, moment: datetime) -> Whereabouts:
    """Where the id led at a time, as the hub knew it then. One query. `GONE` is a party that was not known then."""
    with connection.cursor() as cursor:
        cursor.execute(THEN, {"party": party, "moment": moment})
        held_by = [Candidate(*row) for row in cursor.fetchall()]
    itself = [candidate for candidate in held_by if candidate.id == party]
    if itself:
        return Whereabouts(party, Lead.HERE, itself)
    if len(held_by) > 1:
        return Whereabouts(party, Lead.AMBIGUOUS, held_by)
    return Whereabouts(party, Lead.REDIRECTED if held_by else Lead.GONE, held_by)


def _judge(asked: UUID, reached: list[Candidate]) -> Whereabouts:
    itself = next((candidate for candidate in reached if candidate.id == asked), None)
    if itself is None:
        return Whereabouts(asked, Lead.UNKNOWN)
    if itself.status == PartyStatus.ERASED:
        return Whereabouts(asked, Lead.ERASED)
    if itself.status != PartyStatus.RETIRED:
        return Whereabouts(asked, Lead.HERE, [itself])
    ends = [candidate for candidate in reached if candidate.status != PartyStatus.RETIRED]
    living = [candidate for candidate in ends if candidate.status != PartyStatus.ERASED]
    if len(living) > 1:
        return Whereabouts(asked, Lead.AMBIGUOUS, living)
    if living:
        return Whereabouts(asked, Lead.REDIRECTED, living)
    return Whereabouts(asked, Lead.ERASED if ends else Lead.GONE)


@dataclass(frozen=True, slots=True)
class Xref:
    """A source's key and the party it belongs to; None while the record waits to be matched."""

    source: str
    key: str
    record: UUID
    party: UUID | None


def xrefs(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Xref]:
    """The xref of each (source, key) that is known. One query."""
    pairs = list(keys)
    if not pairs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.source_id, r.key, r.id, m.party_id FROM unnest(%s, %s) AS asked(source, key) "
            "JOIN party_hub_sourcerecord r ON r.source_id = asked.source AND r.key = asked.key "
            "LEFT JOIN party_hub_membership m ON m.record_id = r.id AND upper_inf(m.span)",
            [[source for source, _ in pairs], [key for _, key in pairs]],
        )
        return {(row[0], row[1]): Xref(*row) for row in cursor.fetchall()}


def xref(source: str, key: str) -> Xref | None:
    """The party of a source's key; None where the hub does not know the key. One query."""
    return xrefs([(source, key)]).get((source, key))


def xrefs_of(party: UUID) -> list[tuple[str, str]]:
    """(source, key) of every record of the party. One query."""
    live: Any = Membership.objects.filter(party=party, span__upper_inf=True)
    return list(live.order_by("record__source", "record__key").values_list("record__source_id", "record__key"))
