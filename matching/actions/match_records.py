"""Matching itself: records in, key index, candidate pairs and links out. Derived state only, one transaction, safe to
run again."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from django.db import connection, transaction

from matching.canonical import canonical_table
from matching.engine.bands import Chosen, automatic
from matching.engine.candidates import Stages, keys_of
from matching.engine.columns import kind_mask
from matching.engine.local import Runner
from matching.engine.model import KindModel, Model
from matching.engine.prepared import Prepared, prepare
from matching.engine.score import Scored
from matching.index import clear_keys, sharing_a_key, write_keys
from matching.models import Band
from party_hub.actions.replace_links import LinkRow, replace_links
from party_hub.domain.attributes import Kind
from party_hub.models.copy import as_uuids, copy_in

MATCH_LOCK = 727_003
_COLUMNS = ("left_id", "right_id", "kind", "model_version", "total", "probability", "contributions", "band")


@dataclass
class Matched:
    """What a matching found."""

    records: int = 0
    pairs: int = 0
    automatic: int = 0
    suggested: int = 0
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
    """
    matched, found = Matched(), []
    version = model.version
    if records is None:
        clear_keys(None)
    else:
        _index(model, records, matched.stages)
    for prepared in _load(records, matched.stages):
        kind = prepared.kind
        chosen = None if records is None else np.isin(prepared.ids.to_pylist(), as_uuids(records))
        matched.records += len(prepared) if chosen is None else int(chosen.sum())
        scored, compared = runner(model.kinds[kind], prepared, matched.stages, chosen)
        matched.pairs += compared
        joined = automatic(model.kinds[kind], prepared, scored)
        found.append(_Found(model.kinds[kind], prepared.ids.to_pylist(), scored, joined))
        if records is None:
            with matched.stages.time("index"):
                write_keys(keys_of(model.kinds[kind], prepared), prepared.ids.to_pylist())
    with matched.stages.time("write"):
        _replace_pairs(records, found, version)
        links = [link for one in found for link in _links(one)]
        replace_links(records=records, links=links, model_version=version)
    matched.automatic = len(links)
    matched.suggested = sum(len(one.scored) for one in found) - len(links)
    return matched


def _index(model: Model, records: Collection[UUID], stages: Stages) -> None:
    """The records' own keys into the index, in place of former ones."""
    with stages.time("index"):
        clear_keys(records)
        table = canonical_table(records)
        for kind in Kind:
            own = table.filter(kind_mask(table, kind))
            if own.num_rows:
                prepared = prepare(own, kind)
                write_keys(keys_of(model.kinds[kind], prepared), prepared.ids.to_pylist())


def _load(records: Collection[UUID] | None, stages: Stages) -> Iterator[Prepared]:
    """All records of each kind; or `records` and what shares a key with them."""
    with stages.time("read"):
        table = canonical_table(None if records is None else sharing_a_key(records))
    for kind in Kind:
        own = table.filter(kind_mask(table, kind))
        if own.num_rows:
            with stages.time("prepare"):
                prepared = prepare(own, kind)
            yield prepared


def _replace_pairs(records: Collection[UUID] | None, found: list[_Found], version: str) -> None:
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
        yield LinkRow(found.ids[left], found.ids[right], float(score))
