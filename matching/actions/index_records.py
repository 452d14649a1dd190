"""Records into the key index and out of it, such that the index depends on what is in it and not on how it came there.

A record that comes or goes may make a key over-full, or let it fit again. Then all records of that key get other keys
and some of their pairs go or come. What they are paired with is then what a match of all records would pair them with.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from django.db import connection

from matching.canonical import canonical_table
from matching.engine.columns import kind_mask
from matching.engine.hashes import contains
from matching.engine.keys import Keys, make_keys
from matching.engine.model import Model
from matching.engine.parts import Parts
from matching.engine.prepared import Prepared, prepare
from matching.forms import forget_records, forms_of, write_records
from matching.index import (
    Held,
    as_hashes,
    beside,
    held_by,
    knowing_overfull,
    move_keys,
    note_keys,
    order_exhausted,
    overfull_among,
    write_overfull,
)
from party_hub.domain.attributes import Kind
from party_hub.models.copy import as_array

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
_EXHAUSTED = (
    "UPDATE matching_overfullkey SET exhausted = true WHERE key = ANY(%s::bigint[]) AND NOT exhausted RETURNING key"
)
_OUT_OF_ORDER = "DELETE FROM matching_exhaustedkeyrecord WHERE key = ANY(%s::bigint[])"
_HOLDERS = "SELECT DISTINCT record_id::text FROM matching_recordkey WHERE key = ANY(%s::bigint[])"


@dataclass
class Reached:
    """Whom a change of the index concerns, by id. `anew`: their pairs are to be made anew. `crowded`: a key of theirs
    has become over-full, or an exhausted one has more records, so pairs among them may have gone."""

    anew: set[str]
    crowded: set[str]


@dataclass
class _Moved:
    """Keys that came to records and left them, and those of both that are exhausted; `outgrown` and `exhausted` are
    those among all that came that were noted as over-full before, and `made_by` the rules of all that came."""

    came: Held = field(default_factory=set)
    left: Held = field(default_factory=set)
    came_in_order: Held = field(default_factory=set)
    left_in_order: Held = field(default_factory=set)
    outgrown: set[int] = field(default_factory=set)
    exhausted: set[int] = field(default_factory=set)
    made_by: dict[int, int] = field(default_factory=dict)
    caps: dict[int, int] = field(default_factory=dict)

    def move(self, former: Held) -> None:
        """Bring the index from the `former` keys to those that came."""
        self.came, self.left = self.came - former, former - self.came
        self.came_in_order, self.left_in_order = move_keys(came=self.came, left=self.left, exhausted=self.exhausted)

    def now_overfull(self) -> set[int]:
        """The keys that more records have now than their rule allows."""
        return _run(_OVERFULL, {key for key, _ in self.came} - self.outgrown, self.caps)

    def now_fitting(self) -> set[int]:
        """The keys that no longer have."""
        fitting = _run(_FITTING, {key for key, _ in self.left}, {})
        if fitting:
            with connection.cursor() as cursor:
                cursor.execute(_OUT_OF_ORDER, [as_array(fitting)])
        return fitting


def index_records(model: Model, records: Collection[UUID]) -> Reached:
    """Put the records' keys into the index in place of former ones; withdrawn records only leave it.

    A key that becomes over-full gives its records finer keys, which part some of their pairs and make none. One that
    fits again takes these away and gives pairs back.
    """
    entered = {str(record) for record in records}
    moved, reached = _enter(model, entered), Reached(set(entered), set())
    while moved.came or moved.left:
        reached.anew |= beside(moved.left_in_order)
        reached.crowded |= beside(moved.came_in_order)
        overfull, fitting = moved.now_overfull(), moved.now_fitting()
        freed = _holders(fitting)
        reached.anew |= freed
        following = _rekey(model, freed) if freed else _Moved()
        if overfull:
            reached.crowded |= _refine(model, overfull, {moved.made_by[key] for key in overfull})
        moved = following
    return reached


def _enter(model: Model, records: Collection[str]) -> _Moved:
    """Puts the records into the index as they are now; withdrawn ones leave it."""
    former, table = held_by(records), canonical_table(records)
    forget_records(records)
    moved = _Moved()
    for kind in Kind:
        own = table.filter(kind_mask(table, kind))
        if own.num_rows:
            prepared = prepare(own, kind)
            _, keys = knowing_overfull(model.kinds[kind], prepared)
            write_records(prepared, keys)
            _take(moved, prepared, keys)
    moved.move(former)
    return moved


def _rekey(model: Model, records: Collection[str]) -> _Moved:
    """Brings the keys of these records in line with what is over-full now."""
    former, moved = held_by(records), _Moved()
    for kind, prepared in forms_of(records).items():
        _, keys = knowing_overfull(model.kinds[kind], prepared)
        _take(moved, prepared, keys)
    moved.move(former)
    note_keys(came=moved.came, left=moved.left)
    return moved


def _refine(model: Model, crossed: Collection[int], rules: Collection[int]) -> set[str]:
    """Gives the records of keys that have just become over-full, by the rules in these places, finer ones; says who
    they are.

    They are all that have the finer keys, so what is over-full among these is counted here.
    """
    records = _holders(crossed)
    former, given = held_by(records), _Moved()
    overfull, beginning = overfull_among({key for key, _ in former}), as_hashes(crossed)
    for kind, prepared in forms_of(records).items():
        own = model.kinds[kind]
        parts, only = Parts(prepared, own.frequencies), [number for number in rules if number < len(own.rules)]
        keys = make_keys(parts, own.rules, own.overfull, lambda _: overfull, only, beginning)
        fresh = keys.where(contains(keys.outgrown, keys.keys) & ~contains(overfull, keys.keys))
        write_overfull(fresh)
        _take(given, prepared, keys)
    came = given.came - former
    move_keys(came=came, left=set(), exhausted=given.exhausted)
    note_keys(came=came, left=set())
    return records


def _take(moved: _Moved, records: Prepared, keys: Keys) -> None:
    _note_exhausted(keys)
    ids, values = records.ids.to_pylist(), keys.keys.view(np.int64).tolist()
    moved.came |= set(zip(values, map(ids.__getitem__, keys.rows.tolist()), strict=True))
    moved.outgrown |= set(keys.outgrown.view(np.int64).tolist())
    moved.exhausted |= set(keys.exhausted.view(np.int64).tolist())
    moved.made_by |= zip(values, keys.made_by.tolist(), strict=True)
    moved.caps |= zip(values, keys.caps.tolist(), strict=True)


def _note_exhausted(keys: Keys) -> None:
    if len(keys.exhausted):
        with connection.cursor() as cursor:
            cursor.execute(_EXHAUSTED, [as_array(keys.exhausted.view(np.int64).tolist())])
            order_exhausted([key for (key,) in cursor.fetchall()])


def _run(statement: str, moved: Collection[int], caps: Mapping[int, int]) -> set[int]:
    """The keys among `moved` that the statement finds to have crossed their cap."""
    if not moved:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(statement, {"keys": as_array(moved), "caps": as_array(caps.get(key, 0) for key in moved)})
        return {key for (key,) in cursor.fetchall()}


def _holders(keys: Collection[int]) -> set[str]:
    if not keys:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, [as_array(keys)])
        return {record for (record,) in cursor.fetchall()}
