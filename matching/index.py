"""The key index in PostgreSQL: which records share a blocking key. Written in bulk by binary COPY, read by key."""

import io
from collections.abc import Collection, Sequence
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from matching.engine.keys import Keys
from matching.engine.pairs import BLOCK_LIMIT, WINDOW
from party_hub.models.copy import as_uuids

_HEADER = b"PGCOPY\n\xff\r\n\0" + b"\0" * 8
_ROW = np.dtype([("fields", ">i2"), ("key_size", ">i4"), ("key", ">i8"), ("id_size", ">i4"), ("id", "u1", (16,))])


def id_bytes(ids: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Record ids as rows of sixteen bytes."""
    return np.frombuffer(bytes.fromhex("".join(ids).replace("-", "")), np.uint8).reshape(len(ids), 16)


def write_keys(keys: Keys, ids: Sequence[str]) -> int:
    """Add the keys of records (rows point into `ids`). What was there of these records must be gone."""
    rows = np.zeros(len(keys.keys), _ROW)
    rows["fields"], rows["key_size"], rows["id_size"] = 2, 8, 16
    order = np.argsort(keys.keys.view(np.int64), kind="stable")  # in the order of the index, which is then built fast
    rows["key"] = keys.keys.view(np.int64)[order]
    rows["id"] = id_bytes(ids)[keys.rows[order]]
    with connection.cursor() as cursor:
        stream = io.BytesIO(_HEADER + rows.tobytes() + b"\xff\xff")
        cursor.copy_expert("COPY matching_recordkey (key, record_id) FROM STDIN WITH (FORMAT binary)", stream, 1 << 20)
    return len(rows)


def clear_keys(records: Collection[UUID | str] | None) -> None:
    """Forget the keys of these records (None: all)."""
    with connection.cursor() as cursor:
        if records is None:
            cursor.execute("TRUNCATE matching_recordkey")
        else:
            cursor.execute("DELETE FROM matching_recordkey WHERE record_id = ANY(%s::uuid[])", [as_uuids(records)])


_PARTNERS = """
WITH mine AS MATERIALIZED (SELECT DISTINCT key FROM matching_recordkey WHERE record_id = ANY(%(ids)s::uuid[]))
SELECT DISTINCT shared.record_id FROM mine
CROSS JOIN LATERAL (SELECT record_id FROM matching_recordkey k WHERE k.key = mine.key LIMIT %(limit)s) shared
"""


def sharing_a_key(records: Collection[UUID | str]) -> list[UUID]:
    """The records that share a key with any of `records`, these among them. A block is read no further than pairs are
    made of it."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTNERS, {"ids": as_uuids(records), "limit": BLOCK_LIMIT + WINDOW})
        return [row[0] for row in cursor.fetchall()]


_WITH_KEYS = """
SELECT shared.record_id, count(*) FROM unnest(%(keys)s::bigint[]) AS wanted(key)
CROSS JOIN LATERAL (SELECT record_id FROM matching_recordkey k WHERE k.key = wanted.key LIMIT %(limit)s) shared
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(most)s
"""


def holding_keys(keys: npt.NDArray[np.uint64], most: int) -> list[UUID]:
    """The records that hold most of these keys, most first."""
    with connection.cursor() as cursor:
        cursor.execute(_WITH_KEYS, {"keys": keys.view(np.int64).tolist(), "limit": BLOCK_LIMIT, "most": most})
        return [row[0] for row in cursor.fetchall()]
