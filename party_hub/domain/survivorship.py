"""Survivorship: which of several values becomes the golden one, and why.

Every choice is total: strategies rank values, ties fall to trust, then recency, then how many records say so, then the
fuller value, and at last to the value's own text. So the result depends on what the records say and never on their
order.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from .attributes import ATTRIBUTES, Attribute, PartyType

Value = Any  # what JSON can hold


class Strategy(StrEnum):
    """How a winner is chosen."""

    SOURCE_TRUST = "source_trust"
    MOST_RECENT = "most_recent"
    MOST_FREQUENT = "most_frequent"
    MOST_COMPLETE = "most_complete"
    LONGEST = "longest"

    @property
    def label(self) -> str:
        """As shown to people."""
        return self.value.replace("_", " ").capitalize()


DEFAULT_STRATEGIES: dict[str, Strategy] = {
    "names": Strategy.SOURCE_TRUST,
    "addresses": Strategy.MOST_RECENT,
    "phones": Strategy.MOST_RECENT,
    "emails": Strategy.MOST_RECENT,
    "date_of_birth": Strategy.MOST_FREQUENT,
    "status": Strategy.MOST_RECENT,
    "employees": Strategy.MOST_RECENT,
}


@dataclass(frozen=True, slots=True)
class Testimony:
    """What one source record says: the input of survivorship. `effective_at` is ISO 8601 in UTC, so that text order
    is time order.
    """

    record: UUID
    source: str
    key: str
    trust: int
    effective_at: str
    party_type: str
    attributes: Mapping[str, Value]
    reference: dict[str, str] = field(init=False, repr=False, compare=False)  # how lineage names this record

    def __post_init__(self) -> None:
        named = {"record": str(self.record), "source": self.source, "key": self.key, "effective_at": self.effective_at}
        object.__setattr__(self, "reference", named)


@dataclass(frozen=True, slots=True)
class PinnedValue:
    """A steward's override of one attribute."""

    id: int
    attribute: str
    value: Value
    author: str
    reason: str


@dataclass(slots=True)
class Candidate:
    """One distinct value of an attribute with the records that say it."""

    value: Value
    said_by: list[Testimony] = field(default_factory=list)

    @property
    def trust(self) -> int:
        """The highest trust among its sources."""
        return max([testimony.trust for testimony in self.said_by])

    @property
    def recency(self) -> str:
        """The latest time at which a source said it."""
        return max([testimony.effective_at for testimony in self.said_by])

    @property
    def fullness(self) -> int:
        """How many parts are filled; 1 for a plain value."""
        return sum(1 for part in self.value.values() if part not in ("", None)) if isinstance(self.value, dict) else 1

    @property
    def text(self) -> str:
        """The value as text, for length and as the last tie-break."""
        if isinstance(self.value, dict):
            return str(self.value.get("full") or json.dumps(self.value, sort_keys=True, ensure_ascii=False))
        return str(self.value)

    def rank(self, strategy: Strategy) -> tuple[Any, ...]:
        """Sorts best last: the strategy's own measure, then the ties."""
        text = self.text
        ties = (self.trust, self.recency, len(self.said_by), self.fullness, len(text), text)
        match strategy:
            case Strategy.SOURCE_TRUST:
                return ties
            case Strategy.MOST_RECENT:
                return (self.recency, *ties)
            case Strategy.MOST_FREQUENT:
                return (len(self.said_by), *ties)
            case Strategy.MOST_COMPLETE:
                return (self.fullness, len(text), *ties)
            case Strategy.LONGEST:
                return (len(text), *ties)


@dataclass(frozen=True, slots=True)
class Golden:
    """A golden record's content: `values` by attribute and, by the same keys, their `lineage`.

    Lineage of an attribute: `{rule, reason, values: [{value, won, records: [{record, source, key, effective_at}]}]}`,
    best first. For an attribute with several values all have won and the first is the primary one; a pinned value names
    its pin in place of records.
    """

    party_type: str
    values: dict[str, Value]
    lineage: dict[str, Value]


def _identity(attribute: Attribute, value: Value) -> str:
    """Equal for two values that say the same, whatever their case and spacing."""
    if isinstance(value, dict):
        parts = [str(value.get(part, "")) for part in attribute.identity]
        return "\x1f".join(" ".join(part.casefold().split()) for part in parts)
    return " ".join(str(value).casefold().split())


def _shouting(candidate_value: Value) -> bool:
    text = candidate_value.get("full", "") if isinstance(candidate_value, dict) else candidate_value
    return isinstance(text, str) and text.isupper()


def _candidates(attribute: Attribute, testimonies: Iterable[Testimony]) -> list[Candidate]:
    """The distinct values, each as its most trusted source writes it, capitals only where nobody does otherwise."""
    said = [
        (testimony.attributes[attribute.name], testimony)
        for testimony in testimonies
        if attribute.name in testimony.attributes
    ]
    if attribute.many:
        said = [(value, testimony) for values, testimony in said for value in values]
    if len(said) == 1:
        return [Candidate(said[0][0], [said[0][1]])]
    grouped: dict[str, list[tuple[Value, Testimony]]] = {}
    for value, testimony in said:
        grouped.setdefault(_identity(attribute, value), []).append((value, testimony))
    return [_candidate(sayings) for sayings in grouped.values()]


def _candidate(sayings: list[tuple[Value, Testimony]]) -> Candidate:
    if len(sayings) == 1:
        return Candidate(sayings[0][0], [sayings[0][1]])
    best = min(sayings, key=lambda saying: (_shouting(saying[0]), -saying[1].trust, saying[1].record))
    return Candidate(best[0], list({testimony.record: testimony for _, testimony in sayings}.values()))


