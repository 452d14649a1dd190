"""The whole matcher on a labelled file: adapt, learn where asked to, match, cluster, measure. What `evaluate_matching`
prints."""

import multiprocessing
import operator
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from threadpoolctl import threadpool_limits

from matching.engine.adapt import adapt
from matching.engine.bands import asked, automatic
from matching.engine.candidates import Stages, candidate_pairs
from matching.engine.cluster import cluster_rows
from matching.engine.columns import Records
from matching.engine.evaluate import Labels, bcubed, curve, pairwise, whole_clusters
from matching.engine.local import Runner, match_all, match_showing_pairs
from matching.engine.model import KindModel, Model
from matching.engine.prepared import Prepared, prepare
from matching.engine.score import Scored, score_pairs
from matching.engine.train import tables_by_kind

# Below, starting processes costs more than it saves.
WORTH_PROCESSES = 30_000


@dataclass(frozen=True)
class Outcome:
    """What came of one kind. `pairs` were compared; `reached` of them are true, where the runner shows its pairs."""

    predicted: Labels
    truth: Labels
    total: npt.NDArray[np.float64]
    same: npt.NDArray[np.bool_]
    automatic: npt.NDArray[np.bool_]
    review: npt.NDArray[np.bool_]
    pairs: int
    reached: int | None
    seconds: dict[str, float]
    peak_rss_mb: int


@dataclass(frozen=True)
class Assessment:
    """The matcher on the records of one kind, as one piece of work for a process of its own."""

    model: KindModel
    table: pa.Table
    truth: Labels
    runner: Runner
    labels: int
    seed: int

    def run(self) -> Outcome:
        """Adapt, learn where asked to, match and cluster."""
        stages, ids = Stages(), self.table.column("record_id").to_pylist()
        with stages.time("prepare"):
            prepared = prepare(self.table, self.model.kind)
        with stages.time("adapt"):
            fitted = adapt(self.model, prepared, self.seed, answers_follow=self.labels > 0)
        if self.labels:
            with stages.time("learn"):
                fitted = _taught(fitted, prepared, self.truth, self.labels, self.seed)
        scored, compared, reached = self._match(fitted, prepared, stages)
        with stages.time("cluster"):
            chosen = scored.where(scored.total >= fitted.thresholds.match)
            found = cluster_rows(len(prepared), chosen.left, chosen.right, chosen.probability, ids)
        same = self.truth[scored.left] == self.truth[scored.right]
        joined = automatic(fitted, prepared, scored)
        shown = asked(fitted, prepared, scored, joined)
        peak = _peak_mb()
        return Outcome(found, self.truth, scored.total, same, joined, shown, compared, reached, stages.seconds, peak)

    def _match(self, model: KindModel, records: Prepared, stages: Stages) -> tuple[Scored, int, int | None]:
        if self.runner is not match_all:
            return *self.runner(model, records, stages), None
        scored, (left, right) = match_showing_pairs(model, records, stages)
        return scored, len(left), int((self.truth[left] == self.truth[right]).sum())


def assess(records: Records, model: Model, runner: Runner, labels: int, seed: int) -> dict[str, Any]:
    """Everything that is to be known of the matcher on these records.

    Kinds of many records are worked on side by side; a stage's seconds are then those of the slower one.
    """
    began = time.perf_counter()
    works = [
        Assessment(model.kinds[kind], table, truth, runner, max(1, round(labels * len(truth) / len(records))), seed)
        if labels
        else Assessment(model.kinds[kind], table, truth, runner, 0, seed)
        for kind, table, truth in tables_by_kind(records)
    ]
    side_by_side = runner is match_all and len(works) > 1 and len(records) >= WORTH_PROCESSES
    outcomes = _side_by_side(works) if side_by_side else [work.run() for work in works]
    report = _report(records, outcomes, combine=max if side_by_side else operator.add)
    report["elapsed_seconds"] = round(time.perf_counter() - began, 3)
    report["peak_rss_mb"] = _peak_mb() + (sum(one.peak_rss_mb for one in outcomes) if side_by_side else 0)
    return report


def _side_by_side(works: list[Assessment]) -> list[Outcome]:
    """Each piece of work in a forked process, which has the records without copying them."""
    _FORKED.extend(works)
    try:
        with ProcessPoolExecutor(len(works), mp_context=multiprocessing.get_context("fork")) as pool:
            return list(pool.map(_run_forked, range(len(works))))
    finally:
        _FORKED.clear()


_FORKED: list[Assessment] = []


def _run_forked(number: int) -> Outcome:
    with threadpool_limits(1):  # the processes share the cores among themselves
        return _FORKED[number].run()


def _peak_mb() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _taught(model: KindModel, records: Prepared, truth: Labels, labels: int, seed: int) -> KindModel:
    from matching.engine.learn import learn  # dedupe takes seconds to load and is not needed without labels

    pairs = candidate_pairs(model, records)
    scores = score_pairs(model, records, pairs).total
    return learn(model, records, pairs, scores, lambda one, other: bool(truth[one] == truth[other]), labels, seed).model


def _report(records: Records, outcomes: list[Outcome], combine: Callable[[float, float], float]) -> dict[str, Any]:
    predicted, truth = (
        _numbered_apart([one.predicted for one in outcomes]),
        _numbered_apart([one.truth for one in outcomes]),
    )
    same, joined = np.concatenate([one.same for one in outcomes]), np.concatenate([one.automatic for one in outcomes])
    seconds: dict[str, float] = {}
    for one in outcomes:
        for name, taken in one.seconds.items():
            seconds[name] = combine(seconds.get(name, 0.0), taken)
    sizes = np.bincount(truth)
    true_pairs = int((sizes * (sizes - 1) // 2).sum())
    review = np.concatenate([one.review for one in outcomes])
    pairs, reached = sum(one.pairs for one in outcomes), [one.reached for one in outcomes if one.reached is not None]
    return {
        "rows": len(records),
        "pairs": pairs,
        "blocking": {
            "pairs_completeness": _share(sum(reached), true_pairs) if len(reached) == len(outcomes) else None,
            "reduction_ratio": round(1 - pairs / max(1, len(truth) * (len(truth) - 1) // 2), 8),
        },
        "seconds": {name: round(taken, 3) for name, taken in seconds.items()},
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
        "curve": curve(np.concatenate([one.total for one in outcomes]), same, true_pairs),
        "warnings": records.warnings,
    }


def _numbered_apart(kinds: list[Labels]) -> Labels:
    """The labels of all kinds, those of each kind numbered after those before."""
    first = np.cumsum([0, *(int(labels.max()) + 1 for labels in kinds)])
    return np.concatenate([labels + start for labels, start in zip(kinds, first, strict=False)])


def _share(part: int, whole: int) -> float:
    return round(part / whole, 6) if whole else 1.0
