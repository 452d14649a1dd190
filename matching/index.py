"""The key index in PostgreSQL: which records share a blocking key, and which keys too many share. Written in bulk by
binary COPY, read by key.

A key has a row in `OverfullKey` exactly while more records than its rule allows have it, so what the index says is a
function of the live records, whatever came and went before. `actions/index_records.py` sees to that.
"""

from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
from django.db import connection

from matching.engine.hashes import NONE, contains
from matching.engine.keys import Keys, make_keys
from matching.engine.model import KindModel
from matching.engine.pairs import WINDOW
from matching.engine.parts import Parts
from matching.engine.prepared import Hashes, Prepared
from matching.models import RecordKey
from party_hub.models.copy import BLOCK, BlockStream, as_array, copy_in, copy_out
from party_hub.models.copy_binary import END, HEADER

Held = set[tuple[int, str]]  # (key, record id)

_AT_ONCE = 200_000  # rows in a block
(_BY_KEY,) = RecordKey._meta.indexes
_ROW = np.dtype([("fields", ">i2"), ("key_size", ">i4"), ("key", ">i8"), ("id_size", ">i4"), ("id", "u1", (16,))])


def id_bytes(ids: Iterable[str]) -> npt.NDArray[np.uint8]:
    """Record ids as rows of sixteen bytes."""
    return np.frombuffer(bytes.fromhex("".join(ids).replace("-", "")), np.uint8).reshape(-1, 16)


def write_keys(keys: npt.NDArray[np.int64], ids: npt.NDArray[np.uint8], *, cleared: bool = False) -> None:
    """Add keys, aligned with the `id_bytes` of the records that have them. None may be there yet.

    Where the index has been `cleared` in this transaction its rows are written such that they need no vacuum.
    """
    freeze = ", FREEZE" if cleared else ""
    columns = "matching_recordkey (key, record_id)"
    with connection.cursor() as cursor:
        stream = BlockStream(_blocks(keys, ids))
        cursor.copy_expert(f"COPY {columns} FROM STDIN WITH (FORMAT binary{freeze})", stream, BLOCK)


def _blocks(keys: npt.NDArray[np.int64], ids: npt.NDArray[np.uint8]) -> Iterator[bytes]:
    """The rows as binary COPY has them, nearly in the order of the index, which is built faster so."""
    yield HEADER
    order = _nearly_in_order(keys)
    rows = np.zeros(min(len(keys), _AT_ONCE), _ROW)
    rows["fields"], rows["key_size"], rows["id_size"] = 2, 8, 16
    for begin in range(0, len(keys), _AT_ONCE):
        chosen = order[begin : begin + _AT_ONCE]
        some = rows[: len(chosen)]
        some["key"], some["id"] = keys[chosen], ids[chosen]
        yield some.tobytes()
    yield END


