"""Reads of matching: the active model, why a pair scores as it does, and search before create."""

import functools
import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from matching.canonical import as_table, canonical_row
from matching.engine.bands import AUTOMATIC, band_of
from matching.engine.compare import PairView, compare
from matching.engine.explain import Contribution, Explanation, explain
from matching.engine.model import KindModel, Model, load
from matching.engine.prepared import Prepared, prepare
from matching.engine.score import contributions, probability, totals
from matching.index import holding_keys, knowing_overfull
from matching.models import MatchModel
from party_hub.actions.errors import NotFound
from party_hub.domain.attributes import kind_of
from party_hub.models import Membership, SourceRecord

DEFAULT_MODEL = Path(__file__).parent / "default_model" / "model.json.gz"
MOST_CANDIDATES = 300
CERTAIN, PROBABLE, POSSIBLE = "certain", "probable", "possible"


@functools.lru_cache(maxsize=1)
def default_model() -> Model:
    """The model that ships with the hub."""
    return load(DEFAULT_MODEL)


@functools.lru_cache(maxsize=4)
def _stored_model(version: str) -> Model:
    artefact = MatchModel.objects.values_list("artefact", flat=True).get(version=version)
    return Model.from_json(json.loads(gzip.decompress(bytes(artefact))))


def active_model() -> Model:
    """The model in force: the activated one, else the one that ships. Kept in the process by version."""
    version = MatchModel.objects.filter(active=True).values_list("version", flat=True).first()
    return _stored_model(version) if version else default_model()


def model_of(version: str) -> Model:
    """A stored model. Raises NotFound."""
    try:
        return _stored_model(version)
    except MatchModel.DoesNotExist:
        raise NotFound(f"There is no match model {version!r}.") from None


def explain_pair(left: UUID, right: UUID) -> Explanation:
    """The score of two stored records under the active model, taken apart. Raises SourceRecord.DoesNotExist.

    Records of different kinds are never compared; their probability is 0.
    """
    model = active_model()
    found = {record.pk: record for record in SourceRecord.objects.filter(pk__in=[left, right])}
    if len(found) < len({left, right}):
        raise SourceRecord.DoesNotExist
    one, other = found[min(left, right)], found[max(left, right)]
    kind = kind_of(one.party_type)
    if kind != kind_of(other.party_type):
        return Explanation(
            0.0, [], -np.inf, 0.0, "none", "A person and an organisation are never the same.", model.version
        )
    rows = [
        canonical_row(str(record.pk), record.source_id, record.party_type, record.attributes) for record in (one, other)
    ]
    return explain(model.kinds[kind], prepare(as_table(rows), kind), model.version)


def record_to_withdraw(source: str, key: str) -> SourceRecord:
    """The record that this source keeps under this key. Raises NotFound."""
    record = SourceRecord.objects.filter(source=source, key=key).first()
    if record is None:
        raise NotFound(f"{source} keeps no record under that key.")
    return record


@dataclass(frozen=True)
class Candidate:
    """A party that a record may belong to, by its most alike source record."""

    party: UUID
    record: UUID
    source: str
    key: str
    name: str
    probability: float
    grade: str
    contributions: list[Contribution]


def candidates_for(
    party_type: str, attributes: Mapping[str, Any], limit: int = 10, without: UUID | None = None
) -> list[Candidate]:
    """Parties that a record with these attributes may belong to, likeliest first: search before create. Writes nothing.

    `grade` is certain from the automatic threshold, probable from even odds, possible from the review threshold.
    """
    model, kind = active_model(), kind_of(party_type)
    row = canonical_row("", "", party_type, attributes)
    _, keys = knowing_overfull(model.kinds[kind], prepare(as_table([row]), kind))
    holders = holding_keys(keys.paired().keys, model.largest_block, MOST_CANDIDATES)
    near = [record for record in holders if record != without]
    stored = list(
        SourceRecord.objects.filter(pk__in=near, withdrawn_at=None).only(
            "id", "source_id", "key", "party_type", "attributes"
        )
    )
    stored = [record for record in stored if kind_of(record.party_type) == kind]
    if not stored:
        return []
    rows = [
        row,
        *(canonical_row(str(record.pk), record.source_id, record.party_type, record.attributes) for record in stored),
    ]
    return _graded(model.kinds[kind], prepare(as_table(rows), kind), stored, limit)


def _graded(model: KindModel, prepared: Prepared, stored: Sequence[SourceRecord], limit: int) -> list[Candidate]:
    """Row 0 of `prepared` against all others, the best record of each party."""
    others = np.arange(1, len(prepared))
    levels, rarities = compare(model.terms, PairView(prepared, model.frequencies, np.zeros_like(others), others))
    parts = contributions(model, levels, rarities)
    total = totals(model, parts)
    order = [int(index) for index in np.argsort(-total, kind="stable") if total[index] >= model.thresholds.review]
    memberships = Membership.objects.filter(record__in=[stored[index].pk for index in order], span__upper_inf=True)
    party_of = dict(memberships.values_list("record_id", "party_id"))
    found: dict[UUID, Candidate] = {}
    for index in order:
        record = stored[index]
        party = party_of.get(record.pk)
        if party is not None and party not in found:
            steps = [
                Contribution(term.name, term.label, float(part[index]), term.levels[level[index]])
                for term, level, part in zip(model.terms, levels, parts, strict=True)
                if level[index]
            ]
            chance = float(probability(total[index : index + 1])[0])
            found[party] = Candidate(
                party,
                record.pk,
                record.source_id,
                record.key,
                _name(record),
                chance,
                _grade(model, prepared, index + 1, float(total[index])),
                steps,
            )
        if len(found) == limit:
            break
    return list(found.values())


def _grade(model: KindModel, prepared: Prepared, row: int, total: float) -> str:
    if band_of(model, prepared, 0, row, total)[0] == AUTOMATIC:
        return CERTAIN
    return PROBABLE if total >= 0 else POSSIBLE


def _name(record: SourceRecord) -> str:
    names = record.attributes.get("names") or [{}]
    return str(names[0].get("full", ""))
