"""Relationships, worked out from what golden records say and who holds the identifiers that they name.

Set-based, and only around what changed: parties that say something of others or did, and parties that name an
identifier which has come, gone or moved. What differs is closed and opened anew; the rest is left alone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from party_hub.models import Relationship
from party_hub.models.copy import as_array

# Chunks side by side cannot see each other's new parties, so one looks after the other has committed.
RELATE_LOCK = 727_002

AROUND = """
SELECT unnest(%(saying)s::uuid[]) AS party
UNION SELECT party_id FROM party_hub_relationship
      WHERE upper_inf(span) AND (party_id = ANY(%(known)s::uuid[]) OR other_id = ANY(%(known)s::uuid[]))
UNION SELECT r.party_id FROM party_hub_partyidentifier i
      JOIN party_hub_relationship r ON r.scheme = i.scheme_id AND r.value = i.value AND upper_inf(r.span)
      WHERE i.party_id = ANY(%(touched)s::uuid[]) AND r.scheme <> ''
"""
THESE = "CREATE TEMP TABLE relating ON COMMIT DROP AS SELECT unnest(%(parties)s::uuid[]) AS party"
EVERYWHERE = """
CREATE TEMP TABLE relating ON COMMIT DROP AS
SELECT party_id AS party FROM party_hub_goldenrecord WHERE "values" ? 'relations'
UNION SELECT party_id FROM party_hub_relationship WHERE upper_inf(span)
"""
# Golden relations are ranked, best first. Their lineage says which record each came from: see domain.lineage.
# OFFSET 0 keeps the planner to the few parties at hand, where it would begin with all that say something of others.
SAID = """
SELECT c.party AS party_id, told.party_type, item, place,
       CASE WHEN lineage #> '{attributes,relations}' IS NULL THEN lineage #>> '{records,0,record}'
            ELSE lineage #>> ARRAY['records', lineage #>> ARRAY['attributes', 'relations', 'won',
                                                                (place - 1)::text, '0'], 'record']
       END::uuid AS record_id
FROM relating c
CROSS JOIN LATERAL (
    SELECT p.party_type, g."values" -> 'relations' AS relations, g.lineage
    FROM party_hub_party p JOIN party_hub_goldenrecord g ON g.party_id = p.id
    WHERE p.id = c.party AND p.status = 'active' AND g."values" ? 'relations' OFFSET 0
) told
CROSS JOIN LATERAL jsonb_array_elements(told.relations) WITH ORDINALITY AS said(item, place)
"""
# The source says so, or the last day that it named has passed (UTC): see `actions.expire`.
OVER = "item ? 'status' OR coalesce((item->>'until')::date < (clock_timestamp() AT TIME ZONE 'UTC')::date, false)"
KIND = "CASE {type} WHEN 'individual' THEN 'individual' ELSE 'organisation' END"
# Of several parties that hold the identifier the one with most records is meant, ties to the smaller id; the party
# itself only where nobody else does.
PLACED = f"""
SELECT s.party_id, t.code AS type_id, coalesce(item->>'scheme', '') AS scheme, coalesce(item->>'value', '') AS value,
       coalesce(item->>'exception', '') AS exception, coalesce(item->>'reference', '') AS reference,
       CASE WHEN held.party_id <> s.party_id THEN held.party_id END AS other_id,
       CASE WHEN item ? 'exception' THEN 'exception' WHEN held.party_id IS NULL THEN 'unknown'
            WHEN held.party_id = s.party_id THEN 'itself'
            WHEN t.party_kind NOT IN ('', {KIND.format(type="s.party_type")})
              OR t.other_kind NOT IN ('', {KIND.format(type="held.party_type")}) THEN 'unfit'
            ELSE 'connected' END AS standing,
       coalesce(held.holders, 0) AS holders, (item->>'since')::date AS since, (item->>'until')::date AS until,
       (item->>'share')::numeric(9, 6) AS share, {OVER} AS ended,
       row_number() OVER (PARTITION BY s.party_id, t.code ORDER BY {OVER}, s.place) AS place,
       s.record_id, t.hierarchical, t.position
