"""Where the bars of a histogram lie. Units are the SVG's."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, FOOT, HEAD, GAP = 640, 150, 20, 16, 6


@dataclass(frozen=True)
class Column:
    """One drawn column."""

    label: str
    number: int
    x: float
    y: float
    width: float
    height: float
    middle: float


@dataclass(frozen=True)
class Histogram:
    """All columns, and the drawing's size."""

    columns: list[Column]
    total: int
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - FOOT


def histogram(bars: Sequence[tuple[str, int]]) -> Histogram:
    """Columns for (label, number), the highest filling the height."""
    highest = max((number for _, number in bars), default=0) or 1
    step = WIDTH / (len(bars) or 1)
    columns = []
    for place, (label, number) in enumerate(bars):
        tall = round((HEIGHT - FOOT - HEAD) * number / highest, 1)
        tall = max(tall, 1.5) if number else 0
        x = round(place * step + GAP / 2, 1)
        middle = round(place * step + step / 2, 1)
        columns.append(Column(label, number, x, HEIGHT - FOOT - tall, round(step - GAP, 1), tall, middle))
    return Histogram(columns, sum(number for _, number in bars))
