"""Survivorship: which of several values becomes the golden one, and why.

Every choice is total: strategies rank values, ties fall to trust, then recency, then how many records say so, then the
place that the source gives it among its own values, then the fuller one, and at last to the value's own text. So the
result depends on what the records say and never on their order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
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


class Testimony(NamedTuple):
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

    @property
    def reference(self) -> dict[str, str]:
        """How lineage names this record."""
        return {
            "record": str(self.record), "source": self.source, "key": self.key, "effective_at": self.effective_at,
        }  # fmt: skip


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
    """One distinct value of an attribute.

    `said_by` are the places of the records that say it, best trusted first; `trust` is the best of theirs, `recency`
    the latest; `place` is where the best trusted of them lists it among its own values, 0 the first.
    """

    value: Value
    identity: str
    said_by: list[int]
    trust: int
    recency: str
    place: int

    @property
    def fullness(self) -> int:
        """How many parts are filled; 1 for a plain value."""
        return sum(1 for part in self.value.values() if part not in ("", None)) if isinstance(self.value, dict) else 1

    @property
    def text(self) -> str:
        """The value as text, for length and as the last tie-break."""
        return str(self.value.get("full") or self.identity) if isinstance(self.value, dict) else str(self.value)

    def rank(self, strategy: Strategy) -> tuple[Any, ...]:
        """Sorts best last: the strategy's own measure, then the ties."""
        text = self.text
        ties = (self.trust, self.recency, len(self.said_by), -self.place, self.fullness, len(text), text)
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
    """A golden record's content: `values` by attribute, and their `lineage` as `domain.lineage` keeps it."""

    party_type: str
    values: dict[str, Value]
    lineage: dict[str, Value]


def _identity(attribute: Attribute, value: Value) -> str:
    """Equal for two values that say the same, whatever their case and spacing."""
    if isinstance(value, dict):
        value = "\0".join([str(value.get(part, "")) for part in attribute.identity])
    return " ".join(str(value).casefold().split())


def _shouting(candidate_value: Value) -> bool:
    text = candidate_value.get("full", "") if isinstance(candidate_value, dict) else candidate_value
    return isinstance(text, str) and text.isupper()


def _candidates(attribute: Attribute, testimonies: Sequence[Testimony]) -> list[Candidate]:
    """The distinct values, each as its most trusted source writes it, capitals only where nobody does otherwise.

    `testimonies` go best trusted first.
    """
    found: dict[str, Candidate] = {}
    for index, testimony in enumerate(testimonies):
        if attribute.name not in testimony.attributes:
            continue
        given = testimony.attributes[attribute.name]
        for place, value in enumerate(given if attribute.many else (given,)):
            identity = _identity(attribute, value)
            candidate = found.get(identity)
            if candidate is None:
                found[identity] = Candidate(
                    value, identity, [index], testimony.trust, testimony.effective_at, place
                )  # fmt: skip
            else:
                _add(candidate, index, testimony, value)
    return list(found.values())


def _add(candidate: Candidate, index: int, testimony: Testimony, value: Value) -> None:
    """One more record, less trusted than those before it, says what the candidate says."""
    if candidate.said_by[-1] != index:
        candidate.said_by.append(index)
        candidate.recency = max(candidate.recency, testimony.effective_at)
    if value != candidate.value and _shouting(candidate.value) and not _shouting(value):
        candidate.value = value


