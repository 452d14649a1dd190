"""Whether predicted probabilities keep their word: precision by score band with its interval, and the log-loss."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt
from typing import Any

_95 = 1.959964
EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 1.0)  # of the bands, in probability
_SUREST = 1e-6  # no prediction counts as surer: one wrong answer would outweigh all others


@dataclass(frozen=True)
class ScoreBand:
    """Pairs whose predicted probability lies from `start` to `end`: how many people answered, how many of those are the
    same party, the mean prediction, and the 95 % interval of the true share."""

    start: float
    end: float
    pairs: int
    same: int
    predicted: float
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """The precision: the share that is the same party."""
        return self.same / self.pairs if self.pairs else None

    def to_json(self) -> dict[str, Any]:
        return {name: round(value, 6) if isinstance(value, float) else value for name, value in self.__dict__.items()}


def wilson(successes: int, count: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson, "Probable inference, the law of succession, and statistical
    inference", 1927). All from 0 to 1 where nothing was counted."""
    if not count:
        return 0.0, 1.0
    share, square = successes / count, _95**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    reach = _95 * sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return (0.0 if successes == 0 else low), (1.0 if successes == count else high)


def band_from(start: float, end: float, answered: Iterable[tuple[float, bool]]) -> ScoreBand:
    """The band of these (predicted probability, whether it is the same party)."""
    told = list(answered)
    same = sum(one for _, one in told)
    predicted = sum(chance for chance, _ in told) / len(told) if told else 0.0
    return ScoreBand(start, end, len(told), same, predicted, *wilson(same, len(told)))


def score_bands(answered: Sequence[tuple[float, bool]], edges: Sequence[float] = EDGES) -> list[ScoreBand]:
    """All bands in their order. A prediction on an edge belongs to the band above, but for 1."""
    bands = []
    for start, end in pairwise(edges):
        last = end == edges[-1]
        bands.append(
            band_from(start, end, (one for one in answered if start <= one[0] < end or (last and one[0] == end)))
        )
    return bands


def log_loss(answered: Sequence[tuple[float, bool]]) -> float | None:
    """The mean negative log-likelihood of the answers in nats; 0.693 is what even odds throughout would give."""
    if not answered:
        return None
    sure = [(min(max(chance, _SUREST), 1 - _SUREST), same) for chance, same in answered]
    return -sum(log(chance if same else 1 - chance) for chance, same in sure) / len(sure)
