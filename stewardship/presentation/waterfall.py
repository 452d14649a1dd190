"""Where the bars of a waterfall lie: prior, one step an attribute, total. Units are those of the SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

WIDTH, NUMBERS = 360, 44
ROW = 34  # high: a row has its label on top and its bar below, so that no label is ever cut


@dataclass(frozen=True)
class Step:
    """One contribution in log-odds."""

    label: str
    value: float
    detail: str = ""


@dataclass(frozen=True)
class Bar:
    """One drawn row, from `y` on. `seen` stands beside the label; at `lead_x` a thin line leads to the next bar."""

    label: str
    value: str
    tone: str  # for, against, sum
    seen: str
    detail: str
    y: int
    x: float
    width: float
    lead_x: float


@dataclass(frozen=True)
class Waterfall:
    """A drawn waterfall with what its table says."""

    bars: list[Bar]
    height: int
    axis_x: float
    probability: float
    sentence: str
    width: int = WIDTH


def signed(value: float) -> str:
    """+2.4, −0.7: with a real minus sign, one decimal."""
    return f"{round(value, 1) + 0.0:+.1f}".replace("-", "−")


def draw(prior: float, steps: Sequence[Step], probability: float, sentence: str) -> Waterfall:
    """The waterfall of a score whose log-odds are `prior` plus the steps."""
    running, spans = 0.0, []
    for label, value, detail, is_sum in [
        (gettext("Starting point"), prior, gettext("How rare a match is among all pairs"), False),
        *((gettext(step.label), step.value, step.detail and gettext(step.detail), False) for step in steps),
    ]:
        spans.append((label, running, running + value, value, detail, is_sum))
        running += value
    spans.append((gettext("Total"), 0.0, running, running, "", True))
    low = min(0.0, *(min(span[1], span[2]) for span in spans))
    high = max(0.0, *(max(span[1], span[2]) for span in spans))
    scale = (WIDTH - NUMBERS) / max(high - low, 1.0)
    bars = []
    for index, (label, start, end, value, detail, is_sum) in enumerate(spans):
        bars.append(
            Bar(
                label=label,
                value=signed(value),
                tone="sum" if is_sum else "for" if value >= 0 else "against",
                seen=detail if index else "",
                detail=detail,
                y=index * ROW,
                x=round((min(start, end) - low) * scale, 1),
                width=max(round(abs(end - start) * scale, 1), 1.5),
                lead_x=round((end - low) * scale, 1),
            )
        )
    return Waterfall(bars, len(bars) * ROW, round(-low * scale, 1), probability, sentence)
