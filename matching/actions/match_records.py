"""Matching itself: records in, key index, candidate pairs and links out. Derived state only, one transaction, safe to
run again."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, transaction

from matching.actions.index_records import index_records
from matching.canonical import canonical_table
from matching.engine.bands import Chosen, asked, automatic
from matching.engine.candidates import Stages, keys_of_all
from matching.engine.columns import kind_mask
from matching.engine.local import Runner
from matching.engine.model import KindModel, Model
from matching.engine.pairs import rows_of
from matching.engine.prepared import Prepared, prepare
from matching.engine.score import Scored, score_pairs
from matching.forms import forget_records, forms_of, write_records
from matching.index import clear_index, id_bytes, pairs_in_index, write_keys, write_overfull
from matching.models import Band
from party_hub.actions.replace_links import LinkRow, replace_links
from party_hub.domain.attributes import Kind
from party_hub.models.copy import as_uuids, copy_in

MATCH_LOCK = 727_003
_COLUMNS = ("left_id", "right_id", "kind", "model_version", "total", "probability", "contributions", "band")


@dataclass
class Matched:
    """What a matching found. `reached`: further records that it matched, with the versions of them that wait."""

    records: int = 0
    pairs: int = 0
    automatic: int = 0
    suggested: int = 0
    reached: dict[UUID, int] = field(default_factory=dict)
    stages: Stages = field(default_factory=Stages)


@dataclass(frozen=True)
class _Found:
    """Scored pairs of one kind with the ids that their rows point to."""

    model: KindModel
    ids: list[str]
    scored: Scored
    automatic: Chosen


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Waits until no other process is matching, and keeps others out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MATCH_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MATCH_LOCK])


@transaction.atomic
def match_records(*, model: Model, records: Collection[UUID] | None, runner: Runner) -> Matched:
    """Match `records` (None: all) anew: their keys, candidate pairs and links are replaced.

    A record is compared with whatever shares a key with it, so the pairs are the same in whichever order records come.
    Where the records change which keys are over-full, others are matched anew too; these wait to be resolved as well.
    All records are matched by `runner`; the pairs of some come from the index and are scored in process.
    """
    matched = Matched()
    if records is None:
        reached, found = None, _match_all(model, runner, matched)
    else:
        with matched.stages.time("index"):
            reached = index_records(model, records)
        if further := reached - {str(record) for record in records}:
            matched.reached = _wait(further)
        found = _match_some(model, reached, matched)
    with matched.stages.time("write"):
        _replace_pairs(reached, found, model.version)
        links = [link for one in found for link in _links(one)]
        replace_links(records=reached, links=links, model_version=model.version)
    matched.automatic = len(links)
    matched.suggested = sum(len(one.scored) for one in found) - len(links)
    return matched


def _match_all(model: Model, runner: Runner, matched: Matched) -> list[_Found]:
    """The pairs of all records, whose keys and forms make up the index anew."""
    found = []
    with matched.stages.time("read"):
        table = canonical_table()
    clear_index()
    forget_records(None)
    for kind in Kind:
        own = table.filter(kind_mask(table, kind))
        if not own.num_rows:
            continue
        with matched.stages.time("prepare"):
            prepared = prepare(own, kind)
        scored, compared = runner(model.kinds[kind], prepared, matched.stages)
        matched.records += len(prepared)
        matched.pairs += compared
        found.append(_found(model.kinds[kind], prepared, scored))
        with matched.stages.time("index"):
            keys = keys_of_all(model.kinds[kind], prepared)
            write_keys(keys.keys.view(np.int64), id_bytes(prepared.ids.to_pylist())[keys.rows])
            write_overfull(keys)
            write_records(prepared, keys)
    return found


def _match_some(model: Model, records: Collection[str], matched: Matched) -> list[_Found]:
    """The pairs that the index gives of records that are in it."""
    found = []
    with matched.stages.time("block"):
        pairs = pairs_in_index(records, model.largest_block)
        met = pc.unique(pa.chunked_array([*pairs.column("left").chunks, *pairs.column("right").chunks], pa.string()))
    with matched.stages.time("read"):
        forms = forms_of(met.to_pylist())
    for kind, prepared in forms.items():
        with matched.stages.time("score"):
            rows = rows_of(pairs, prepared.ids)
            scored = score_pairs(model.kinds[kind], prepared, rows, keep_from=model.kinds[kind].thresholds.review)
            found.append(_found(model.kinds[kind], prepared, scored))
        matched.pairs += len(rows[0])
    matched.records = len(records)
    return found


def _found(model: KindModel, prepared: Prepared, scored: Scored) -> _Found:
    """The pairs that are joined or asked."""
    joined = automatic(model, prepared, scored)
    kept = joined | asked(model, prepared, scored, joined)
    return _Found(model, prepared.ids.to_pylist(), scored.where(kept), joined[kept])


def _wait(records: Collection[str]) -> dict[UUID, int]:
    """Lets these records wait to be resolved, for their links are about to change; gives them with their versions.

    Those that wait already have changed themselves, and are left to the run that will match the change.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO party_hub_unresolvedrecord (record_id, version) "
            "SELECT id, version FROM party_hub_sourcerecord WHERE id = ANY(%s::uuid[]) "
            "ON CONFLICT DO NOTHING RETURNING record_id, version",
            [as_uuids(records)],
        )
        return dict(cursor.fetchall())


def _replace_pairs(records: Collection[str] | None, found: list[_Found], version: str) -> None:
    with connection.cursor() as cursor:
        if records is None:
            cursor.execute("DELETE FROM matching_candidatepair")
        else:
            ids = as_uuids(records)
            cursor.execute("DELETE FROM matching_candidatepair WHERE left_id = ANY(%s::uuid[])", [ids])
            cursor.execute("DELETE FROM matching_candidatepair WHERE right_id = ANY(%s::uuid[])", [ids])
    copy_in("matching_candidatepair", _COLUMNS, (row for one in found for row in _pair_rows(one, version)))


def _pair_rows(found: _Found, version: str) -> Iterator[tuple[object, ...]]:
    """Rows of the candidate pair table. Records come ordered by id, so the left one is the smaller."""
    scored, kind = found.scored, found.model.kind.value
    probabilities = scored.probability
    parts = np.round(scored.contributions, 3)
    for index in range(len(scored)):
        yield (
            found.ids[scored.left[index]],
            found.ids[scored.right[index]],
            kind,
            version,
            scored.total[index],
            probabilities[index],
            "{" + ",".join(map(str, parts[index].tolist())) + "}",
            Band.AUTOMATIC.value if found.automatic[index] else Band.REVIEW.value,
        )


def _links(found: _Found) -> Iterator[LinkRow]:
    scored = found.scored.where(found.automatic)
    for left, right, score in zip(scored.left, scored.right, scored.probability, strict=True):
        yield LinkRow(found.ids[left], found.ids[right], float(score), found.model.thresholds.margin)
