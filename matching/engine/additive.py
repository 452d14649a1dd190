"""The additive classifier: logistic regression over levels, drawn towards the weights that it starts from.

Handed to dedupe as its classifier. With few labels it stays near its starting point and mends only what the labels
contradict; with many it learns freely. Fitted by Newton's method on the penalised likelihood (MacKay, "Information
Theory, Inference, and Learning Algorithms", ch. 41: a Gaussian prior on the weights).
"""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.base import BaseEstimator, ClassifierMixin

from matching.engine.compare import EXACT, Levels, Term
from matching.engine.frequencies import Rarity
from matching.engine.model import KindModel, Weights
from party_hub.domain.attributes import Kind

Features = npt.NDArray[np.float64]
Bounds = list[tuple[float | None, float | None]]
_RARITY_UNIT = 5.0  # rarity is fed in fifths of its usual size, so that one penalty suits weights and slopes


class Layout:
    """Where each level of each term, and each slope, stands among the features."""

    def __init__(self, kind: Kind, terms: tuple[Term, ...]) -> None:
        self.kind, self.terms = kind, terms
        self.weights = [(row, level) for row, term in enumerate(terms) for level in range(1, len(term.levels))]
        self.slopes = [(row, level) for row, term in enumerate(terms) for level in sorted(term.weighted)]

    def __len__(self) -> int:
        return len(self.weights) + len(self.slopes)

    def features(self, levels: Levels, rarities: Rarity) -> npt.NDArray[np.float32]:
        """One row a pair: an indicator a level that is not missing, and rarities where they count."""
        out = np.empty((levels.shape[1], len(self)), np.float32)
        for column, (row, level) in enumerate(self.weights):
            out[:, column] = levels[row] == level
        for column, (row, level) in enumerate(self.slopes, len(self.weights)):
            out[:, column] = np.where(levels[row] == level, rarities[row] / _RARITY_UNIT, 0.0)
        return out

    def senses(self) -> Bounds:
        """Lower and upper bounds of prior, weights and slopes under which each term says what its levels are called:
        full agreement never speaks against a match, plain disagreement never for one, and a rarer agreement never
        says less.

        Without them a regression lets terms that go together trade weight, and fits as well with a name that "differs"
        in favour of a match.
        """
        bounds: Bounds = [(None, None)]
        for row, level in self.weights:
            differs = level == len(self.terms[row].levels) - 1 or level in self.terms[row].against
            agrees = level == EXACT or level in self.terms[row].weighted
            bounds.append((None, 0.0) if differs else (0.0, None) if agrees else (None, None))
        return bounds + [(0.0, 0.0 if level in self.terms[row].against else None) for row, level in self.slopes]

    def pack(self, model: KindModel) -> Features:
        """A model's prior, weights and slopes as one vector, the prior first."""
        return np.array(
            [
                model.prior,
                *(model.weights[at] for at in self.weights),
                *(model.slopes[at] * _RARITY_UNIT for at in self.slopes),
            ]
        )

    def unpack(self, vector: Features, like: Weights) -> tuple[float, Weights, Weights]:
        """The reverse of `pack`; missing levels weigh nothing."""
        weights, slopes = np.zeros_like(like), np.zeros_like(like)
        for value, at in zip(vector[1:], self.weights, strict=False):
            weights[at] = value
        for value, at in zip(vector[1 + len(self.weights) :], self.slopes, strict=True):
            slopes[at] = value / _RARITY_UNIT
        return float(vector[0]), weights, slopes


class AdditiveClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Logistic regression with a Gaussian prior around `start` (intercept first); sklearn-compatible.

    `spread` is the prior's standard deviation in log-odds: how far one weight may easily move. `bounds` are the lowest
    and the highest value of each weight, intercept first.
    """

    def __init__(
        self, start: Features, spread: float = 1.0, intercept_spread: float = 3.0, bounds: Bounds | None = None
    ) -> None:
        self.start, self.spread, self.intercept_spread, self.bounds = start, spread, intercept_spread, bounds

    def fit(self, X: npt.NDArray[Any], y: npt.NDArray[Any], sample_weight: npt.NDArray[Any] | None = None) -> Self:
        self.classes_ = np.array([0, 1])
        features = np.column_stack([np.ones(len(X)), np.asarray(X, dtype=np.float64)])
        target, case_weight = (
            np.asarray(y, dtype=np.float64),
            np.ones(len(X)) if sample_weight is None else sample_weight,
        )
        penalty = np.full(features.shape[1], self.spread**-2.0)
        penalty[0] = self.intercept_spread**-2.0
        start = np.asarray(self.start, dtype=np.float64)
        if self.bounds is None:
            self.vector_ = _newton(features, target, case_weight, start, penalty)
        else:
            self.vector_ = _bounded(features, target, case_weight, start, penalty, self.bounds)
        return self

    def decision_function(self, X: npt.NDArray[Any]) -> Features:
        return np.asarray(self.vector_[0] + np.asarray(X, dtype=np.float64) @ self.vector_[1:])

    def predict_proba(self, X: npt.NDArray[Any]) -> Features:
        likely = 1.0 / (1.0 + np.exp(-np.clip(self.decision_function(X), -500, 500)))
        return np.column_stack([1.0 - likely, likely])

    def predict(self, X: npt.NDArray[Any]) -> npt.NDArray[np.int_]:
        return (self.decision_function(X) > 0).astype(int)


def _newton(
    X: Features, y: Features, weight: Features, start: Features, penalty: Features, steps: int = 50
) -> Features:
    """The weights with the highest penalised likelihood; each step is halved until it gains."""
    vector = start.copy()
    best = _loss(X, y, weight, vector, start, penalty)
    for _ in range(steps):
        likely = 1.0 / (1.0 + np.exp(-np.clip(X @ vector, -500, 500)))
        gradient = X.T @ (weight * (likely - y)) + penalty * (vector - start)
        curvature = (X * (weight * likely * (1.0 - likely))[:, None]).T @ X + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while size > 1e-4 and (loss := _loss(X, y, weight, vector - size * step, start, penalty)) > best:
            size /= 2
        if size <= 1e-4 or best - loss < 1e-7 * (1 + abs(best)):
            break
        vector, best = vector - size * step, loss
    return vector


def _bounded(
    X: Features, y: Features, weight: Features, start: Features, penalty: Features, bounds: Bounds
) -> Features:
    """As `_newton`, within bounds (L-BFGS-B: Byrd, Lu, Nocedal & Zhu, 1995)."""

    def loss_and_slope(vector: Features) -> tuple[float, Features]:
        likely = 1.0 / (1.0 + np.exp(-np.clip(X @ vector, -500, 500)))
        slope = X.T @ (weight * (likely - y)) + penalty * (vector - start)
        return _loss(X, y, weight, vector, start, penalty), slope

    lower, upper = (np.array([np.nan if end is None else end for end in ends]) for ends in zip(*bounds, strict=True))
    inside = np.fmin(np.fmax(start, lower), upper)
    found = minimize(loss_and_slope, inside, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2_000})
    return np.asarray(found.x)


def _loss(X: Features, y: Features, weight: Features, vector: Features, start: Features, penalty: Features) -> float:
    score = X @ vector
    likelihood = float((weight * (np.logaddexp(0.0, score) - y * score)).sum())
    return likelihood + 0.5 * float((penalty * (vector - start) ** 2).sum())