def _nearly_in_order(keys: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The places of keys in the order of their first bits. To sort those with the places in their last bits takes a
    tenth of the time of sorting places.
    """
    last = np.int64((1 << max(1, len(keys).bit_length())) - 1)
    ordered = (keys & ~last) | np.arange(len(keys))
    ordered.sort()
    return np.asarray(ordered & last)


def write_overfull(keys: Keys) -> None:
    """Note the outgrown ones of these keys as over-full. None of them may be noted yet."""
    outgrown = np.flatnonzero(contains(keys.outgrown, keys.keys))
    found, first = np.unique(keys.keys[outgrown], return_index=True)
    caps, exhausted = keys.caps[outgrown[first]], contains(keys.exhausted, found)
    rows = zip(found.view(np.int64).tolist(), caps.tolist(), exhausted.tolist(), strict=True)
    copy_in("matching_overfullkey", ("key", "cap", "exhausted"), rows)
    order_exhausted(found[exhausted].view(np.int64).tolist())


def order_exhausted(keys: Collection[int]) -> None:
    """Put the records of these keys, which have just been noted as exhausted, in their order."""
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(_ORDER, [as_array(keys)])


_ORDER = """
INSERT INTO matching_exhaustedkeyrecord (key, record_id)
SELECT key, record_id FROM matching_recordkey WHERE key = ANY(%s::bigint[])
"""


def clear_index() -> None:
    """Forget all keys. None is found by its key again before `index_keys`, in the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE matching_recordkey, matching_exhaustedkeyrecord, matching_overfullkey")
    with connection.schema_editor(atomic=False) as editor:
        editor.remove_index(RecordKey, _BY_KEY)


def index_keys() -> None:
    """Let all keys be found: to write millions and index them then takes half of the time that it takes to index each
    as it comes.
    """
    with connection.schema_editor(atomic=False) as editor:
        editor.add_index(RecordKey, _BY_KEY)


def held_by(records: Collection[str]) -> Held:
    """The keys that these records have in the index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unnest(keys), record_id::text FROM matching_indexedrecord WHERE record_id = ANY(%s::uuid[])",
            [as_array(records)],
        )
        return set(cursor.fetchall())


_MORE, _LESS = "i.keys || moved.keys", "array(SELECT unnest(i.keys) EXCEPT SELECT unnest(moved.keys))"
_NOTE = """
UPDATE matching_indexedrecord i SET keys = {keys_after}
FROM (SELECT record, array_agg(key) AS keys FROM unnest(%s::bigint[], %s::uuid[]) AS m(key, record) GROUP BY 1) moved
WHERE moved.record = i.record_id
"""


def note_keys(*, came: Held, left: Held) -> None:
    """Let the records of the index know that these keys are theirs now, and those no more."""
    with connection.cursor() as cursor:
        for held, keys_after in ((left, _LESS), (came, _MORE)):
            if held:
                keys, ids = zip(*held, strict=True)
                cursor.execute(_NOTE.format(keys_after=keys_after), [as_array(keys), as_array(ids)])


_LEAVE = """
DELETE FROM {table} k USING unnest(%s::bigint[], %s::uuid[]) AS gone(key, record)
WHERE k.key = gone.key AND k.record_id = gone.record RETURNING k.key, k.record_id::text
"""


def move_keys(*, came: Held, left: Held, exhausted: Collection[int]) -> tuple[Held, Held]:
    """Add these keys to the index, and take those out of it; gives those of both that are exhausted. `exhausted` says
    which of the keys that came are.
    """
    came_in_order, left_in_order = {held for held in came if held[0] in exhausted}, set[tuple[int, str]]()
    with connection.cursor() as cursor:
        if left:
            gone = [as_array(side) for side in zip(*left, strict=True)]
            cursor.execute(_LEAVE.format(table="matching_recordkey"), gone)
            cursor.execute(_LEAVE.format(table="matching_exhaustedkeyrecord"), gone)
            left_in_order = set(cursor.fetchall())
    if came:
        keys, ids = zip(*came, strict=True)
        write_keys(np.array(keys, np.int64), id_bytes(ids))
    copy_in("matching_exhaustedkeyrecord", ("key", "record_id"), came_in_order)
    return came_in_order, left_in_order


def knowing_overfull(model: KindModel, records: Prepared) -> tuple[KindModel, Keys]:
    """The model that knows which keys of these records are over-full in the index, and the keys under it."""
    found = [NONE]

    def overfull(keys: Hashes) -> Hashes:
        found.append(overfull_among(keys.view(np.int64).tolist()) if len(keys) else NONE)
        return found[-1]

    keys = make_keys(Parts(records, model.frequencies), model.rules, model.overfull, overfull)
    return model.refining(np.concatenate(found)), keys


def overfull_among(keys: Collection[int]) -> Hashes:
    """Those of these keys, as PostgreSQL holds them, that are over-full in the index; sorted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM matching_overfullkey WHERE key = ANY(%s::bigint[])", [as_array(keys)])
        return as_hashes(key for (key,) in cursor.fetchall())


def as_hashes(keys: Iterable[int]) -> Hashes:
    """Keys as PostgreSQL holds them as the engine has them, sorted."""
    return np.sort(np.array(list(keys), np.int64).view(np.uint64))


# Of an exhausted key those next to each record, as pairs are made of it.
_NEXT = """
    (SELECT record_id FROM matching_exhaustedkeyrecord k WHERE k.key = {key} AND k.record_id > {record}
     ORDER BY k.record_id LIMIT {window})
    UNION ALL
    (SELECT record_id FROM matching_exhaustedkeyrecord k WHERE k.key = {key} AND k.record_id < {record}
     ORDER BY k.record_id DESC LIMIT {window})
"""
_PAIRS = f"""
WITH mine AS MATERIALIZED (
    SELECT m.key, m.record_id, o.exhausted
    FROM (SELECT unnest(keys) AS key, record_id FROM matching_indexedrecord WHERE record_id = ANY('{{{{{{ids}}}}}}')) m
    LEFT JOIN LATERAL (SELECT exhausted FROM matching_overfullkey o WHERE o.key = m.key LIMIT 1) o ON true
)
SELECT least(mine.record_id, other.record_id) AS left, greatest(mine.record_id, other.record_id) AS right
FROM mine CROSS JOIN LATERAL (
    SELECT record_id FROM matching_recordkey k WHERE k.key = mine.key AND k.record_id <> mine.record_id LIMIT {{limit}}
) other WHERE mine.exhausted IS NULL
UNION
SELECT least(mine.record_id, next.record_id), greatest(mine.record_id, next.record_id)
FROM mine CROSS JOIN LATERAL ({_NEXT.format(key="mine.key", record="mine.record_id", window="{window}")}) next
WHERE mine.exhausted
"""


def pairs_in_index(records: Collection[str], limit: int) -> pa.Table:
    """The candidate pairs of these records with any record: distinct ids, the column `left` before `right`.

    No block that pairs are made of is larger than `limit`.
    """
    ids = ",".join(str(UUID(record)) for record in records)
    raw = copy_out(_PAIRS.format(ids=ids, limit=limit, window=WINDOW))
    options = pyarrow.csv.ConvertOptions(column_types={"left": pa.string(), "right": pa.string()})
    return pyarrow.csv.read_csv(pa.BufferReader(raw), convert_options=options)


_BESIDE = f"""
SELECT DISTINCT next.record_id::text
FROM unnest(%(keys)s::bigint[], %(ids)s::uuid[]) AS moved(key, record)
CROSS JOIN LATERAL ({_NEXT.format(key="moved.key", record="moved.record", window="%(window)s")}) next
"""


def beside(moved: Held) -> set[str]:
    """The records next to those that came to, or left, these exhausted keys."""
    if not moved:
        return set()
    with connection.cursor() as cursor:
        keys, ids = zip(*moved, strict=True)
        cursor.execute(_BESIDE, {"keys": as_array(keys), "ids": as_array(ids), "window": WINDOW})
        return {record for (record,) in cursor.fetchall()}


# Both records have a key that pairs are made of; of an exhausted one, they are near enough.
_PARTED = """
SELECT p.left_id, p.right_id
FROM matching_candidatepair p
JOIN matching_indexedrecord a ON a.record_id = p.left_id JOIN matching_indexedrecord b ON b.record_id = p.right_id
WHERE p.left_id = ANY(%(ids)s::uuid[]) AND p.right_id = ANY(%(ids)s::uuid[]) AND NOT EXISTS (
    SELECT FROM unnest(a.keys) AS shared(key)
    LEFT JOIN LATERAL (SELECT key, exhausted FROM matching_overfullkey o WHERE o.key = shared.key LIMIT 1) o ON true
    WHERE shared.key = ANY(b.keys) AND (o.key IS NULL OR o.exhausted AND %(window)s >= (
        SELECT count(*) FROM (
            SELECT FROM matching_exhaustedkeyrecord k
            WHERE k.key = shared.key AND k.record_id > p.left_id AND k.record_id <= p.right_id LIMIT %(window)s + 1
        ) on_the_way
    ))
)
"""


def parted(records: Collection[str]) -> list[tuple[UUID, UUID]]:
    """The stored candidate pairs among these records that the index makes no pairs of any more."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTED, {"ids": as_array(records), "window": WINDOW})
        pairs: list[tuple[UUID, UUID]] = cursor.fetchall()
        return pairs


_WITH_KEYS = """
SELECT shared.record_id, count(*) FROM unnest(%(keys)s::bigint[]) AS wanted(key)
CROSS JOIN LATERAL (SELECT record_id FROM matching_recordkey k WHERE k.key = wanted.key LIMIT %(limit)s) shared
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(most)s
"""


def holding_keys(keys: Hashes, limit: int, most: int) -> list[UUID]:
    """The records that hold most of these keys, most first; a block is read up to `limit` records."""
    with connection.cursor() as cursor:
        cursor.execute(_WITH_KEYS, {"keys": as_array(keys.view(np.int64).tolist()), "limit": limit, "most": most})
        return [row[0] for row in cursor.fetchall()]
