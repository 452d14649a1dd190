"""The in-process runner: all pairs of a batch, or of one record against others, without Spark."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from matching.engine.candidates import Stages, candidate_pairs, pairs_concerning
from matching.engine.model import KindModel
from matching.engine.prepared import Prepared
from matching.engine.score import Scored, score_pairs

Chosen = npt.NDArray[np.bool_]
Runner = Callable[[KindModel, Prepared, Stages, Chosen | None], tuple[Scored, int]]


def match_all(
    model: KindModel, records: Prepared, stages: Stages, concerning: Chosen | None = None
) -> tuple[Scored, int]:
    """The pairs from the review threshold up, ordered by rows, and how many were compared.

    `concerning` marks rows: only pairs with one of them are compared, and the model knows their over-full keys (None:
    all, and `records` are all there are).
    """
    with stages.time("block"):
        pairs = candidate_pairs(model, records) if concerning is None else pairs_concerning(model, records, concerning)
    with stages.time("score"):
        scored = score_pairs(model, records, pairs, keep_from=model.thresholds.review)
    return scored, len(pairs[0])
