"""Learning from answers, with dedupe: which pair to ask next, the weights, and the blocking predicates.

dedupe sees the very numbers that scoring uses: its variables' distances come from the kernels of `compare`, its
classifier is the additive one, and its predicates are the blocking rules of `keys`.
"""

import logging
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import dedupe
import numpy as np
import numpy.typing as npt
from dedupe.datamodel import DataModel
from dedupe.predicates import Predicate
from dedupe.variables.base import CustomType

from matching.engine.additive import AdditiveClassifier, Layout
from matching.engine.compare import PairView, compare
from matching.engine.keys import make_keys
from matching.engine.model import KindModel
from matching.engine.pairs import PairRows
from matching.engine.parts import Parts
from matching.engine.prepared import Prepared
from matching.engine.rules import Rule

Answer = Callable[[int, int], bool]
Record = dict[str, Any]
SAMPLED_PAIRS = 3_000
RECALL = 1.0


@dataclass(frozen=True)
class Lesson:
    """What was learned: the new model of the kind, the labelled pairs with their answers, and dedupe's predicates by
    name."""

    model: KindModel
    pairs: list[tuple[int, int, bool]]
    predicates: list[str]


class RulePredicate(Predicate):
    """A blocking rule as dedupe's predicate: the record's keys under it, refined where over-full."""

    type = "RulePredicate"

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.__name__ = rule.name

    def __call__(self, record: Mapping[str, Any], **kwargs: Any) -> frozenset[str]:
        keys: frozenset[str] = record["keys"][self.rule.name]
        return keys


class LevelsVariable(CustomType):
    """dedupe's handle on all terms at once: the field is the record's row, the predicates are the rules."""

    type = "Levels"

    def __init__(self, rules: Iterable[Rule]) -> None:
        super().__init__("row", _by_row, name="levels")
        self.predicates = [RulePredicate(rule) for rule in rules]


def _by_row(one: int, other: int) -> float:
    return float(one != other)


