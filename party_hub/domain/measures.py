"""How each survivorship strategy measures a value. A new strategy is a member of `Strategy` and an entry here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .candidates import Candidate
from .rules import Strategy


@dataclass(frozen=True)
class Measure:
    """`of` gives what is compared, the greater the better. `why` says in words why `best` beats `second`, of which
    `source` is the best trusted that says it. `explained` is the sentence shown beside the strategy.

    `by_value` tells values of one record apart; what is said about the record cannot.
    """

    explained: str
    of: Callable[[Candidate], Any]
    why: Callable[[Candidate, Candidate, str], str]
    by_value: bool = False


def _trusted(best: Candidate, second: Candidate, source: str) -> str:
    if best.trust > second.trust:
        return f"{source} (trust {best.trust}) outranks trust {second.trust}"
    return f"{source} (trust {best.trust}) outranks trust {second.trust} after age and checks"


def _amount(value: Any) -> Any:
    """Numbers by size, dates and texts by their own order; numbers before texts, so that any two compare."""
    if isinstance(value, dict):
        value = value.get("value") or value.get("full") or ""
    return (0, value, "") if isinstance(value, int | float) else (1, 0, str(value))


class _Reversed:
    """Turns an order round: what was less is greater."""

    __slots__ = ("key",)

    def __init__(self, key: Any) -> None:
        self.key = key

    def __lt__(self, other: "_Reversed") -> bool:
        return bool(other.key < self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reversed) and bool(other.key == self.key)

    def __hash__(self) -> int:
        return hash(self.key)


MEASURES: dict[Strategy, Measure] = {
    Strategy.SOURCE_TRUST: Measure(
        "The source with the highest trust wins.", lambda candidate: candidate.weight, _trusted
    ),
    Strategy.MOST_RECENT: Measure(
        "What was said last wins.",
        lambda candidate: candidate.recency,
        lambda best, second, source: f"most recent: {best.recency[:10]}",
    ),
    Strategy.MOST_FREQUENT: Measure(
        "What most records say wins.",
        lambda candidate: len(candidate.said_by),
        lambda best, second, source: f"said by {len(best.said_by)} records, the next by {len(second.said_by)}",
    ),
    Strategy.MOST_COMPLETE: Measure(
        "The value with most parts filled wins.",
        lambda candidate: (candidate.fullness, len(candidate.text)),
        lambda best, second, source: "the fullest value",
        by_value=True,
    ),
    Strategy.LONGEST: Measure(
        "The longest value wins.",
        lambda candidate: len(candidate.text),
        lambda best, second, source: "the longest value",
        by_value=True,
    ),
    Strategy.OLDEST: Measure(
        "What was said first wins.",
        lambda candidate: _Reversed(candidate.earliest),
        lambda best, second, source: f"said first: {best.earliest[:10]}",
    ),
    Strategy.HIGHEST_QUALITY: Measure(
        "A value that passed its check wins over one that has none, and that over one that failed.",
        lambda candidate: candidate.quality,
        lambda best, second, source: "passed its check" if best.quality == 2 else "the other failed its check",
        by_value=True,
    ),
    Strategy.MINIMUM: Measure(
        "The smallest number or the earliest date wins.",
        lambda candidate: _Reversed(_amount(candidate.value)),
        lambda best, second, source: "the smallest value",
        by_value=True,
    ),
    Strategy.MAXIMUM: Measure(
        "The greatest number or the latest date wins.",
        lambda candidate: _amount(candidate.value),
        lambda best, second, source: "the greatest value",
        by_value=True,
    ),
}
