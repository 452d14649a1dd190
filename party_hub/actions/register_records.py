"""Source records into the hub: the one writer of facts from outside. Bulk or single, the same set-based statements.

What comes is compared with what is known under the same source and key:

- nothing known → created;
- the same content → unchanged (a later `effective_at` makes a version of its own: it may decide golden values);
- an older `effective_at` than the known one → late: kept as a version, never over the newer one;
- otherwise → updated or withdrawn; what stood before is kept as a version.

Everything that changed waits in `UnresolvedRecord` from the same transaction on.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import pyarrow as pa
from django.db import connection, transaction

from party_hub.models import SourceSystem
from party_hub.models.copy import copy_in
from party_hub.models.copy_arrow import copy_batches

from .errors import NotFound

REGISTER_LOCK = 727_002


class IncomingRecord(NamedTuple):
    """One record as it comes in. `attributes` is JSON text; `effective_at` None where the source does not say."""

    key: str
    party_type: str
    attributes: str
    raw_location: str
    effective_at: datetime | str | None
    withdrawn: bool = False


@dataclass(frozen=True)
class Registered:
    """What became of the records. `created + updated + unchanged + late + withdrawn` is how many came."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    late: int = 0
    withdrawn: int = 0

    @property
    def changed(self) -> int:
        """How many wait to be matched."""
        return self.created + self.updated + self.withdrawn


