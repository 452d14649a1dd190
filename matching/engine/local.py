"""The in-process runner: all pairs of a batch, without Spark."""

from collections.abc import Callable

from matching.engine.candidates import Stages, candidate_pairs
from matching.engine.model import KindModel
from matching.engine.pairs import PairRows
from matching.engine.prepared import Prepared
from matching.engine.score import Scored, score_pairs

Runner = Callable[[KindModel, Prepared, Stages], tuple[Scored, int]]


def match_all(model: KindModel, records: Prepared, stages: Stages) -> tuple[Scored, int]:
    """The pairs from the review threshold up of records that are all there are, ordered by rows, and how many were
    compared."""
    scored, pairs = match_showing_pairs(model, records, stages)
    return scored, len(pairs[0])


def match_showing_pairs(model: KindModel, records: Prepared, stages: Stages) -> tuple[Scored, PairRows]:
    """As `match_all`, with the rows of all pairs that were compared."""
    with stages.time("block"):
        pairs = candidate_pairs(model, records)
    with stages.time("score"):
        return score_pairs(model, records, pairs, keep_from=model.thresholds.review), pairs
