"""Records into the key index and out of it, such that the index depends on what is in it and not on how it came there.

A record that comes or goes may make a key over-full, or let it fit again. Then all records of that key get other keys
and are to be matched anew: as many as its rule allows, and those that came. What they are paired with is then
what a match of all records would pair them with.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

import numpy as np
from django.db import connection

from matching.canonical import canonical_table
from matching.engine.columns import kind_mask
from matching.engine.keys import Keys
from matching.engine.model import Model
from matching.engine.prepared import Prepared, prepare
from matching.forms import forget_records, forms_of, write_records
from matching.index import Held, beside, held_by, knowing_overfull, move_keys
from party_hub.domain.attributes import Kind

_OVERFULL = """
INSERT INTO matching_overfullkey (key, cap, exhausted)
SELECT came.key, came.cap, false FROM unnest(%(keys)s::bigint[], %(caps)s::smallint[]) AS came(key, cap)
WHERE NOT EXISTS (SELECT FROM matching_overfullkey o WHERE o.key = came.key)
  AND (SELECT count(*) FROM (SELECT FROM matching_recordkey k WHERE k.key = came.key LIMIT came.cap + 1) counted)
      > came.cap
RETURNING key
"""
_FITTING = """
DELETE FROM matching_overfullkey o
WHERE o.key = ANY(%(keys)s::bigint[])
  AND (SELECT count(*) FROM (SELECT FROM matching_recordkey k WHERE k.key = o.key LIMIT o.cap + 1) counted) <= o.cap
RETURNING key
"""
_EXHAUSTED = "UPDATE matching_overfullkey SET exhausted = true WHERE key = ANY(%s::bigint[]) AND NOT exhausted"
_HOLDERS = "SELECT DISTINCT record_id::text FROM matching_recordkey WHERE key = ANY(%s::bigint[])"


def index_records(model: Model, records: Collection[UUID]) -> set[str]:
    """Put the records' keys into the index in place of former ones; withdrawn records only leave it.

    Gives the ids of the records whose pairs may have changed: these, and whoever shares a key that has changed its
    state.
    """
    todo = {str(record) for record in records}
    reached, forms = set[str](), _standardised(todo)
    while todo:
        reached |= todo
        former, (present, caps) = held_by(todo), _keys(model, todo, forms)
        came, left = present - former, former - present
        move_keys(came=came, left=left)
        crossed = _run(_OVERFULL, came, caps) | _run(_FITTING, left, {})
        reached |= beside(came | left)
        todo = _holders(crossed) if crossed else set()
        forms = forms_of(todo) if todo else {}
    return reached


def _standardised(records: Collection[str]) -> dict[Kind, Prepared]:
    """These records as they are now in comparison form, by kind; withdrawn ones left out."""
    table = canonical_table(records)
    own = {kind: table.filter(kind_mask(table, kind)) for kind in Kind}
    return {kind: prepare(rows, kind) for kind, rows in own.items() if rows.num_rows}


def _keys(model: Model, records: Collection[str], forms: Mapping[Kind, Prepared]) -> tuple[Held, dict[int, int]]:
    """The keys of these records, given in comparison form, which are noted as theirs; and how many records each key may
    have."""
    forget_records(records)
    held, caps = Held(), dict[int, int]()
    for kind, prepared in forms.items():
        _, keys = knowing_overfull(model.kinds[kind], prepared)
        write_records(prepared, keys)
        _note_exhausted(keys)
        ids, values = prepared.ids.to_pylist(), keys.keys.view(np.int64).tolist()
        held |= set(zip(values, map(ids.__getitem__, keys.rows.tolist()), strict=True))
        caps |= zip(values, keys.caps.tolist(), strict=True)
    return held, caps


def _note_exhausted(keys: Keys) -> None:
    if len(keys.exhausted):
        with connection.cursor() as cursor:
            cursor.execute(_EXHAUSTED, [keys.exhausted.view(np.int64).tolist()])


def _run(statement: str, moved: Held, caps: Mapping[int, int]) -> set[int]:
    """The keys among `moved` that the statement finds to have crossed their cap."""
    if not moved:
        return set()
    keys = list({key for key, _ in moved})
    with connection.cursor() as cursor:
        cursor.execute(statement, {"keys": keys, "caps": [caps.get(key) for key in keys]})
        return {key for (key,) in cursor.fetchall()}


def _holders(keys: Collection[int]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, [list(keys)])
        return {record for (record,) in cursor.fetchall()}
