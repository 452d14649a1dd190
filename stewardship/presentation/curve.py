"""Where the points of a learning curve lie: answers to the right, F1 upwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, sqrt

WIDTH, HEIGHT, LEFT, FOOT, HEAD, RIGHT = 440.0, 200.0, 46.0, 36.0, 12.0, 18.0
_STEP = 0.05  # the scale begins at a multiple of this below the lowest point


@dataclass(frozen=True)
class Point:
    """One step of the curve."""

    answers: int
    f1: float
    x: float
    y: float


@dataclass(frozen=True)
class Curve:
    """The points, the line through them, and ticks as (label, x or y)."""

    points: list[Point]
    up: list[tuple[str, float]]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = HEAD
    base: float = HEIGHT - FOOT
    middle: float = (LEFT + WIDTH - RIGHT) / 2

    @property
    def line(self) -> str:
        """The points as an SVG polyline has them."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


def curve(steps: Sequence[tuple[int, float | None]]) -> Curve:
    """A curve for (number of answers, F1); steps without F1 are left out. The way to the right grows with the square
    root of the answers, for the first ones teach most."""
    known = [(answers, f1) for answers, f1 in steps if f1 is not None]
    lowest = min((f1 for _, f1 in known), default=0.0)
    low = max(0.0, _STEP * floor(min(lowest, 1.0 - _STEP) / _STEP))
    most = max((answers for answers, _ in known), default=0) or 1
    points = [Point(answers, f1, _across(answers / most), _up((f1 - low) / (1 - low))) for answers, f1 in known]
    return Curve(points, [(f"{low + part * (1 - low):.3g}", _up(part)) for part in (0.0, 0.5, 1.0)])


def _across(share: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * sqrt(share), 1)


def _up(share: float) -> float:
    return round(HEAD + (HEIGHT - HEAD - FOOT) * (1 - share), 1)
