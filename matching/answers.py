"""What is known of pairs: stewards' labels, and the decisions that they took on tasks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import numpy as np
from django.db import connection

from matching.engine.holding import is_held_back
from matching.engine.pairs import PairRows
from matching.engine.prepared import Prepared
from matching.models import Label, Reading
from party_hub.domain.judgement import Judgement

# A decision on two parties stands for all pairs between them; those that the matcher compared are what it learns from.
_DECIDED = """
SELECT d.left_id, d.right_id, d.judgement = 'match', d.created_at
FROM party_hub_decision d
JOIN matching_candidatepair p ON p.left_id = d.left_id AND p.right_id = d.right_id
WHERE d.retracted_at IS NULL AND (d.expires_at IS NULL OR d.expires_at > now())
  AND d.origin = 'steward' AND d.judgement IN ('match', 'no_match')
ORDER BY d.created_at DESC, d.id DESC LIMIT %s
"""
# All readings of the pairs that were labelled last: a pair is never judged by some of its readings.
_LABELLED = """
WITH live AS (
    SELECT b.* FROM matching_label b
    JOIN party_hub_sourcerecord l ON l.id = b.left_id AND l.withdrawn_at IS NULL
    JOIN party_hub_sourcerecord r ON r.id = b.right_id AND r.withdrawn_at IS NULL
    WHERE b.retracted_at IS NULL
), last AS (
    SELECT left_id, right_id FROM live GROUP BY left_id, right_id
    ORDER BY max(created_at) DESC, left_id, right_id LIMIT %s
)
SELECT live.* FROM live JOIN last USING (left_id, right_id) ORDER BY created_at, id
"""
# Labels, and decisions, that are looked at: more teach a model of some hundred weights nothing new.
MOST = 20_000


@dataclass(frozen=True)
class Answer:
    """What people hold of a pair: whether it is the same party, since when, and whether a label says so (else a
    decision). `features` names how the records compared when it was said; empty where that was not noted."""

    left: UUID
    right: UUID
    same: bool
    since: datetime
    labelled: bool
    features: str = ""

    @property
    def held_back(self) -> bool:
        """Whether models are checked by it and never learn from it."""
        return is_held_back(str(self.left), str(self.right))


def known_answers() -> list[Answer]:
    """One answer a pair of live records, in the order in which they were given, the last `MOST` labelled and the last
    `MOST` decided pairs. Two queries.

    A settled answer goes before readings; pairs whose readings differ or are unsure are left out until then, and what
    is labelled goes before what follows from a decision.
    """
    found: dict[tuple[UUID, UUID], Answer] = {}
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED, [MOST])
        for left, right, same, since in cursor.fetchall():
            found[left, right] = Answer(left, right, same, since, labelled=False)
    by_pair: dict[tuple[UUID, UUID], list[Label]] = defaultdict(list)
    for label in Label.objects.raw(_LABELLED, [MOST]):
        by_pair[label.left_id, label.right_id].append(label)
    for pair, said in by_pair.items():
        found.pop(pair, None)
        if answer := _agreed(said):
            found[pair] = answer
    return sorted(found.values(), key=lambda one: (one.since, one.left, one.right))


def _agreed(labels: Sequence[Label]) -> Answer | None:
    """What the labels of one pair come to; None where they come to nothing."""
    final = [one for one in labels if one.reading == Reading.SETTLED] or labels
    verdicts = {one.verdict for one in final}
    if len(verdicts) > 1 or Judgement.UNSURE in verdicts:
        return None
    first = final[0]
    same = first.verdict == Judgement.MATCH
    return Answer(first.left_id, first.right_id, same, first.created_at, labelled=True, features=first.features)


class Paired(Protocol):
    """Anything that is about two records."""

    @property
    def left(self) -> UUID: ...

    @property
    def right(self) -> UUID: ...


def rows_of(records: Prepared, pairs: Sequence[Paired]) -> tuple[PairRows, list[int]]:
    """Those of the pairs whose two records are both among `records`: as rows, and their places in `pairs`."""
    row_of = {UUID(one): row for row, one in enumerate(records.ids.to_pylist())}
    places = [place for place, pair in enumerate(pairs) if pair.left in row_of and pair.right in row_of]
    left = np.array([row_of[pairs[place].left] for place in places], np.int64)
    right = np.array([row_of[pairs[place].right] for place in places], np.int64)
    return (left, right), places
