"""Cohen's kappa against values worked by hand, and where it has none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.agreement import cohens_kappa

Y, N, U = "match", "no_match", "unsure"


def table(**counts: int) -> list[tuple[str, str]]:
    """Answers by how often each pair of words fell: yn=5 is five times match against no match."""
    words = {"y": Y, "n": N, "u": U}
    return [(words[name[0]], words[name[1]]) for name, count in counts.items() for _ in range(count)]


@pytest.mark.parametrize(
    ("answers", "kappa", "low", "high", "name"),
    [
        # p_o = 35/50, p_e = .5*.6 + .5*.4 = .5, kappa = .2/.5; error = sqrt(.7*.3/50)/.5 = .1296
        (table(yy=20, yn=5, ny=10, nn=15), 0.4, 0.1460, 0.6540, "fair"),
        # p_o = 60/100; 70 and 60 say match: p_e = .42 + .12 = .54, kappa = .06/.46
        (table(yy=45, yn=25, ny=15, nn=15), 0.1304, -0.0783, 0.3392, "slight"),
        # the same p_o, other habits: 30 and 60 say match: p_e = .18 + .28 = .46, kappa = .14/.54
        (table(yy=25, yn=5, ny=35, nn=35), 0.2593, 0.0815, 0.4371, "fair"),
        # three answers: p_o = .8, both say 5, 3, 2 of ten: p_e = .25 + .09 + .04 = .38, kappa = .42/.62
        (table(yy=4, nn=2, uu=2, yn=1, ny=1), 0.6774, 0.2775, 1.0, "substantial"),
        (table(yy=5, nn=5), 1.0, 1.0, 1.0, "almost perfect"),
        # each says the opposite: p_o = 0, p_e = .5
        (table(yn=5, ny=5), -1.0, -1.0, -1.0, "poor"),
        # one never says anything but match: p_o = p_e, so chance explains it all
        (table(yy=8, yn=2), 0.0, -1.0, 1.0, "poor"),
    ],
)
def test_kappa_is_what_it_comes_to_by_hand(
    answers: list[tuple[str, str]], kappa: float, low: float, high: float, name: str
) -> None:
    found = cohens_kappa(answers)
    assert found.kappa == pytest.approx(kappa, abs=5e-5)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))
    assert found.name == name


@pytest.mark.parametrize(("answers", "share"), [([], None), (table(yy=7), 1.0), (table(nn=1), 1.0)])
def test_where_chance_explains_everything_kappa_says_nothing(answers: list[tuple[str, str]], share: float) -> None:
    found = cohens_kappa(answers)
    assert (found.kappa, found.low, found.name) == (None, None, "")
    assert found.share == share


@given(st.lists(st.tuples(st.sampled_from([Y, N, U]), st.sampled_from([Y, N, U])), max_size=40))
def test_kappa_does_not_hang_on_who_comes_first_and_stays_in_bounds(answers: list[tuple[str, str]]) -> None:
    one, other = cohens_kappa(answers), cohens_kappa([(b, a) for a, b in answers])
    assert one == other
    if one.kappa is not None:
        assert one.low is not None
        assert one.high is not None
        assert -1 <= one.low <= one.kappa + 1e-12
        assert one.kappa - 1e-12 <= one.high <= 1