class LevelsModel(DataModel):
    """dedupe's data model with its distances worked out by the comparison kernels, for all pairs in one go."""

    def __init__(self, variable: LevelsVariable, records: Prepared, model: KindModel) -> None:
        super().__init__([variable])
        self._records, self._model = records, model
        self.layout = Layout(model.kind, model.terms)

    def __len__(self) -> int:
        return len(self.layout)

    def distances(self, record_pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> npt.NDArray[np.float64]:
        left = np.array([one["row"] for one, _ in record_pairs], dtype=np.int64)
        right = np.array([other["row"] for _, other in record_pairs], dtype=np.int64)
        features = self.layout.features(
            *compare(self._model.terms, PairView(self._records, self._model.frequencies, left, right))
        )
        return features.astype(np.float64)


def learn(
    model: KindModel,
    records: Prepared,
    pairs: PairRows,
    scores: npt.NDArray[np.float64],
    answer: Answer,
    labels: int,
    seed: int,
) -> Lesson:
    """Ask `labels` questions, the most telling first, and learn from the answers.

    `pairs` are the candidates with their present `scores`; the learner sees a sample of them spread over all scores.
    Repeatable under one seed.
    """
    logging.getLogger("dedupe").setLevel(logging.ERROR)
    random.seed(seed)
    np.random.seed(seed)
    sample = _sample(records, model, pairs, scores, seed)
    learner = _learner(model, records, sample)
    asked: list[tuple[int, int, bool]] = []
    rng = np.random.default_rng(seed)
    learner.active_learner.rng = rng
    while len(asked) < labels and len(learner.active_learner) > 0:
        one, other = learner.uncertain_pairs()[0]
        same = answer(one["row"], other["row"])
        asked.append((one["row"], other["row"], same))
        learner.mark_pairs({"match": [(one, other)] if same else [], "distinct": [] if same else [(one, other)]})
    if len({same for _, _, same in asked}) < 2:
        return Lesson(model, asked, [])
    learner.train(recall=RECALL, index_predicates=False)
    prior, weights, slopes = learner.data_model.layout.unpack(learner.classifier.vector_, model.weights)
    rules = _with_learned(model.rules, learner.predicates)
    names = [_rule_of(predicate).name for predicate in learner.predicates]
    return Lesson(replace(model, prior=prior, weights=weights, slopes=slopes, rules=rules), asked, names)


def fit(model: KindModel, records: Prepared, pairs: PairRows, same: npt.NDArray[np.bool_], spread: float) -> KindModel:
    """Weights from pairs whose answers are all known, near those of `model`, each in the sense of its level."""
    layout = Layout(model.kind, model.terms)
    features = layout.features(*compare(model.terms, PairView(records, model.frequencies, *pairs)))
    fitted = AdditiveClassifier(layout.pack(model), spread=spread, bounds=layout.senses()).fit(features, same)
    prior, weights, slopes = layout.unpack(fitted.vector_, model.weights)
    return replace(model, prior=prior, weights=weights, slopes=slopes)


def _learner(model: KindModel, records: Prepared, sample: dict[int, Record]) -> Any:
    variable = LevelsVariable(model.rules)
    learner: Any = dedupe.Dedupe([variable], num_cores=0, in_memory=True)
    learner.data_model = LevelsModel(variable, records, model)
    start = learner.data_model.layout.pack(model)
    learner.classifier = AdditiveClassifier(start)
    learner.prepare_training(sample)
    # dedupe marks a pair of equal records and a random one to begin with; its own learner then starts where the model
    # stands.
    matcher = learner.active_learner.matcher
    matcher._classifier = AdditiveClassifier(start)
    matcher.fit(learner.active_learner.pairs, learner.active_learner.y)
    return learner


def _sample(
    records: Prepared, model: KindModel, pairs: PairRows, scores: npt.NDArray[np.float64], seed: int
) -> dict[int, Record]:
    """Records of pairs taken evenly over the range of scores, with their keys rule by rule."""
    rng = np.random.default_rng(seed)
    chosen = np.arange(len(scores))
    if len(chosen) > SAMPLED_PAIRS:
        band = np.digitize(scores, np.linspace(-12, 12, 25))
        share = 1.0 / np.bincount(band)[band]
        chosen = rng.choice(len(scores), SAMPLED_PAIRS, replace=False, p=share / share.sum())
    rows = np.unique(np.concatenate([pairs[0][chosen], pairs[1][chosen]]))
    sample: dict[int, Record] = {int(row): {"row": int(row), "keys": {}} for row in rows}
    parts = Parts(records, model.frequencies)
    for number, rule in enumerate(model.rules):
        keys = make_keys(parts, model.rules, model.overfull, lambda _: model.outgrown, [number])
        own: dict[int, set[str]] = {}
        inside = np.isin(keys.rows, rows)
        for row, key in zip(keys.rows[inside], keys.keys[inside], strict=True):
            own.setdefault(int(row), set()).add(str(key))
        for row, record in sample.items():
            record["keys"][rule.name] = frozenset(own.get(row, ()))
    return sample


def _rule_of(predicate: Any) -> Rule:
    """The rule that a learned predicate stands for; of a conjunction, one that asks for the parts of all."""
    rules: list[Rule] = [part.rule for part in predicate]
    if len(rules) == 1:
        return rules[0]
    rules = sorted(rules, key=lambda rule: rule.name)
    return Rule(
        " + ".join(rule.name for rule in rules), tuple(dict.fromkeys(part for rule in rules for part in rule.parts))
    )


def _with_learned(rules: Sequence[Rule], predicates: Iterable[Any]) -> tuple[Rule, ...]:
    """The rules with the learned conjunctions beside them. None is dropped: few answers show only some of the ways to
    differ."""
    known = {rule.name: rule for rule in rules}
    for rule in sorted(map(_rule_of, predicates), key=lambda rule: rule.name):
        known.setdefault(rule.name, rule)
    return tuple(known.values())
