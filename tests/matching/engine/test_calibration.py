"""Wilson's interval, score bands and log-loss against values worked by hand."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.calibration import EDGES, log_loss, score_bands, wilson


@pytest.mark.parametrize(
    ("successes", "count", "low", "high"),
    [
        # (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n) with z = 1.96
        (5, 10, 0.2366, 0.7634),
        (1, 10, 0.0179, 0.4042),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),  # Newcombe, 1998, table I
        (15, 148, 0.0624, 0.1605),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilsons_interval_is_what_it_comes_to_by_hand(successes: int, count: int, low: float, high: float) -> None:
    assert wilson(successes, count) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share_and_mirrors(successes: int, failures: int) -> None:
    low, high = wilson(successes, successes + failures)
    assert 0 <= low <= high <= 1
    if successes + failures:
        assert low - 1e-9 <= successes / (successes + failures) <= high + 1e-9
    assert wilson(failures, successes + failures) == (pytest.approx(1 - high), pytest.approx(1 - low))


def test_every_prediction_falls_into_one_band() -> None:
    answered = [(0.0, False), (0.1, True), (0.95, True), (0.96, False), (1.0, True)]
    bands = score_bands(answered)
    assert [band.pairs for band in bands] == [1, 1, 0, 0, 0, 2, 0, 1]
    assert [(band.start, band.end) for band in bands][:2] == [(0.0, 0.1), (0.1, 0.3)]
    ninety = bands[5]
    assert (ninety.share, ninety.same, ninety.predicted) == (0.5, 1, pytest.approx(0.955))
    assert (ninety.low, ninety.high) == wilson(1, 2)
    assert bands[2].share is None
    assert (bands[0].start, bands[-1].end) == (EDGES[0], EDGES[-1])


@pytest.mark.parametrize(
    ("answered", "loss"),
    [
        ([(0.5, True), (0.5, False)], log(2)),
        ([(0.8, True)], -log(0.8)),
        ([(0.8, False)], -log(0.2)),
        ([(0.0, True)], -log(1e-6)),
        ([], None),
    ],
)
def test_log_loss_is_the_mean_negative_log_of_what_was_said(
    answered: list[tuple[float, bool]], loss: float | None
) -> None:
    assert log_loss(answered) == (loss if loss is None else pytest.approx(loss))
