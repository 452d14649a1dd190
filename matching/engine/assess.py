"""The whole matcher on a labelled file: adapt, learn where asked to, match, cluster, measure. What `evaluate_matching`
prints."""

import resource
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.engine.adapt import adapt
from matching.engine.bands import automatic
from matching.engine.candidates import Stages, candidate_pairs
from matching.engine.cluster import cluster_rows
from matching.engine.columns import Records
from matching.engine.evaluate import Labels, bcubed, pairwise, whole_clusters
from matching.engine.local import Runner
from matching.engine.model import KindModel, Model
from matching.engine.prepared import Prepared
from matching.engine.score import score_pairs
from matching.engine.train import by_kind


@dataclass
class Outcome:
    """What came of all kinds together."""

    predicted: list[Labels] = field(default_factory=list)
    truth: list[Labels] = field(default_factory=list)
    totals: list[npt.NDArray[np.float64]] = field(default_factory=list)
    same: list[npt.NDArray[np.bool_]] = field(default_factory=list)
    automatic: list[npt.NDArray[np.bool_]] = field(default_factory=list)
    pairs: int = 0
    reached: int = 0

    def add(self, labels: Labels, truth: Labels) -> None:
        """Another kind's clusters, numbered apart from those before."""
        for held, new in ((self.predicted, labels), (self.truth, truth)):
            held.append(new + (max(int(before.max()) for before in held) + 1 if held else 0))


def assess(records: Records, model: Model, runner: Runner, labels: int, seed: int) -> dict[str, Any]:
    """Everything that is to be known of the matcher on these records."""
    stages, outcome = Stages(), Outcome()
    with stages.time("prepare"):
        kinds = list(by_kind(records))
    for prepared, truth in kinds:
        with stages.time("adapt"):
            fitted = adapt(model.kinds[prepared.kind], prepared, seed)
        if labels:
            with stages.time("learn"):
                fitted = _taught(fitted, prepared, truth, max(1, round(labels * len(prepared) / len(records))), seed)
        scored, compared = runner(fitted, prepared, stages, None)
        with stages.time("cluster"):
            chosen = scored.where(scored.total >= fitted.thresholds.match)
            found = cluster_rows(len(prepared), chosen.left, chosen.right, chosen.probability, prepared.ids.to_pylist())
        outcome.add(found, truth)
        outcome.pairs += compared
        outcome.totals.append(scored.total)
        outcome.same.append(truth[scored.left] == truth[scored.right])
        outcome.automatic.append(automatic(fitted, prepared, scored))
    return _report(records, outcome, stages)


def _taught(model: KindModel, records: Prepared, truth: Labels, labels: int, seed: int) -> KindModel:
    from matching.engine.learn import learn  # dedupe takes seconds to load and is not needed without labels

    pairs = candidate_pairs(model, records)
    scores = score_pairs(model, records, pairs).total
    return learn(model, records, pairs, scores, lambda one, other: bool(truth[one] == truth[other]), labels, seed).model


def _report(records: Records, outcome: Outcome, stages: Stages) -> dict[str, Any]:
    predicted, truth = np.concatenate(outcome.predicted), np.concatenate(outcome.truth)
    same, joined = np.concatenate(outcome.same), np.concatenate(outcome.automatic)
    sizes = np.bincount(truth)
    true_pairs = int((sizes * (sizes - 1) // 2).sum())
    review = ~joined
    return {
        "rows": len(records),
        "pairs": outcome.pairs,
        "seconds": stages.rounded(),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "pairwise": pairwise(predicted, truth).to_json(),
        "bcubed": bcubed(predicted, truth).to_json(),
        "cluster_f1": round(whole_clusters(predicted, truth).f1, 6),
        "auto_band": {
            "pairs": int(joined.sum()),
            "precision": _share(int((same & joined).sum()), int(joined.sum())),
            "recall": _share(int((same & joined).sum()), true_pairs),
        },
        "review_band": {
            "pairs": int(review.sum()),
            "precision": _share(int((same & review).sum()), int(review.sum())),
            "recall": _share(int((same & review).sum()), true_pairs),
        },
        "warnings": records.warnings,
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 6) if whole else 1.0