def _reason(strategy: Strategy, ranked: Sequence[Candidate]) -> str:
    best = ranked[0]
    if len(ranked) == 1:
        return "the only value" if len(best.said_by) == 1 else f"all {len(best.said_by)} records agree"
    second = ranked[1]
    first_source = max(best.said_by, key=lambda testimony: (testimony.trust, testimony.source)).source
    match strategy:
        case Strategy.SOURCE_TRUST if best.trust != second.trust:
            return f"{first_source} (trust {best.trust}) outranks trust {second.trust}"
        case Strategy.MOST_RECENT if best.recency != second.recency:
            return f"most recent: {best.recency[:10]}"
        case Strategy.MOST_FREQUENT if len(best.said_by) != len(second.said_by):
            return f"said by {len(best.said_by)} records, the next by {len(second.said_by)}"
        case Strategy.MOST_COMPLETE | Strategy.LONGEST if len(best.text) != len(second.text):
            return f"the {'fullest' if strategy is Strategy.MOST_COMPLETE else 'longest'} value"
    for reason, differs in (
        (f"tie, {first_source} is trusted most ({best.trust})", best.trust != second.trust),
        (f"tie, most recent: {best.recency[:10]}", best.recency != second.recency),
        (f"tie, said by {len(best.said_by)} records", len(best.said_by) != len(second.said_by)),
    ):
        if differs:
            return reason
    return "tie, the fuller value"


def choose(candidates: Iterable[Candidate], strategy: Strategy) -> tuple[list[Candidate], str]:
    """The candidates, winner first, and the reason why it won. Raises ValueError where there is none."""
    ranked = list(candidates)
    if not ranked:
        raise ValueError("nothing to choose from")
    if len(ranked) > 1:
        ranked.sort(key=lambda candidate: candidate.rank(strategy), reverse=True)
    return ranked, _reason(strategy, ranked)


def _lineage_of(candidate: Candidate, won: bool) -> dict[str, Value]:
    said_by = candidate.said_by
    if len(said_by) > 1:
        said_by = sorted(said_by, key=lambda testimony: (-testimony.trust, testimony.record))
    return {"value": candidate.value, "won": won, "records": [testimony.reference for testimony in said_by]}


def _pinned(
    attribute: Attribute, pin: PinnedValue, values: list[Value], lineage: list[dict[str, Value]]
) -> tuple[list[Value], list[Value]]:
    """Puts the pinned value first; where an attribute has one value, all others lose."""
    pinned = _identity(attribute, pin.value)
    values = [pin.value, *(value for value in values if _identity(attribute, value) != pinned)]
    others = [
        {**entry, "won": entry["won"] and attribute.many}
        for entry in lineage
        if _identity(attribute, entry["value"]) != pinned
    ]
    same = [
        record for entry in lineage if _identity(attribute, entry["value"]) == pinned for record in entry["records"]
    ]
    return values, [{"value": pin.value, "won": True, "pin": pin.id, "records": same}, *others]


def golden_party_type(testimonies: Iterable[Testimony]) -> str:
    """A legal entity where one record says so; else what most say, ties to the first by name."""
    types = [testimony.party_type for testimony in testimonies]
    if PartyType.LEGAL_ENTITY in types:
        return PartyType.LEGAL_ENTITY
    return max(sorted(set(types)), key=types.count)


@dataclass(frozen=True)
class RuleBook:
    """The survivorship rules in force: (attribute, party type or "") → strategy."""

    rules: Mapping[tuple[str, str], Strategy]

    def strategy(self, attribute: str, party_type: str) -> Strategy:
        """The rule for this party type, else the rule for all, else the built-in default."""
        return (
            self.rules.get((attribute, party_type))
            or self.rules.get((attribute, ""))
            or DEFAULT_STRATEGIES.get(attribute, Strategy.SOURCE_TRUST)
        )


def build_golden(testimonies: Sequence[Testimony], rules: RuleBook, pins: Iterable[PinnedValue] = ()) -> Golden:
    """The golden record of the party that these records make up. Raises ValueError where there is no record."""
    if not testimonies:
        raise ValueError("a golden record needs at least one source record")
    party_type = golden_party_type(testimonies)
    pinned = {pin.attribute: pin for pin in pins}
    values: dict[str, Value] = {}
    lineage: dict[str, Value] = {}
    present = set(pinned).union(*(testimony.attributes for testimony in testimonies))
    for attribute in ATTRIBUTES:
        if attribute.name in present:
            strategy = rules.strategy(attribute.name, party_type)
            kept, told = _survive(attribute, _candidates(attribute, testimonies), strategy, pinned.get(attribute.name))
            if kept:
                values[attribute.name] = kept if attribute.many else kept[0]
                lineage[attribute.name] = told
    return Golden(party_type, values, lineage)


def _survive(
    attribute: Attribute, candidates: list[Candidate], strategy: Strategy, pin: PinnedValue | None
) -> tuple[list[Value], dict[str, Value]]:
    """One attribute's values, winner first, and their lineage."""
    ranked, reason = choose(candidates, strategy) if candidates else ([], "")
    kept = [candidate.value for candidate in (ranked if attribute.many else ranked[:1])]
    entries = [_lineage_of(candidate, attribute.many or index == 0) for index, candidate in enumerate(ranked)]
    if pin is None:
        return kept, {"rule": strategy.value, "reason": reason, "values": entries}
    kept, entries = _pinned(attribute, pin, kept, entries)
    return kept, {"rule": "pin", "reason": f"pinned by {pin.author}: {pin.reason}", "values": entries}
