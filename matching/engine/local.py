"""The in-process runner: all pairs of a batch, or of one record against others, without Spark."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from matching.engine.candidates import Stages, candidate_pairs
from matching.engine.model import KindModel
from matching.engine.prepared import Prepared
from matching.engine.score import Scored, score_pairs

Chosen = npt.NDArray[np.bool_]
Runner = Callable[[KindModel, Prepared, Stages, Chosen | None], tuple[Scored, int]]


def match_all(
    model: KindModel, records: Prepared, stages: Stages, concerning: Chosen | None = None
) -> tuple[Scored, int]:
    """The pairs from the review threshold up, ordered by rows, and how many were compared.

    `concerning` marks rows: only pairs with one of them are compared (None: all).
    """
    with stages.time("block"):
        pairs = candidate_pairs(model, records)
        if concerning is not None:
            wanted = concerning[pairs[0]] | concerning[pairs[1]]
            pairs = pairs[0][wanted], pairs[1][wanted]
    with stages.time("score"):
        scored = score_pairs(model, records, pairs, keep_from=model.thresholds.review)
    return scored, len(pairs[0])
