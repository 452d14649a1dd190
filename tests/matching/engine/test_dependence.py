"""How much of a group's evidence counts, and where the bands lie, without answers."""

import numpy as np

from matching.engine import dependence
from matching.engine.thresholds import choose_unlabelled

RNG = np.random.default_rng(7)
SAME = RNG.random(20_000) < 0.3
_SIDE = np.where(SAME, 1.0, -1.0)


def _witness(strength: float) -> np.ndarray:
    """Log-odds of a witness with normal noise: `strength` apart, and exactly as sure as it may be."""
    return strength * _SIDE * strength / 2 + RNG.normal(0.0, strength, len(SAME))


def test_a_group_that_says_one_thing_twice_is_counted_half() -> None:
    name, date, place = _witness(3.0), _witness(3.0), _witness(2.0)
    views = {"name": name, "date": date, "place": 2 * place}
    factors = dependence.across_views(views, float(np.log(0.3 / 0.7)), dict.fromkeys(views, 1.0))
    assert factors["place"] < 0.75
    assert factors["name"] > 0.85


def test_no_group_is_ever_counted_for_more_than_it_says() -> None:
    views = {"name": _witness(3.0), "date": _witness(3.0), "place": 0.3 * _witness(2.0)}
    factors = dependence.across_views(views, 0.0, dict.fromkeys(views, 1.0))
    assert max(factors.values()) <= 1.0


def test_without_sure_pairs_the_sample_alone_decides() -> None:
    views = {"name": _witness(0.3), "place": _witness(0.3)}
    before = {"name": 0.8, "place": 0.4}
    assert dependence.across_views(views, 0.0, before) == before


def test_recentred_scores_expect_the_share_asked_for() -> None:
    assert np.isclose(dependence.sigmoid(dependence.recentred(_witness(3.0), 0.1)).mean(), 0.1, atol=1e-6)


def test_a_doubting_judge_raises_the_automatic_threshold_only() -> None:
    score = _witness(3.0)
    easy, doubted = choose_unlabelled(score, score), choose_unlabelled(score, score - 3.0)
    assert doubted.automatic > easy.automatic
    assert (doubted.review, doubted.match) == (easy.review, easy.match)
    assert easy.review < easy.match < easy.automatic
