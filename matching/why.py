"""Why two stored records came to be compared, what they score, and where the model's bands lie."""

from dataclasses import dataclass

import numpy as np

from matching.canonical import as_table, canonical_row
from matching.engine.explain import Explanation, explain
from matching.engine.model import KindModel, Thresholds
from matching.engine.prepared import Prepared, prepare
from matching.index import knowing_overfull
from matching.queries import active_model
from party_hub.domain.attributes import kind_of
from party_hub.models import SourceRecord


@dataclass(frozen=True)
class PairReasons:
    """A pair's score taken apart, the names of the blocking rules whose key both records share, and the bands.

    `thresholds` is None where the records are of different kinds: such a pair is never compared.
    """

    explanation: Explanation
    rules: list[str]
    thresholds: Thresholds | None


def reasons_of_pair(left: SourceRecord, right: SourceRecord) -> PairReasons:
    """The reasons under the active model. One query."""
    model = active_model()
    one, other = sorted((left, right), key=lambda record: record.pk)
    kind = kind_of(one.party_type)
    if kind != kind_of(other.party_type):
        never = "A person and an organisation are never the same."
        return PairReasons(Explanation(0.0, [], -np.inf, 0.0, "none", never, model.version), [], None)
    rows = [
        canonical_row(str(record.pk), record.source_id, record.party_type, record.attributes) for record in (one, other)
    ]
    records = prepare(as_table(rows), kind)
    of_kind = model.kinds[kind]
    return PairReasons(explain(of_kind, records, model.version), _shared(of_kind, records), of_kind.thresholds)


def _shared(model: KindModel, records: Prepared) -> list[str]:
    """The rules under which both rows have one key, refined or not."""
    _, keys = knowing_overfull(model, records)
    keys = keys.paired()
    shared = np.isin(keys.keys, keys.keys[keys.rows == 0]) & (keys.rows == 1)
    return [model.rules[number].name for number in sorted(set(keys.made_by[shared].tolist()))]
