"""The in-process runner: all pairs of a batch, without Spark."""

from typing import Protocol

from matching.engine.candidates import Stages, candidate_pairs
from matching.engine.keys import Keys
from matching.engine.model import KindModel
from matching.engine.pairs import PairRows, pairs_of
from matching.engine.prepared import Prepared
from matching.engine.score import Scored, score_pairs


class Runner(Protocol):
    """Finds the pairs of records that are all there are, as `match_all` does. `keys` are theirs where they are known:
    a runner need not make them again.
    """

    def __call__(
        self, model: KindModel, records: Prepared, stages: Stages, keys: Keys | None = None
    ) -> tuple[Scored, int]: ...


def match_all(model: KindModel, records: Prepared, stages: Stages, keys: Keys | None = None) -> tuple[Scored, int]:
    """The pairs from the review threshold up of records that are all there are, ordered by rows, and how many were
    compared."""
    scored, pairs = match_showing_pairs(model, records, stages, keys)
    return scored, len(pairs[0])


def match_showing_pairs(
    model: KindModel, records: Prepared, stages: Stages, keys: Keys | None = None
) -> tuple[Scored, PairRows]:
    """As `match_all`, with the rows of all pairs that were compared."""
    with stages.time("block"):
        pairs = pairs_of(keys.paired(), len(records)) if keys else candidate_pairs(model, records)
    with stages.time("score"):
        return score_pairs(model, records, pairs, keep_from=model.thresholds.review), pairs
