"""The outbox: events are written in the transaction of the change they tell, and leave through the relay."""

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from party_hub.models import OutboxEvent
from party_hub.models.copy import as_array, as_json_array

from .catalog import Cause, EventType, PartyEvent, Topic

# The golden record as others see it. Built by PostgreSQL from the rows of this transaction, so it cannot differ.
SNAPSHOT = """
jsonb_build_object(
    'partyId', p.id, 'partyType', p.party_type, 'status', p.status, 'quality', g.quality, 'values', g.values,
    'xrefs', coalesce(x.keys, '[]'))
"""
# Lineage names the records that a golden record is made of; a party that was withdrawn has none left.
XREFS = """
LATERAL (
    SELECT jsonb_agg(jsonb_build_object('source', source, 'key', key) ORDER BY source, key) AS keys
    FROM (SELECT r->>'source' AS source, r->>'key' AS key FROM jsonb_array_elements(g.lineage->'records') r) said
    WHERE p.status <> 'withdrawn'
) x ON true
"""
WRITE = f"""
INSERT INTO party_hub_outboxevent (event_id, topic, key, type, party_version, payload, correlation_id, created_at)
SELECT gen_random_uuid(), '{Topic.GOLDEN}', t.party, t.type, t.version,
       t.data || jsonb_build_object('decision', %(decision)s::jsonb)
           || CASE WHEN t.has_snapshot THEN {SNAPSHOT} ELSE '{{}}' END,
       %(correlation)s, clock_timestamp()
FROM unnest(%(types)s::text[], %(parties)s::uuid[], %(versions)s::int[], %(snapshots)s::boolean[], %(data)s::jsonb[])
    WITH ORDINALITY AS t(type, party, version, has_snapshot, data, ordinal)
LEFT JOIN party_hub_party p ON p.id = t.party AND t.has_snapshot
LEFT JOIN party_hub_goldenrecord g ON g.party_id = p.id
LEFT JOIN {XREFS}
ORDER BY t.ordinal
"""


# Everything as it stands, told again: live parties with their snapshot, retired ids with where they lead.
RETELL = f"""
INSERT INTO party_hub_outboxevent (event_id, topic, key, type, party_version, payload, correlation_id, created_at)
SELECT gen_random_uuid(), %(topic)s, p.id,
       CASE WHEN p.status = 'retired' THEN 'party.redirected' ELSE 'party.updated' END, p.version,
       CASE WHEN p.status = 'retired' THEN jsonb_build_object('partyId', p.id, 'status', 'retired') ||
                CASE WHEN led.count = 1 THEN jsonb_build_object('survivorId', led.ids->0)
                ELSE jsonb_build_object('candidateIds', led.ids) END
            ELSE {SNAPSHOT} || '{{"changedAttributes": []}}' END || jsonb_build_object('decision', %(decision)s::jsonb),
       %(correlation)s, clock_timestamp()
FROM party_hub_party p
LEFT JOIN party_hub_goldenrecord g ON g.party_id = p.id
LEFT JOIN {XREFS}
LEFT JOIN LATERAL (
    SELECT count(*), jsonb_agg(r.survivor_id ORDER BY r.survivor_id) AS ids
    FROM party_hub_redirect r WHERE r.retired_id = p.id
) led ON p.status = 'retired'
WHERE p.id = ANY(%(parties)s::uuid[])
  AND (p.status IN ('active', 'withdrawn') AND g.party_id IS NOT NULL OR p.status = 'retired' AND led.count > 0)
ORDER BY p.id
"""
OUTBOX_LOCK = 727_021


def lock_outbox() -> None:
    """One transaction at a time writes events from here to its end, so that their ids grow in the order of commits.

    A reader who goes on from the last id it saw then misses none.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [OUTBOX_LOCK])


def tell(events: Collection[PartyEvent], cause: Cause) -> None:
    """Puts `events` in the outbox, in order. Call it inside the transaction of the change."""
    if not events:
        return
    lock_outbox()
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE,
            {
                "types": as_array(str(event.type) for event in events),
                "parties": as_array(event.party for event in events),
                "versions": as_array(event.version for event in events),
                "snapshots": as_array(str(event.type.has_snapshot) for event in events),
                "data": as_json_array(dict(event.data) for event in events),
                "decision": json.dumps(cause.as_json(), ensure_ascii=False),
                "correlation": cause.id,
            },
        )


def retell(parties: Collection[UUID], cause: Cause, topic: str = Topic.GOLDEN) -> int:
    """Puts these parties' present state in the outbox, as if it had never been told; gives the number of events."""
    lock_outbox()
    said = json.dumps(cause.as_json(), ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute(
            RETELL, {"topic": topic, "parties": as_array(parties), "decision": said, "correlation": cause.id}
        )
        return int(cursor.rowcount)


def tell_reference(key: str, data: Mapping[str, Any], cause: Cause) -> None:
    """Puts a change of reference data in the outbox. To be called inside the transaction of the change."""
    lock_outbox()
    OutboxEvent.objects.create(
        topic=Topic.REFERENCE,
        key=key,
        type=EventType.REFERENCE_CHANGED,
        payload={**data, "decision": cause.as_json()},
        correlation_id=cause.id,
    )
