"""Making a model from records whose truth is known: dedupe learns from answers, then weights are fitted to all
candidates."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from matching.engine.adapt import freeze
from matching.engine.candidates import candidate_pairs
from matching.engine.columns import Records, kind_mask
from matching.engine.compare import PairView, compare
from matching.engine.evaluate import Labels, numbered
from matching.engine.learn import fit, learn
from matching.engine.model import KindModel, Model, untaught
from matching.engine.prepared import Prepared, prepare
from matching.engine.sample import draw
from matching.engine.score import score_pairs
from matching.engine.thresholds import choose
from party_hub.domain.attributes import Kind

SPREAD = 2.0


def by_kind(records: Records) -> Iterable[tuple[Prepared, Labels]]:
    """The records of each kind that has any, in comparison form, with their truth as numbers."""
    for kind, table, truth in tables_by_kind(records):
        yield prepare(table, kind), truth


def tables_by_kind(records: Records) -> Iterable[tuple[Kind, pa.Table, Labels]]:
    """The records of each kind that has any, as they came, with their truth as numbers."""
    truth = np.array(records.truth if records.truth is not None else [""] * len(records), dtype=object)
    for kind in Kind:
        mask = kind_mask(records.table, kind)
        table = records.table.filter(mask)
        if table.num_rows:
            yield kind, table, numbered(list(truth[mask.to_numpy().astype(bool)]))


def data_hash(records: Records) -> str:
    """Names the records and their truth: the same data in the same order has the same name."""
    digest = hashlib.sha256()
    for column in (records.table.column("record_id"), records.table.column("full_name")):
        digest.update("\x1f".join(value or "" for value in column.to_pylist()).encode())
    digest.update("\x1f".join(records.truth or []).encode())
    return digest.hexdigest()[:16]


def train(records: Records, labels: int, seed: int, note: str = "") -> Model:
    """A model from labelled records. dedupe asks `labels` questions a kind; their answers give predicates and a first
    set of weights."""
    kinds: dict[Kind, KindModel] = {}
    trained: dict[str, Any] = {
        "records": len(records),
        "data": data_hash(records),
        "labels": labels,
        "seed": seed,
        "command": note,
    }
    for prepared, truth in by_kind(records):
        kinds[prepared.kind], told = train_kind(prepared, truth, labels, seed)
        trained[prepared.kind.value] = told
    for kind in Kind:
        kinds.setdefault(kind, untaught(kind))
    return Model(kinds, trained)


def train_kind(records: Prepared, truth: Labels, labels: int, seed: int) -> tuple[KindModel, dict[str, Any]]:
    """A kind's model and a few words on how it was learned."""
    model = freeze(untaught(records.kind), records)
    pairs = candidate_pairs(model, records)
    scores = score_pairs(model, records, pairs).total
    lesson = learn(model, records, pairs, scores, lambda one, other: bool(truth[one] == truth[other]), labels, seed)
    model = freeze(lesson.model, records)
    left, right = pairs = candidate_pairs(model, records)
    same = truth[left] == truth[right]
    model = fit(model, records, pairs, same, SPREAD)
    levels, rarities = compare(model.terms, PairView(records, model.frequencies, left, right))
    model = replace(model, sample=draw(levels, rarities, same, seed))
    model = replace(model, thresholds=choose(score_pairs(model, records, pairs), truth, records.ids.to_pylist()))
    told = {
        "predicates": lesson.predicates,
        "answers": len(lesson.pairs),
        "candidates": len(left),
        "matches": int(same.sum()),
    }
    return model, told
