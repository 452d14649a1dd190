"""What is said of a match against a known truth."""

import numpy as np
import pytest

from matching.engine.evaluate import bcubed, curve, pairwise, whole_clusters

# One cluster of three split in two, and two single records joined.
TRUTH, PREDICTED = np.array([0, 0, 0, 1, 2]), np.array([0, 0, 1, 2, 2])


def test_pairs_of_records_are_counted() -> None:
    quality = pairwise(PREDICTED, TRUTH)
    assert (quality.precision, quality.recall) == (0.5, pytest.approx(1 / 3))
    assert quality.f1 == pytest.approx(0.4)


def test_each_record_is_weighed_alike() -> None:
    quality = bcubed(PREDICTED, TRUTH)
    assert quality.precision == pytest.approx((1 + 1 + 1 + 0.5 + 0.5) / 5)
    assert quality.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)


def test_only_exact_clusters_count_as_whole() -> None:
    assert whole_clusters(PREDICTED, TRUTH).f1 == 0
    assert whole_clusters(TRUTH, TRUTH).f1 == 1


def test_a_curve_goes_from_all_pairs_to_the_best_one() -> None:
    totals, same = np.array([3.0, -1.0, 2.0, 5.0]), np.array([True, False, False, True])
    found = curve(totals, same, true_pairs=4)
    assert [point["threshold"] for point in found] == [-1.0, 2.0, 3.0, 5.0]
    assert [point["precision"] for point in found] == [0.5, 0.666667, 1.0, 1.0]
    assert [point["recall"] for point in found] == [0.5, 0.5, 0.5, 0.25]


def test_no_pairs_make_no_curve() -> None:
    assert curve(np.empty(0), np.empty(0, bool), true_pairs=3) == []
