"""Which pairs are asked, which are held back, which are read twice."""

from uuid import UUID, uuid5

import numpy as np
import pytest

from matching.engine.ask import entropy, most_telling, spread_evenly
from matching.engine.evidence import Compared
from matching.engine.holding import HELD_BACK, is_held_back, is_read_twice
from matching.engine.model import KindModel
from matching.queries import default_model
from party_hub.domain.attributes import Kind

SPACE = UUID(int=7)
PAIRS = [(str(uuid5(SPACE, f"l{n}")), str(uuid5(SPACE, f"r{n}"))) for n in range(4000)]


@pytest.fixture(scope="module")
def model() -> KindModel:
    return default_model().kinds[Kind.INDIVIDUAL]


def of_levels(model: KindModel, *columns: dict[str, int]) -> Compared:
    """Pairs that compare at these levels and are missing all else."""
    levels = np.zeros((len(model.terms), len(columns)), np.int8)
    names = [term.name for term in model.terms]
    for column, said in enumerate(columns):
        for name, level in said.items():
            levels[names.index(name), column] = level
    return Compared(levels, np.zeros(levels.shape))


def test_a_quarter_of_pairs_is_held_back_whichever_way_round_they_stand() -> None:
    held = [is_held_back(*pair) for pair in PAIRS]
    assert 100 * np.mean(held) == pytest.approx(HELD_BACK, abs=2)
    assert held == [is_held_back(right, left) for left, right in PAIRS]


@pytest.mark.parametrize(("share", "expected"), [(0, 0), (10, 10), (100, 100)])
def test_the_share_that_is_read_twice_is_met(share: int, expected: int) -> None:
    assert 100 * np.mean([is_read_twice(*pair, share) for pair in PAIRS]) == pytest.approx(expected, abs=2)


def test_what_is_held_back_has_nothing_to_do_with_what_is_read_twice() -> None:
    twice = [is_held_back(*pair) for pair in PAIRS if is_read_twice(*pair, 10)]
    assert 100 * np.mean(twice) == pytest.approx(HELD_BACK, abs=6)


@pytest.mark.parametrize(("chance", "bits"), [(0.5, 1.0), (0.0, 0.0), (1.0, 0.0), (0.25, 0.8113)])
def test_entropy_is_highest_at_even_odds(chance: float, bits: float) -> None:
    assert entropy(np.array([chance]))[0] == pytest.approx(bits, abs=1e-4)


def test_a_doubtful_pair_is_asked_before_sure_ones(model: KindModel) -> None:
    names = [term.name for term in model.terms]
    alike = dict.fromkeys(names, 1)
    unlike = {term.name: len(term.levels) - 1 for term in model.terms}
    doubtful = {names[0]: 1}
    asked = of_levels(model, alike, doubtful, unlike)
    order = most_telling(model, asked, of_levels(model), np.empty(0, bool))
    assert order[0] == 1


def test_pairs_that_compare_alike_are_not_asked_one_after_the_other(model: KindModel) -> None:
    names = [term.name for term in model.terms]
    asked = of_levels(model, *[{names[0]: 1}] * 3, {names[1]: 1})
    order = list(most_telling(model, asked, of_levels(model), np.empty(0, bool)))
    assert order.index(3) < 2


def test_the_same_pairs_and_answers_give_the_same_questions(model: KindModel) -> None:
    names = [term.name for term in model.terms]
    asked = of_levels(model, *({name: 1} for name in names))
    known = of_levels(model, {names[0]: 1}, {names[0]: 2})
    orders = [list(most_telling(model, asked, known, np.array([True, False]))) for _ in range(2)]
    assert orders[0] == orders[1]
    assert sorted(orders[0]) == list(range(len(names)))


def test_without_pairs_nothing_is_asked(model: KindModel) -> None:
    assert not len(most_telling(model, of_levels(model), of_levels(model), np.empty(0, bool)))


def test_pairs_to_check_by_come_from_all_scores_in_turn() -> None:
    total = np.array([5.0, 5.1, 5.2, -5.0, -5.1, 0.5])
    order = list(spread_evenly(total, ["a", "b", "c", "d", "e", "f"]))
    assert {int(np.sign(total[place])) for place in order[:2]} == {-1, 1} or len({*np.round(total[order[:3]])}) == 3
    assert order == [3, 5, 0, 4, 1, 2]
