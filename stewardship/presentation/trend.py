"""Where the points of a trend lie. Units are the SVG's."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, RIGHT, HEAD, FOOT = 320.0, 120.0, 40.0, 12.0, 12.0, 12.0


@dataclass(frozen=True)
class Value:
    """A number over time: when, how much, and the page behind it ("" for none)."""

    label: str
    number: float
    url: str


@dataclass(frozen=True)
class Point:
    """A value where it is drawn."""

    value: Value
    x: float
    y: float


@dataclass(frozen=True)
class Trend:
    """All points, the line through them, and the scale: its ends are `low` and `high`."""

    points: list[Point]
    low: float
    high: float
    unit: str
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    head: float = HEAD
    base: float = HEIGHT - FOOT

    @property
    def line(self) -> str:
        """The points as an SVG polyline has them."""
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.points)

    @property
    def high_label(self) -> str:
        """The scale's upper end, short enough to stand beside it."""
        return _short(self.high)

    @property
    def low_label(self) -> str:
        """The scale's lower end."""
        return _short(self.low)

    @property
    def last(self) -> float:
        """The newest number."""
        return self.points[-1].value.number if self.points else 0.0


def _short(number: float) -> str:
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if number >= size:
            return f"{number / size:.3g}{unit}"
    return f"{number:.3g}"


def trend(values: Sequence[Value], *, unit: str = "", top: float | None = None) -> Trend:
    """Points for values in their order. The scale ends at `top`, else at the highest number.

    One that ends at a `top` begins at the next ten below the lowest number, so that a small fall is seen.
    """
    numbers = [value.number for value in values] or [0.0]
    high = top if top is not None else max(numbers) or 1.0
    low = max(0.0, 10.0 * ((min(numbers) - 0.001) // 10)) if top is not None else 0.0
    span, step = high - low or 1.0, (WIDTH - LEFT - RIGHT) / max(1, len(values) - 1)
    points = [
        Point(value, LEFT + place * step, HEAD + (HEIGHT - HEAD - FOOT) * (1 - (value.number - low) / span))
        for place, value in enumerate(values)
    ]
    return Trend(points, low, high, unit)
