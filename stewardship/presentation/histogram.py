"""Where the bars of a histogram lie. Units are the SVG's."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, FOOT, HEAD, GAP = 640, 150, 22, 20, 6


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
    link: str = ""


@dataclass(frozen=True)
class Histogram:
    """All columns, and the drawing's size."""

    columns: list[Column]
    total: int
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - FOOT


def histogram(bars: Sequence[tuple[str, int]], links: Sequence[str] = ()) -> Histogram:
    """Columns for (label, number), the highest filling the height; `links` lead to what each column counts."""
    highest = max((number for _, number in bars), default=0) or 1
    step = WIDTH / (len(bars) or 1)
    columns = []
    for place, ((label, number), link) in enumerate(zip(bars, [*links, *[""] * len(bars)], strict=False)):
        tall = round((HEIGHT - FOOT - HEAD) * number / highest, 1)
        tall = max(tall, 1.5) if number else 0
        x = round(place * step + GAP / 2, 1)
        middle = round(place * step + step / 2, 1)
        columns.append(Column(label, number, x, HEIGHT - FOOT - tall, round(step - GAP, 1), tall, middle, link))
    return Histogram(columns, sum(number for _, number in bars))
