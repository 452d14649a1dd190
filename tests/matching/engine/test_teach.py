"""Learning from answers: what they move, what is measured, how the curve is drawn."""

import numpy as np
import pytest

from matching.engine.compare import EXACT
from matching.engine.evidence import Compared
from matching.engine.model import KindModel
from matching.engine.teach import Answered, Check, check, curve_steps, first, predictions, taught
from matching.queries import default_model
from party_hub.domain.attributes import Kind


@pytest.fixture(scope="module")
def model() -> KindModel:
    return default_model().kinds[Kind.INDIVIDUAL]


def answered(model: KindModel, *pairs: tuple[dict[str, int], bool]) -> Answered:
    """Pairs that compare at these levels, with their answers, in their order."""
    names = [term.name for term in model.terms]
    levels = np.zeros((len(names), len(pairs)), np.int8)
    for column, (said, _) in enumerate(pairs):
        for name, level in said.items():
            levels[names.index(name), column] = level
    same = np.array([one for _, one in pairs], bool)
    return Answered(Compared(levels, np.zeros(levels.shape)), same, np.arange(len(pairs)))


def test_answers_move_the_weights_towards_them(model: KindModel) -> None:
    family, postcode = {"family_name": EXACT}, {"postcode": EXACT}
    told = answered(model, *[(family, False), (postcode, True)] * 20)
    learned = taught(model, told)
    before, after = (predictions([one], [told]) for one in (model, learned))
    assert after[1][0] > before[1][0]
    losses = [check([one], [told]).log_loss or 0.0 for one in (model, learned)]
    assert losses[1] < losses[0] / 2
    assert check([learned], [told]).f1 == 1.0
    names = [term.name for term in model.terms]
    assert learned.weights[names.index("family_name")][EXACT] >= 0  # agreement never speaks against a match


@pytest.mark.parametrize("pairs", [[({"family_name": 1}, True)] * 9, [({"family_name": 1}, True)] * 30, []])
def test_too_few_answers_or_one_sided_ones_leave_the_model_as_it_is(
    model: KindModel, pairs: list[tuple[dict[str, int], bool]]
) -> None:
    assert taught(model, answered(model, *pairs)) is model


@pytest.mark.parametrize(
    ("told", "precision", "recall", "f1"),
    [
        (Check(10, 4, 5, 3, 0.1), 0.6, 0.75, 2 / 3),
        (Check(10, 4, 0, 0, 0.1), None, 0.0, 0.0),
        (Check(10, 0, 2, 0, 0.1), 0.0, None, 0.0),
        (Check(0, 0, 0, 0, None), None, None, None),
    ],
)
def test_a_check_measures_by_the_book(
    told: Check, precision: float | None, recall: float | None, f1: float | None
) -> None:
    assert (told.precision, told.recall) == (precision, recall)
    assert told.f1 == (f1 if f1 is None else pytest.approx(f1))


@pytest.mark.parametrize(
    ("answers", "steps"), [(0, [0]), (7, [0, 7]), (20, [0, 10, 20]), (60, [0, 10, 20, 30, 50, 60])]
)
def test_the_curve_begins_with_none_and_ends_with_all(answers: int, steps: list[int]) -> None:
    assert curve_steps(answers) == steps


def test_the_first_answers_are_those_given_first(model: KindModel) -> None:
    told = answered(model, *[({"family_name": 1}, number % 2 == 0) for number in range(6)])
    assert first(told, 4).same.tolist() == [True, False, True, False]
    assert len(first(told, 0)) == 0