FEW = 1_000  # records that are planned for without statistics
STAGED = ("incoming", "numbered")
# For the sorts and joins of a million keys, and for this transaction alone.
MEMORY = "SET LOCAL work_mem = '96MB'"
STAGE = """
CREATE TEMP TABLE incoming (
    ordinal bigserial, key text, party_type text, attributes jsonb, raw_location text, effective_at timestamptz,
    withdrawn boolean
)
"""
# Attributes are wide: they are written once here and once where they stay. What is sorted and joined is narrow.
NUMBER = """
CREATE TEMP TABLE numbered AS
SELECT ordinal, encode(substring(sha256(convert_to(%(source)s || chr(31) || key, 'UTF8')) FOR 16), 'hex')::uuid AS id,
       encode(sha256(convert_to(party_type || attributes::text, 'UTF8')), 'hex') AS content_hash,
       effective_at, withdrawn, 1 AS turn
FROM incoming
"""
LEAVE_OUT = """
DELETE FROM numbered n USING unnest(%s::text[]) AS aside(place) JOIN incoming i ON i.raw_location = aside.place
WHERE n.ordinal = i.ordinal
"""
# Several records for one key are applied one after another, so that every version is kept: turn 1, 2, …
TAKE_TURNS = """
UPDATE numbered n SET turn = t.turn FROM (
    SELECT ordinal, row_number() OVER (PARTITION BY id ORDER BY ordinal) AS turn
    FROM numbered WHERE id IN (SELECT id FROM numbered GROUP BY id HAVING count(*) > 1)
) t WHERE t.ordinal = n.ordinal
"""
CLASSIFY = """
CREATE TEMP TABLE classified ON COMMIT DROP AS
SELECT n.ordinal, n.id, n.content_hash, n.effective_at, n.withdrawn, r.version AS known_version,
       CASE
           WHEN r.id IS NULL THEN CASE WHEN n.withdrawn THEN 'withdrawn' ELSE 'created' END
           WHEN n.withdrawn AND r.withdrawn_at IS NOT NULL THEN 'unchanged'
           WHEN NOT n.withdrawn AND r.withdrawn_at IS NULL AND n.content_hash = r.content_hash THEN 'unchanged'
           WHEN n.effective_at < r.effective_at THEN CASE WHEN EXISTS (
               SELECT FROM party_hub_sourcerecordversion v
               WHERE v.record_id = n.id AND v.effective_at = n.effective_at
                 AND (v.content_hash = n.content_hash OR n.withdrawn) AND (v.withdrawn_at IS NOT NULL) = n.withdrawn
           ) THEN 'unchanged' ELSE 'late' END
           WHEN n.withdrawn THEN 'withdrawn'
           ELSE 'updated'
       END AS verdict
FROM numbered n LEFT JOIN party_hub_sourcerecord r ON r.id = n.id
WHERE n.turn = %(turn)s
"""
NEXT_VERSION = """
greatest(r.version, (SELECT max(v.version) FROM party_hub_sourcerecordversion v WHERE v.record_id = r.id)) + 1
"""
KEEP_LATE = f"""
INSERT INTO party_hub_sourcerecordversion
    (record_id, version, party_type, attributes, content_hash, raw_location, received_at, effective_at, withdrawn_at)
SELECT c.id, {NEXT_VERSION}, i.party_type, i.attributes, c.content_hash, i.raw_location, now(), c.effective_at,
       CASE WHEN c.withdrawn THEN c.effective_at END
FROM classified c JOIN incoming i USING (ordinal) JOIN party_hub_sourcerecord r ON r.id = c.id WHERE c.verdict = 'late'
"""
# A second withdrawal too: else what was said between the two would count if it came after both.
CONFIRMED = "c.verdict = 'unchanged' AND c.effective_at > r.effective_at"
NOTE_LATER = f"""
UPDATE party_hub_sourcerecord r SET version = {NEXT_VERSION}, raw_location = i.raw_location, received_at = now(),
    effective_at = c.effective_at, withdrawn_at = CASE WHEN c.withdrawn THEN c.effective_at END
FROM classified c JOIN incoming i USING (ordinal) WHERE c.id = r.id AND {CONFIRMED}
RETURNING r.id
"""
KEEP_FORMER = """
INSERT INTO party_hub_sourcerecordversion
    (record_id, version, party_type, attributes, content_hash, raw_location, received_at, effective_at, withdrawn_at)
SELECT r.id, r.version, r.party_type, r.attributes, r.content_hash, r.raw_location, r.received_at, r.effective_at,
       r.withdrawn_at
FROM classified c JOIN party_hub_sourcerecord r ON r.id = c.id WHERE {which}
"""
REPLACED = "c.verdict IN ('updated', 'withdrawn')"
REPLACE = f"""
UPDATE party_hub_sourcerecord r SET
    version = {NEXT_VERSION},
    party_type = CASE WHEN c.withdrawn THEN r.party_type ELSE i.party_type END,
    attributes = CASE WHEN c.withdrawn THEN r.attributes ELSE i.attributes END,
    content_hash = CASE WHEN c.withdrawn THEN r.content_hash ELSE c.content_hash END,
    raw_location = i.raw_location, received_at = now(), effective_at = coalesce(c.effective_at, now()),
    withdrawn_at = CASE WHEN c.withdrawn THEN coalesce(c.effective_at, now()) END
FROM classified c JOIN incoming i USING (ordinal) WHERE c.id = r.id AND c.verdict IN ('updated', 'withdrawn')
"""
# A withdrawal may overtake the record that it withdraws; it is remembered as a record that never spoke. Sorted, what is
# matched and resolved together lies together, for that goes by id: a page is touched once and not once a record.
CREATE = """
INSERT INTO party_hub_sourcerecord
    (id, source_id, key, party_type, attributes, content_hash, version, raw_location, received_at, effective_at,
     withdrawn_at)
SELECT c.id, %(source)s, i.key, i.party_type, i.attributes, c.content_hash, 1, i.raw_location, now(),
       coalesce(c.effective_at, now()),
       CASE WHEN c.withdrawn THEN coalesce(c.effective_at, now()) END
FROM classified c JOIN incoming i USING (ordinal)
WHERE c.verdict IN ('created', 'withdrawn') AND c.known_version IS NULL
ORDER BY c.id
"""
QUEUE_NEW = """
INSERT INTO party_hub_unresolvedrecord (record_id, version, since)
SELECT id, 1, clock_timestamp() FROM classified WHERE verdict IN ('created', 'withdrawn') AND known_version IS NULL
"""
QUEUE_KNOWN = """
INSERT INTO party_hub_unresolvedrecord (record_id, version, since)
SELECT r.id, r.version, clock_timestamp() FROM party_hub_sourcerecord r JOIN classified c ON c.id = r.id
WHERE c.verdict IN ('updated', 'withdrawn') AND c.known_version IS NOT NULL
ON CONFLICT (record_id) DO UPDATE SET version = excluded.version, since = excluded.since
"""
QUEUE_NOTED = """
INSERT INTO party_hub_unresolvedrecord (record_id, version, since)
SELECT id, version, clock_timestamp() FROM party_hub_sourcerecord WHERE id = ANY(%s::uuid[])
ON CONFLICT (record_id) DO UPDATE SET version = excluded.version, since = excluded.since
"""


