"""Survivorship: which of several values becomes the golden one, and why.

Every choice is total: a former name comes after one that holds, a rule's strategies rank values, ties fall to trust,
then recency, then how many records say so, then the place that the source gives it among its own values, then the
fuller one, and at last to the value's own text. So the result depends on what the records say and never on their order,
and a value that loses never decides between others.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .attributes import BY_NAME, Attribute, PartyType
from .candidates import Candidate, Testimony, Value, candidates_of, identity_of
from .measures import MEASURES
from .pins import Forbidden, PinnedValue, Pins, Unheard, unheard
from .rules import Rule, RuleBook, Strategy

# Strategies that settle ties, in order, with how a reason names them.
_TIES = (Strategy.SOURCE_TRUST, Strategy.MOST_RECENT, Strategy.MOST_FREQUENT)


@dataclass(frozen=True, slots=True)
class Golden:
    """A golden record's content: `values` by attribute, and their `lineage` as `domain.lineage` keeps it."""

    party_type: str
    values: dict[str, Value]
    lineage: dict[str, Value]


def golden_party_type(testimonies: Iterable[Testimony]) -> str:
    """A legal entity where one record says so; else what most say, ties to the first by name."""
    types = [testimony.party_type for testimony in testimonies]
    if len(set(types)) == 1:
        return types[0]
    if PartyType.LEGAL_ENTITY in types:
        return PartyType.LEGAL_ENTITY
    return max(sorted(set(types)), key=types.count)


def build_golden(testimonies: Sequence[Testimony], rules: RuleBook, pins: Pins = ()) -> Golden:
    """The golden record of the party that these records make up. Raises ValueError where there is no record."""
    if not testimonies:
        raise ValueError("a golden record needs at least one source record")
    pinned, forbidden = _by_attribute(pins)
    if len(testimonies) == 1 and not pinned and not forbidden and rules.takes_all:
        return _as_given(testimonies[0], rules)
    testimonies = sorted(testimonies, key=lambda testimony: (-testimony.trust, testimony.record))
    party_type = golden_party_type(testimonies)
    speakers = _speakers(testimonies)
    # Who is trusted most may differ by attribute, and with that the order in which lineage names the records.
    ruled = BY_NAME.keys() if rules.trust else pinned.keys() | forbidden.keys()
    values: dict[str, Value] = {}
    told: dict[str, Value] = {}
    leaders: dict[str, Collection[int]] = {}
    for attribute, rule in rules.in_order(party_type):
        name = attribute.name
        if name not in speakers and name not in pinned:
            continue
        if name not in ruled and rule.takes_all and _undisputed(attribute, speakers[name], testimonies):
            leaders[name] = places = speakers[name]
            values[name] = testimonies[places[0]].attributes[name]
            told[name] = {"rule": rule.name, "reason": _unanimous(places), "won": [places]}
            continue
        heard, silent = unheard(attribute, testimonies, forbidden[name]) if name in forbidden else (testimonies, [])
        ranked = _ranked(attribute, heard, rule, rules, leaders.get(rule.follows, ()))
        if pin := pinned.get(name):
            kept, told[name] = _with_pin(attribute, ranked, pin)
        elif ranked:
            leaders[name] = ranked[0].said_by
            reason = _reason(rule, ranked, testimonies, leaders.get(rule.follows, ()))
            kept, told[name] = _told(attribute, ranked, rule, rule.name, reason)
        else:
            kept = []
        if silent:
            told[name] = _with_unheard(told.get(name), silent, testimonies)
        if kept:
            values[name] = kept if attribute.many else kept[0]
    references = [testimony.reference for testimony in testimonies]
    return Golden(party_type, values, {"records": references, "attributes": told})


def _by_attribute(pins: Pins) -> tuple[dict[str, PinnedValue], dict[str, list[Forbidden]]]:
    pinned: dict[str, PinnedValue] = {}
    forbidden: dict[str, list[Forbidden]] = {}
    for pin in pins:
        if isinstance(pin, PinnedValue):
            pinned[pin.attribute] = pin
        else:
            forbidden.setdefault(pin.attribute, []).append(pin)
    return pinned, forbidden


def _as_given(testimony: Testimony, rules: RuleBook) -> Golden:
    """A party of one record is what the record says, each value once."""
    values = {}
    for name, attribute in BY_NAME.items():
        if name in testimony.attributes:
            value = testimony.attributes[name]
            if attribute.many:
                if not value:
                    continue
                if len(value) > 1:
                    rule = rules.rule(name, testimony.party_type)
                    value = [candidate.value for candidate in _ranked(attribute, [testimony], rule, rules, ())]
            values[name] = value
    return Golden(testimony.party_type, values, {"records": [testimony.reference]})


