"""Withdraw the records of a source that its whole file no longer holds."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import connection, transaction

from party_hub.models.copy import copy_in

from .register_records import FEW, MEMORY, NEXT_VERSION, REGISTER_LOCK

PRESENT = "CREATE TEMP TABLE present (key text) ON COMMIT DROP"
# A record that changed after the file was made is none that the file could hold.
MISSING = """
CREATE TEMP TABLE missing ON COMMIT DROP AS
SELECT r.id FROM party_hub_sourcerecord r
WHERE r.source_id = %(source)s AND r.withdrawn_at IS NULL AND r.effective_at <= %(as_of)s
  AND NOT EXISTS (SELECT FROM present p WHERE p.key = r.key)
"""
KNOWN = "SELECT count(*) FROM party_hub_sourcerecord WHERE source_id = %s AND withdrawn_at IS NULL"
KEEP_FORMER = """
INSERT INTO party_hub_sourcerecordversion
    (record_id, version, party_type, attributes, content_hash, raw_location, received_at, effective_at, withdrawn_at)
SELECT r.id, r.version, r.party_type, r.attributes, r.content_hash, r.raw_location, r.received_at, r.effective_at, NULL
FROM missing JOIN party_hub_sourcerecord r USING (id)
"""
# `effective_at` stays: the source has said nothing new of the record, so that whatever it says next is news.
WITHDRAW = f"""
UPDATE party_hub_sourcerecord r
SET version = {NEXT_VERSION}, raw_location = %(raw_location)s, received_at = now(), withdrawn_at = %(as_of)s
FROM missing WHERE missing.id = r.id
"""
QUEUE = """
INSERT INTO party_hub_unresolvedrecord (record_id, version, since)
SELECT r.id, r.version, now() FROM missing JOIN party_hub_sourcerecord r USING (id)
ON CONFLICT (record_id) DO UPDATE SET version = excluded.version, since = excluded.since
"""


@transaction.atomic
def withdraw_missing(
    *,
    source: str,
    present: Iterable[tuple[str]],
    as_of: datetime,
    raw_location: str,
    allow: Callable[[int, int], None] = lambda missing, known: None,
) -> int:
    """Withdraw the live records of `source` whose key is not among `present`, as of `as_of`; gives how many.

    `allow` is told how many records are missing, and how many were known, and may raise to prevent it. Idempotent.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [REGISTER_LOCK, source])
        cursor.execute(MEMORY)
        cursor.execute("DROP TABLE IF EXISTS present, missing")
        cursor.execute(PRESENT)
        if copy_in("present", ("key",), present) > FEW:
            cursor.execute("ANALYZE present")
        cursor.execute(MISSING, {"source": source, "as_of": as_of})
        missing = int(cursor.rowcount)
        cursor.execute(KNOWN, [source])
        allow(missing, int(cursor.fetchone()[0]))
        if missing:
            cursor.execute(KEEP_FORMER)
            cursor.execute(WITHDRAW, {"as_of": as_of, "raw_location": raw_location})
            cursor.execute(QUEUE)
    return missing
