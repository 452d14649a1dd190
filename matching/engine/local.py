"""The in-process runner: all pairs of a batch, or of one record against others, without Spark."""

from matching.engine.candidates import Stages, candidate_pairs
from matching.engine.model import KindModel
from matching.engine.prepared import Prepared
from matching.engine.score import Scored, score_pairs


def match_all(model: KindModel, records: Prepared, stages: Stages | None = None) -> tuple[Scored, int]:
    """The pairs from the review threshold up, ordered by rows, and how many were compared."""
    stages = stages or Stages()
    with stages.time("block"):
        pairs = candidate_pairs(model, records)
    with stages.time("score"):
        scored = score_pairs(model, records, pairs, keep_from=model.thresholds.review)
    return scored, len(pairs[0])