def _reason(strategy: Strategy, ranked: Sequence[Candidate], testimonies: Sequence[Testimony]) -> str:
    best = ranked[0]
    if len(ranked) == 1:
        return "the only value" if len(best.said_by) == 1 else f"all {len(best.said_by)} records agree"
    second = ranked[1]
    source = testimonies[best.said_by[0]].source
    match strategy:
        case Strategy.SOURCE_TRUST if best.trust != second.trust:
            return f"{source} (trust {best.trust}) outranks trust {second.trust}"
        case Strategy.MOST_RECENT if best.recency != second.recency:
            return f"most recent: {best.recency[:10]}"
        case Strategy.MOST_FREQUENT if len(best.said_by) != len(second.said_by):
            return f"said by {len(best.said_by)} records, the next by {len(second.said_by)}"
        case Strategy.MOST_COMPLETE | Strategy.LONGEST if len(best.text) != len(second.text):
            return f"the {'fullest' if strategy is Strategy.MOST_COMPLETE else 'longest'} value"
    for reason, differs in (
        (f"tie, {source} is trusted most ({best.trust})", best.trust != second.trust),
        (f"tie, most recent: {best.recency[:10]}", best.recency != second.recency),
        (f"tie, said by {len(best.said_by)} records", len(best.said_by) != len(second.said_by)),
        (f"tie, {source} puts it first", best.place != second.place),
    ):
        if differs:
            return reason
    return "tie, the fuller value"


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
    pinned = {pin.attribute: pin for pin in pins}
    if len(testimonies) == 1 and not pinned:
        return _as_given(testimonies[0])
    testimonies = sorted(testimonies, key=lambda testimony: (-testimony.trust, testimony.record))
    party_type = golden_party_type(testimonies)
    values: dict[str, Value] = {}
    told: dict[str, Value] = {}
    present = set(pinned).union(*[testimony.attributes for testimony in testimonies])
    for attribute in ATTRIBUTES:
        if attribute.name in present:
            strategy = rules.strategy(attribute.name, party_type)
            ranked = _candidates(attribute, testimonies)
            if len(ranked) > 1:
                ranked.sort(key=lambda candidate: candidate.rank(strategy), reverse=True)
            if pin := pinned.get(attribute.name):
                kept, told[attribute.name] = _with_pin(attribute, ranked, pin)
            elif ranked:
                kept, told[attribute.name] = _told(attribute, ranked, strategy.value, "")
                told[attribute.name]["reason"] = _reason(strategy, ranked, testimonies)
            else:
                continue
            values[attribute.name] = kept if attribute.many else kept[0]
    references = [testimony.reference for testimony in testimonies]
    return Golden(party_type, values, {"records": references, "attributes": told})


def _as_given(testimony: Testimony) -> Golden:
    """A party of one record is what the record says, in the order in which it says it, each value once."""
    values = {}
    for attribute in ATTRIBUTES:
        if attribute.name in testimony.attributes:
            value = testimony.attributes[attribute.name]
            if attribute.many:
                if not value:
                    continue
                if len(value) > 1:
                    value = [candidate.value for candidate in _candidates(attribute, [testimony])]
            values[attribute.name] = value
    return Golden(testimony.party_type, values, {"records": [testimony.reference]})


def _told(
    attribute: Attribute, ranked: Sequence[Candidate], rule: str, reason: str
) -> tuple[list[Value], dict[str, Value]]:
    """One attribute's golden values and their lineage: all candidates win where it has many values, else the first."""
    winners = len(ranked) if attribute.many else 1
    told: dict[str, Value] = {
        "rule": rule,
        "reason": reason,
        "won": [candidate.said_by for candidate in ranked[:winners]],
    }
    if len(ranked) > winners:
        told["lost"] = [{"value": candidate.value, "by": candidate.said_by} for candidate in ranked[winners:]]
    return [candidate.value for candidate in ranked[:winners]], told


def _with_pin(
    attribute: Attribute, ranked: Sequence[Candidate], pin: PinnedValue
) -> tuple[list[Value], dict[str, Value]]:
    """As `_told`, with the pinned value first; where the attribute has one value, all others lose."""
    identity = _identity(attribute, pin.value)
    said_by = [place for candidate in ranked if candidate.identity == identity for place in candidate.said_by]
    first = Candidate(pin.value, identity, said_by, 0, "", 0)
    others = [candidate for candidate in ranked if candidate.identity != identity]
    kept, told = _told(attribute, [first, *others], "pin", f"pinned by {pin.author}: {pin.reason}")
    return kept, {**told, "pin": pin.id}
