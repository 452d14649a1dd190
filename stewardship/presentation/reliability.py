"""Where the points of a reliability plot lie: predicted probability to the right, observed share upwards."""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.engine.calibration import ScoreBand

SIDE, LEFT, FOOT, HEAD, RIGHT = 280.0, 44.0, 34.0, 10.0, 14.0


@dataclass(frozen=True)
class Dot:
    """One band: its point, and its interval as an upright line."""

    band: ScoreBand
    x: float
    y: float
    top: float
    foot: float


@dataclass(frozen=True)
class Plot:
    """The points, and the frame that they stand in."""

    dots: list[Dot]
    ticks: list[tuple[str, float, float]]
    width: float = LEFT + SIDE + RIGHT
    height: float = HEAD + SIDE + FOOT
    left: float = LEFT
    right: float = LEFT + SIDE
    top: float = HEAD
    base: float = HEAD + SIDE
    middle: float = LEFT + SIDE / 2


def plot(bands: Sequence[ScoreBand]) -> Plot:
    """The bands that have answers, and ticks at each quarter as (label, x, y)."""
    dots = [
        Dot(band, _across(band.predicted), _up(band.share or 0.0), _up(band.high), _up(band.low))
        for band in bands
        if band.pairs
    ]
    return Plot(dots, [(f"{25 * n} %", _across(n / 4), _up(n / 4)) for n in range(5)])


def _across(share: float) -> float:
    return round(LEFT + SIDE * share, 1)


def _up(share: float) -> float:
    return round(HEAD + SIDE * (1 - share), 1)
