"""Records into the key index and out of it, such that the index depends on what is in it and not on how it came there.

A record that comes or goes may make a key over-full, or let it fit again. Then all records of that key get other keys
and are to be matched anew: at most the model's limit of them, and those that came. What they are paired with is then
what a match of all records would pair them with.
"""

from collections.abc import Collection
from uuid import UUID

import numpy as np
from django.db import connection

from matching.canonical import canonical_table
from matching.engine.columns import kind_mask
from matching.engine.keys import Keys
from matching.engine.model import Model
from matching.engine.prepared import prepare
from matching.forms import forget_forms, write_forms
from matching.index import Held, beside, forget_keys, knowing_overfull, write_keys
from party_hub.domain.attributes import Kind

_OVERFULL = """
INSERT INTO matching_overfullkey (key, exhausted)
SELECT came.key, false FROM unnest(%(keys)s::bigint[]) AS came(key)
WHERE NOT EXISTS (SELECT FROM matching_overfullkey o WHERE o.key = came.key)
  AND (SELECT count(*) FROM (SELECT FROM matching_recordkey k WHERE k.key = came.key LIMIT %(limit)s + 1) counted)
      > %(limit)s
RETURNING key
"""
_FITTING = """
DELETE FROM matching_overfullkey o
WHERE o.key = ANY(%(keys)s::bigint[])
  AND (SELECT count(*) FROM (SELECT FROM matching_recordkey k WHERE k.key = o.key LIMIT %(limit)s + 1) counted)
      <= %(limit)s
RETURNING key
"""
_EXHAUSTED = "UPDATE matching_overfullkey SET exhausted = true WHERE key = ANY(%s::bigint[]) AND NOT exhausted"
_HOLDERS = "SELECT DISTINCT record_id::text FROM matching_recordkey WHERE key = ANY(%s::bigint[])"


def index_records(model: Model, records: Collection[UUID]) -> set[str]:
    """Put the records' keys into the index in place of former ones; withdrawn records only leave it.

    Gives the ids of the records whose pairs may have changed: these, and whoever shares a key that has changed its
    state.
    """
    reached, todo = set[str](), {str(record) for record in records}
    while todo:
        reached |= todo
        former = forget_keys(todo)
        forget_forms(todo)
        present = _write(model, todo)
        came, left = present - former, former - present
        crossed = _run(_OVERFULL, came, model.block_limit) | _run(_FITTING, left, model.block_limit)
        reached |= beside(came | left)
        todo = _holders(crossed) if crossed else set()
    return reached


def _write(model: Model, records: Collection[str]) -> Held:
    """The keys of these records into the index; gives them."""
    table, held = canonical_table(records), Held()
    for kind in Kind:
        own = table.filter(kind_mask(table, kind))
        if own.num_rows:
            prepared = prepare(own, kind)
            _, keys = knowing_overfull(model.kinds[kind], prepared)
            ids = prepared.ids.to_pylist()
            write_keys(keys, ids)
            write_forms(prepared)
            _note_exhausted(keys)
            held |= set(zip(keys.keys.view(np.int64).tolist(), map(ids.__getitem__, keys.rows.tolist()), strict=True))
    return held


def _note_exhausted(keys: Keys) -> None:
    if len(keys.exhausted):
        with connection.cursor() as cursor:
            cursor.execute(_EXHAUSTED, [keys.exhausted.view(np.int64).tolist()])


def _run(statement: str, moved: Held, limit: int) -> set[int]:
    """The keys among `moved` that the statement finds to have crossed the limit."""
    if not moved:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(statement, {"keys": list({key for key, _ in moved}), "limit": limit})
        return {key for (key,) in cursor.fetchall()}


def _holders(keys: Collection[int]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, [list(keys)])
        return {record for (record,) in cursor.fetchall()}
