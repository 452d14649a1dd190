"""Records that wait to be resolved, and since when: `UnresolvedRecord`.

Ids and times are texts as PostgreSQL writes them, for nobody reckons with them here: a time only says whether a record
still waits for the same reason.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import connection

from party_hub.models.copy import as_array

Waiting = Mapping[str, str]

# Whoever has locked a row is letting the record wait anew.
SETTLE = """
DELETE FROM party_hub_unresolvedrecord WHERE ctid = ANY(ARRAY(
    SELECT u.ctid FROM unnest(%s::uuid[], %s::timestamptz[]) AS settled(record, since)
    JOIN party_hub_unresolvedrecord u ON u.record_id = settled.record AND u.since = settled.since
    FOR UPDATE OF u SKIP LOCKED))
"""


def waiting_since(records: Collection[UUID | str] | None = None) -> dict[str, str]:
    """Since when each of `records` (None: of all) waits, of those that do."""
    among, ids = ("", []) if records is None else (" WHERE record_id = ANY(%s::uuid[])", [as_array(records)])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT record_id::text, since::text FROM party_hub_unresolvedrecord{among}", ids)
        return dict(cursor.fetchall())


def settle(waiting: Waiting, records: Collection[str]) -> None:
    """Let these records wait no longer, unless somebody has let them wait anew since they did as `waiting` says."""
    since = {record: waiting[record] for record in records if record in waiting}
    if since:
        with connection.cursor() as cursor:
            cursor.execute(SETTLE, [as_array(since), as_array(since.values())])