FROM ({SAID}) s
JOIN party_hub_relationshiptype t ON t.code = item->>'type'
LEFT JOIN LATERAL (
    SELECT g.party_id, p.party_type, count(*) OVER () AS holders
    FROM (SELECT DISTINCT party_id FROM party_hub_partyidentifier
          WHERE scheme_id = item->>'scheme' AND value = item->>'value') i
    JOIN party_hub_party p ON p.id = i.party_id AND p.status = 'active'
    JOIN party_hub_goldenrecord g ON g.party_id = p.id
    ORDER BY g.party_id = s.party_id, g.record_count DESC, g.party_id LIMIT 1
) held ON NOT item ? 'exception'
"""
COLUMNS = (
    "party_id, type_id, scheme, value, exception, reference, other_id, standing, holders, since, until, share, ended, "
    "place, branch, record_id"
)
# The branch by which a party hangs in the tree: of the types of the tree the first that leads to somebody.
EXPECTED = f"""
CREATE TEMP TABLE expected ON COMMIT DROP AS
SELECT {COLUMNS.replace("branch", "hangs AND nearest = 1 AS branch")} FROM (
    SELECT placed.*, hangs, row_number() OVER (PARTITION BY party_id, hangs ORDER BY position, type_id) AS nearest
    FROM ({PLACED}) placed
    CROSS JOIN LATERAL (SELECT hierarchical AND standing = 'connected' AND place = 1 AND NOT ended AS hangs) h
) ranked
"""
LIVE = "r.party_id IN (SELECT party FROM relating) AND upper_inf(r.span)"
# Of chunks side by side the one that began earlier may come to this later; time goes on all the same.
AFTER = f"""
SELECT greatest(%(moment)s, max(lower(r.span)) + interval '1 microsecond') FROM party_hub_relationship r WHERE {LIVE}
"""
SAME = f"""
SELECT FROM {{other}} WHERE ROW({", ".join(f"x.{name}" for name in COLUMNS.split(", "))})
    IS NOT DISTINCT FROM ROW({", ".join(f"r.{name}" for name in COLUMNS.split(", "))})
"""
CLOSE = f"""
UPDATE party_hub_relationship r SET span = tstzrange(lower(span), %(moment)s)
WHERE {LIVE} AND NOT EXISTS ({SAME.format(other="expected x")} AND x.party_id = r.party_id)
"""
OPEN = f"""
INSERT INTO party_hub_relationship ({COLUMNS}, span)
SELECT {COLUMNS}, tstzrange(%(moment)s, NULL) FROM expected r
WHERE NOT EXISTS ({SAME.format(other="party_hub_relationship x")} AND x.party_id = r.party_id AND upper_inf(x.span))
"""
DIFFERING = f"""
SELECT r.party_id, 'stored', r.type_id, coalesce(nullif(r.value, ''), r.exception) FROM party_hub_relationship r
WHERE {LIVE} AND NOT EXISTS ({SAME.format(other="expected x")} AND x.party_id = r.party_id)
UNION ALL
SELECT r.party_id, 'expected', r.type_id, coalesce(nullif(r.value, ''), r.exception) FROM expected r
WHERE NOT EXISTS ({SAME.format(other="party_hub_relationship x")} AND x.party_id = r.party_id AND upper_inf(x.span))
ORDER BY 1, 3, 4
"""


@dataclass(frozen=True)
class Misrelated:
    """A relationship that does not follow from the golden records: `side` says where it stands, stored or expected."""

    party: UUID
    side: str
    type: str
    named: str


def relate_parties(
    *,
    touched: Collection[UUID],
    saying: Collection[UUID],
    moment: datetime,
    newborn: Collection[UUID] = frozenset(),
) -> None:
    """Brings the relationships in line in which one of the `touched` parties has a part, in the transaction at hand.

    `saying` are those of them whose golden record speaks of relations; the `newborn` ones have had no part in any yet.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RELATE_LOCK])
        known = as_array(party for party in touched if party not in newborn)
        cursor.execute(AROUND, {"touched": as_array(touched), "known": known, "saying": as_array(saying)})
        parties = [party for (party,) in cursor.fetchall()]
    if parties:
        _relate(THESE, {"parties": as_array(parties), "moment": moment})


def end_relationships(moment: datetime, most: int) -> int:
    """Ends relationships whose last day has passed, in the transaction at hand; gives of how many parties."""
    over = Relationship.objects.filter(span__upper_inf=True, ended=False, until__lt=moment.astimezone(UTC).date())
    parties = set(over.order_by("until").values_list("party_id", flat=True)[:most])
    if parties:
        relate_parties(touched=parties, saying=parties, moment=moment)
    return len(parties)


@transaction.atomic
def relate_all() -> None:
    """Brings all relationships in line: after a relationship type has changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s), clock_timestamp()", [RELATE_LOCK])
        _relate(EVERYWHERE, {"moment": cursor.fetchone()[1]})


def _relate(which: str, parameters: dict[str, Any]) -> None:
    if not _expect(which, parameters):
        return
    with connection.cursor() as cursor:
        cursor.execute(AFTER, parameters)
        parameters["moment"] = cursor.fetchone()[0]
        cursor.execute(CLOSE, parameters)
        cursor.execute(OPEN, parameters)


def misrelated() -> list[Misrelated]:
    """Every relationship that differs from what golden records and identifiers say. Reads only."""
    if not _expect(EVERYWHERE, {}):
        return []
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING)
        return [Misrelated(*row) for row in cursor.fetchall()]


def _expect(which: str, parameters: dict[str, Any]) -> bool:
    """Works out the relationships of `which` parties; False where there is nobody whose they could be."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS relating, expected")
        cursor.execute(which, parameters)
        if not cursor.rowcount:
            return False
        cursor.execute(EXPECTED)
    return True
