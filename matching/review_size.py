"""How many of the stored pairs a model would show to stewards."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from matching.answers import rows_of
from matching.canonical import canonical_table
from matching.engine.bands import automatic
from matching.engine.columns import kind_mask
from matching.engine.model import Model
from matching.engine.prepared import prepare
from matching.engine.score import score_pairs
from matching.models import CandidatePair
from party_hub.domain.attributes import Kind

MOST = 20_000  # pairs that are scored; of more, these stand for all
_DRAWN = """
SELECT left_id, right_id FROM matching_candidatepair ORDER BY md5(left_id::text || right_id::text) LIMIT %s
"""


@dataclass(frozen=True)
class Stored:
    """A stored candidate pair."""

    left: UUID
    right: UUID


def queue_sizes(models: Sequence[Model]) -> list[int]:
    """For each model how many stored pairs would fall into its review band. Estimated from MOST of them where there are
    more. Pairs below the review threshold in force are not stored, so a model that asks about lower ones has more."""
    with connection.cursor() as cursor:
        cursor.execute(_DRAWN, [MOST])
        pairs = [Stored(*row) for row in cursor.fetchall()]
    sizes = [0] * len(models)
    if not pairs:
        return sizes
    table = canonical_table({record for one in pairs for record in (one.left, one.right)})
    for kind in Kind:
        own = table.filter(kind_mask(table, kind))
        if own.num_rows:
            records = prepare(own, kind)
            rows, _ = rows_of(records, pairs)
            for number, model in enumerate(models):
                scored = score_pairs(model.kinds[kind], records, rows, model.kinds[kind].thresholds.review)
                sizes[number] += len(scored) - int(automatic(model.kinds[kind], records, scored).sum())
    stands_for = CandidatePair.objects.count() / len(pairs) if len(pairs) == MOST else 1.0
    return [round(size * stands_for) for size in sizes]
