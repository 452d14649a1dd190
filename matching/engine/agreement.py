"""How far two people agree beyond chance: Cohen's kappa.

kappa = (p_o - p_e) / (1 - p_e), where p_o is the share of pairs on which both say the same and p_e the share on which
they would by chance, each keeping to their own habits: the sum over answers of the product of both people's shares
(Cohen, "A coefficient of agreement for nominal scales", 1960). Its standard error there is sqrt(p_o (1 - p_o) / n) /
(1 - p_e).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

_95 = 1.959964
# Landis and Koch, "The measurement of observer agreement for categorical data", 1977: names up to each kappa.
_NAMES = (
    (0.0, "poor"),
    (0.2, "slight"),
    (0.4, "fair"),
    (0.6, "moderate"),
    (0.8, "substantial"),
    (1.0, "almost perfect"),
)


@dataclass(frozen=True)
class Agreement:
    """How often two people said the same of `pairs` pairs, and kappa with its 95 % interval.

    Kappa is None where it has no meaning: nothing was read twice, or both gave one and the same answer throughout, so
    that chance alone explains all agreement.
    """

    pairs: int
    agreed: int
    kappa: float | None
    low: float | None = None
    high: float | None = None

    @property
    def share(self) -> float | None:
        """The share on which both said the same."""
        return self.agreed / self.pairs if self.pairs else None

    @property
    def name(self) -> str:
        """What kappa is called."""
        if self.kappa is None:
            return ""
        return next(name for highest, name in _NAMES if self.kappa <= highest + 1e-12)


def cohens_kappa(answers: Sequence[tuple[str, str]]) -> Agreement:
    """The agreement of two people from what each said of the same pairs, in the same order of people."""
    count = len(answers)
    agreed = sum(one == other for one, other in answers)
    if not count:
        return Agreement(0, 0, None)
    first, second = (Counter(side) for side in zip(*answers, strict=True))
    # In whole numbers: that chance explains everything must not hang on a rounding.
    by_chance = sum(first[answer] * second[answer] for answer in first)
    if by_chance == count * count:
        return Agreement(count, agreed, None)
    observed, expected = agreed / count, by_chance / count**2
    kappa = (observed - expected) / (1 - expected)
    reach = _95 * sqrt(observed * (1 - observed) / count) / (1 - expected)
    return Agreement(count, agreed, kappa, max(-1.0, kappa - reach), min(1.0, kappa + reach))
