"""Every one of a few records against every other: the scores by which a group is looked at or parted."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from matching.canonical import as_table, canonical_row
from matching.engine.compare import PairView, compare
from matching.engine.prepared import prepare
from matching.engine.score import contributions, probability, totals
from matching.queries import active_model
from party_hub.domain.attributes import kind_of
from party_hub.models import SourceRecord


@dataclass(frozen=True)
class Pair:
    """Two records by their places in the list asked for, the log-odds that they are the same, and the probability."""

    left: int
    right: int
    total: float
    probability: float


def score_all(records: Sequence[UUID]) -> list[Pair]:
    """The score of every pair of these records under the active model, as `explain_pair` would give it.

    All must be of one kind, as the records of a party are. Two queries. Raises SourceRecord.DoesNotExist.
    """
    found = {record.pk: record for record in SourceRecord.objects.filter(pk__in=records)}
    if len(found) < len(set(records)):
        raise SourceRecord.DoesNotExist
    if len(records) < 2:
        return []
    # The engine's pairs have the lower id first, and a score is the same whatever the order only then.
    order = sorted(range(len(records)), key=lambda place: records[place])
    rows = [
        canonical_row(str(one.pk), one.source_id, one.party_type, one.attributes)
        for one in (found[records[place]] for place in order)
    ]
    kind = kind_of(found[records[0]].party_type)
    model = active_model().kinds[kind]
    prepared = prepare(as_table(rows), kind)
    left, right = np.triu_indices(len(rows), k=1)
    total = totals(
        model, contributions(model, *compare(model.terms, PairView(prepared, model.frequencies, left, right)))
    )
    chance = probability(total)
    return [
        Pair(order[one], order[other], float(sum_), float(share))
        for one, other, sum_, share in zip(left.tolist(), right.tolist(), total, chance, strict=True)
    ]