def _speakers(testimonies: Sequence[Testimony]) -> dict[str, list[int]]:
    """The places of the records that say something of each attribute."""
    speakers: dict[str, list[int]] = defaultdict(list)
    for place, testimony in enumerate(testimonies):
        for name in testimony.attributes:
            speakers[name].append(place)
    return speakers


def _undisputed(attribute: Attribute, speakers: Sequence[int], testimonies: Sequence[Testimony]) -> bool:
    """Whether all who speak say one value in the same words, as of most attributes: there is nothing to choose then."""
    first = testimonies[speakers[0]].attributes[attribute.name]
    if attribute.many and len(first) != 1:
        return False
    for place in speakers[1:]:
        other = testimonies[place].attributes[attribute.name]
        if other != first or type(other) is not type(first):
            return False
    return True


def _ranked(
    attribute: Attribute, testimonies: Sequence[Testimony], rule: Rule, rules: RuleBook, leaders: Collection[int]
) -> list[Candidate]:
    """The candidates, best first."""
    found = candidates_of(attribute, testimonies, rule, rules.trust)
    if len(found) > 1:
        measures = [MEASURES[strategy].of for strategy in rule.strategies]
        found.sort(key=lambda candidate: _rank(candidate, measures, leaders), reverse=True)
    return found


def _rank(
    candidate: Candidate, measures: Iterable[Callable[[Candidate], Any]], leaders: Collection[int]
) -> tuple[Any, ...]:
    """Sorts best last: what holds now, who is followed, the rule's strategies, then the ties."""
    return (
        not _is_former(candidate),
        *([not set(leaders).isdisjoint(candidate.said_by)] if leaders else ()),
        *[measure(candidate) for measure in measures],
        candidate.weight, candidate.recency, len(candidate.said_by), -candidate.place, candidate,
    )  # fmt: skip


def _is_former(candidate: Candidate) -> bool:
    return isinstance(candidate.value, dict) and candidate.value.get("type") == "former"


def _reason(rule: Rule, ranked: Sequence[Candidate], testimonies: Sequence[Testimony], leaders: Collection[int]) -> str:
    best = ranked[0]
    if len(ranked) == 1:
        return _unanimous(best.said_by)
    second, source = ranked[1], testimonies[best.said_by[0]].source
    if _is_former(second) and not _is_former(best):
        return "the other is a former one"
    if leaders and set(leaders).isdisjoint(best.said_by) != set(leaders).isdisjoint(second.said_by):
        return f"follows {rule.follows}: the same record won there"
    for strategies, tie in ((rule.strategies, ""), (_TIES, "tie, ")):
        for place, strategy in enumerate(strategies):
            measure = MEASURES[strategy]
            if measure.of(best) != measure.of(second):
                return ("tie, " if place else tie) + measure.why(best, second, source)
    return f"tie, {source} puts it first" if best.place != second.place else "tie, the fuller value"


def _unanimous(said_by: Collection[int]) -> str:
    return "the only value" if len(said_by) == 1 else f"all {len(said_by)} records agree"


def _told(
    attribute: Attribute, ranked: Sequence[Candidate], rule: Rule | None, name: str, reason: str
) -> tuple[list[Value], dict[str, Value]]:
    """One attribute's golden values and their lineage: all candidates win where it has many values, else the first."""
    winners = len(ranked) if attribute.many and not (rule and rule.first_only) else 1
    told: dict[str, Value] = {
        "rule": name,
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
    identity = identity_of(attribute, pin.value)
    said_by = [place for candidate in ranked if candidate.identity == identity for place in candidate.said_by]
    first = Candidate(pin.value, identity, said_by)
    others = [candidate for candidate in ranked if candidate.identity != identity]
    kept, told = _told(attribute, [first, *others], None, "pin", f"pinned by {pin.author}: {pin.reason}")
    beneath = {"beneath": ranked[0].value} if ranked else {}
    return kept, {**told, "pin": pin.id, **beneath}


def _with_unheard(told: dict[str, Value] | None, silent: Unheard, testimonies: Sequence[Testimony]) -> dict[str, Value]:
    """An attribute's lineage (None: nobody else says anything) with what is not heard, and why."""
    told = told or {"rule": "forbidden", "reason": "nothing that is heard", "won": []}
    lost = [{"value": one.value, "by": one.said_by, "forbidden": pin.id} for pin, one in silent]
    told["lost"] = [*told.get("lost", ()), *lost]
    why = dict.fromkeys(
        f"; {testimonies[place].source} is not heard, forbidden by {pin.author}: {pin.reason}"
        for pin, one in silent
        for place in one.said_by
    )
    return {**told, "reason": told["reason"] + "".join(why)}
