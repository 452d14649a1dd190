"""Is this load like those before it? How many rows it brought, and whether it came when it used to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

ENOUGH = 3  # earlier loads, fewer tell nothing
LEAST, MOST = 0.5, 2.0  # of the usual number of rows
SLACK = 2.0  # times the usual interval


@dataclass(frozen=True)
class Load:
    """An earlier load: when it was asked for, and how many rows it brought."""

    at: datetime
    rows: int


@dataclass(frozen=True)
class Drift:
    """Whether something is as usual, and a sentence that says how it compares."""

    passed: bool
    says: str


def volume(rows: int, before: Sequence[Load]) -> Drift:
    """Whether the number of rows is within half and twice the median of the loads before."""
    if len(before) < ENOUGH:
        return Drift(True, "There are too few loads yet to say how many rows are usual.")
    usual = median(load.rows for load in before)
    passed = LEAST * usual <= rows <= MOST * usual
    return Drift(passed, f"{rows:,} {'row' if rows == 1 else 'rows'}; {usual:,.0f} are usual.")


def arrival(at: datetime, before: Sequence[Load]) -> Drift:
    """Whether the file came within twice the median interval since the load before."""
    moments = sorted(load.at for load in before)
    if len(moments) < ENOUGH + 1:
        return Drift(True, "There are too few loads yet to say when one is due.")
    usual = median((later - earlier).total_seconds() for earlier, later in pairwise(moments))
    since = (at - moments[-1]).total_seconds()
    return Drift(since <= SLACK * usual, f"{_told(since)} after the load before; {_told(usual)} is usual.")


def _told(seconds: float) -> str:
    whole = timedelta(seconds=round(seconds))
    if whole.days:
        return f"{whole.days} d {whole.seconds // 3600} h"
    hours, rest = divmod(whole.seconds, 3600)
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"
