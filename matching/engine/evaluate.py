"""How good the matches are, against a known truth."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Quality:
    """Precision and recall, and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return (
            2 * self.precision * self.recall / (self.precision + self.recall) if self.precision + self.recall else 0.0
        )

    def to_json(self) -> dict[str, float]:
        return {"precision": round(self.precision, 6), "recall": round(self.recall, 6), "f1": round(self.f1, 6)}


def _pairs(sizes: npt.NDArray[np.int64]) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _crossing(predicted: Labels, truth: Labels) -> tuple[Labels, Labels, npt.NDArray[np.int64]]:
    """Each (predicted, true) cluster pair that shares records, and how many."""
    width = int(truth.max()) + 1 if len(truth) else 1
    code, counts = np.unique(predicted * width + truth, return_counts=True)
    return code // width, code % width, counts.astype(np.int64)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def pairwise(predicted: Labels, truth: Labels) -> Quality:
    """Over pairs of records: joined and truly the same, of all joined, of all truly the same."""
    right = _pairs(_crossing(predicted, truth)[2])
    return Quality(_ratio(right, _pairs(np.bincount(predicted))), _ratio(right, _pairs(np.bincount(truth))))


def bcubed(predicted: Labels, truth: Labels) -> Quality:
    """Averages over records (Bagga and Baldwin, 1998)."""
    left, right, counts = _crossing(predicted, truth)
    squares = counts.astype(float) ** 2
    return Quality(
        _ratio(float((squares / np.bincount(predicted)[left]).sum()), len(truth)),
        _ratio(float((squares / np.bincount(truth)[right]).sum()), len(truth)),
    )


def whole_clusters(predicted: Labels, truth: Labels) -> Quality:
    """Over clusters: those that are found exactly, single records included."""
    left, right, counts = _crossing(predicted, truth)
    exact = int(((counts == np.bincount(predicted)[left]) & (counts == np.bincount(truth)[right])).sum())
    return Quality(_ratio(exact, len(np.unique(left))), _ratio(exact, len(np.unique(right))))


def curve(
    totals: npt.NDArray[np.float64], same: npt.NDArray[np.bool_], true_pairs: int, points: int = 40
) -> list[dict[str, float]]:
    """Precision and recall of the scored pairs from each of some thresholds (log-odds) up, lowest first.

    The thresholds part the pairs into about equal numbers. Recall is of all `true_pairs`, compared or not.
    """
    if not len(totals):
        return []
    order = np.argsort(-totals, kind="stable")
    right = np.cumsum(same[order])
    last = np.unique(np.linspace(1, len(order), points).astype(np.int64))[::-1] - 1
    return [
        {
            "threshold": round(float(totals[order[at]]), 4),
            "precision": round(float(right[at] / (at + 1)), 6),
            "recall": round(_ratio(float(right[at]), true_pairs), 6),
        }
        for at in last
    ]


def numbered(values: list[str]) -> Labels:
    """Truth labels as numbers; a record without one stands alone."""
    known: dict[str, int] = {}
    return np.array(
        [known.setdefault(value or f"\0{row}", len(known)) for row, value in enumerate(values)], dtype=np.int64
    )