def _apply_turn(source: str, turn: int) -> dict[str, int]:
    """Apply the turn's records; only what some of them need is done. Gives how many there are of each verdict."""
    _drop("classified")
    with connection.cursor() as cursor:
        cursor.execute(CLASSIFY, {"turn": turn})
        if cursor.rowcount > FEW:
            cursor.execute("ANALYZE classified")
        cursor.execute("SELECT verdict, count(*) FROM classified GROUP BY verdict")
        counts = {str(verdict): int(count) for verdict, count in cursor.fetchall()}
        if "late" in counts:
            cursor.execute(KEEP_LATE)
        noted: list[str] = []
        if "unchanged" in counts:
            cursor.execute(KEEP_FORMER.format(which=CONFIRMED))
            cursor.execute(NOTE_LATER)
            noted = [str(row[0]) for row in cursor.fetchall()]
        if counts.keys() & {"updated", "withdrawn"}:
            cursor.execute(KEEP_FORMER.format(which=REPLACED))
            cursor.execute(REPLACE)
            cursor.execute(QUEUE_KNOWN)
        if counts.keys() & {"created", "withdrawn"}:
            cursor.execute(CREATE, {"source": source})
            cursor.execute(QUEUE_NEW)
        if noted:  # recency decides golden values, so a confirmed value is news too
            cursor.execute(QUEUE_NOTED, [noted])
    return counts


@transaction.atomic
def register_records(*, source: str, records: Iterable[IncomingRecord], actor: str) -> Registered:
    """Takes `records` of one source in and says what became of them. Idempotent.

    Raises NotFound for an unknown source and django.db.DataError / IntegrityError for attributes that are no JSON, an
    empty key or an unknown party type; then nothing is written. One registration a source at a time (advisory lock).
    """
    _stage(source, lambda: copy_in("incoming", IncomingRecord._fields, records))
    return register_staged(source=source, actor=actor)


@transaction.atomic
def register_batches(*, source: str, batches: Iterable[pa.RecordBatch], actor: str) -> Registered:
    """As `register_records`, for a feed's thousands: Arrow batches whose columns are the fields of `IncomingRecord`."""
    stage_batches(source=source, batches=batches)
    return register_staged(source=source, actor=actor)


def stage_batches(*, source: str, batches: Iterable[pa.RecordBatch]) -> None:
    """Brings records to PostgreSQL, for this connection alone, until `register_staged` takes them in.

    That needs no transaction, so somebody else may look meanwhile whether all of them are to be taken.
    """
    columns = list(IncomingRecord._fields)
    ordered = (batch.select(columns) for batch in batches)
    _stage(source, lambda: copy_batches("incoming", ordered, columns))


@transaction.atomic
def register_staged(*, source: str, actor: str, without: Collection[str] = ()) -> Registered:
    """As `register_records`, of what has been staged, but for records from the raw locations `without`."""
    if not SourceSystem.objects.filter(code=source).exists():
        raise NotFound(f"There is no source system {source!r}. Add it in the admin under Source systems.")
    totals: dict[str, int] = {}
    for turn in range(1, _take_turns(source, without) + 1):
        for verdict, records_of_it in _apply_turn(source, turn).items():
            totals[verdict] = totals.get(verdict, 0) + records_of_it
    _drop(*STAGED)
    return Registered(**totals)


def _stage(source: str, write: Callable[[], int]) -> None:
    """Stage what `write` brings to `incoming`, with the ids and content of the records."""
    _drop(*STAGED)
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        write()
        cursor.execute(NUMBER, {"source": source})


def _take_turns(source: str, without: Collection[str]) -> int:
    """Lets the staged records take turns, once it is their source's; gives how many turns there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [REGISTER_LOCK, source])
        cursor.execute(MEMORY)
        if without:
            cursor.execute(LEAVE_OUT, [list(without)])
        cursor.execute("SELECT count(*), count(DISTINCT id) FROM numbered")
        count, distinct = cursor.fetchone()
        if distinct < count:
            cursor.execute(TAKE_TURNS)
        if count > FEW:
            cursor.execute("ANALYZE numbered")
        if distinct == count:
            return 1 if count else 0
        cursor.execute("SELECT max(turn) FROM numbered")
        turns: int = cursor.fetchone()[0]
    return turns


def _drop(*tables: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(tables)}")
