"""Survivorship rules: by which strategies, from which sources and with what care a golden value is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from .attributes import ATTRIBUTES, Attribute, PartyType


class Strategy(StrEnum):
    """What makes one value better than another; `domain.measures` says how each is measured."""

    SOURCE_TRUST = "source_trust"
    MOST_RECENT = "most_recent"
    MOST_FREQUENT = "most_frequent"
    MOST_COMPLETE = "most_complete"
    LONGEST = "longest"
    OLDEST = "oldest"
    HIGHEST_QUALITY = "highest_quality"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"

    @property
    def label(self) -> str:
        """As shown to people."""
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Rule:
    """How the winner of one attribute is chosen.

    `strategies` are asked in turn, each where those before it find no difference. What `excluded` sources say is not
    heard; with `verified_only` neither is what has not passed its check. `half_life` is the number of days in which a
    statement loses half of its trust; `doubt` the percentage that a value loses which fails its check. With
    `first_only` an attribute that could have several values keeps the best. `follows` names an attribute whose winning
    records are heard first, so that values that belong together come together.
    """

    strategies: tuple[Strategy, ...] = (Strategy.SOURCE_TRUST,)
    excluded: frozenset[str] = frozenset()
    verified_only: bool = False
    first_only: bool = False
    half_life: int | None = None
    doubt: int = 0
    follows: str = ""

    @cached_property
    def name(self) -> str:
        """What lineage calls it."""
        return self.strategies[0].value

    @property
    def label(self) -> str:
        """The whole rule in words."""
        said = ", then ".join([self.strategies[0].label, *(one.label.lower() for one in self.strategies[1:])])
        more = [
            f"following {self.follows.replace('_', ' ')}" if self.follows else "",
            f"trust halved every {self.half_life} days" if self.half_life else "",
            f"{self.doubt} % less trust where a check fails" if self.doubt else "",
            "only what passed its check" if self.verified_only else "",
            f"never from {', '.join(sorted(self.excluded))}" if self.excluded else "",
            "the best alone" if self.first_only else "",
        ]
        return "; ".join([said, *filter(None, more)])

    @cached_property
    def takes_all(self) -> bool:
        """Every value of a record survives where no other record says anything."""
        return not (self.excluded or self.verified_only or self.first_only)


TRUSTED = Rule()
DEFAULT_STRATEGIES: dict[str, Strategy] = {
    "names": Strategy.SOURCE_TRUST,
    "addresses": Strategy.MOST_RECENT,
    "phones": Strategy.MOST_RECENT,
    "emails": Strategy.MOST_RECENT,
    "date_of_birth": Strategy.MOST_FREQUENT,
    "status": Strategy.MOST_RECENT,
    "employees": Strategy.MOST_RECENT,
}
DEFAULT_RULES: dict[str, Rule] = {name: Rule((strategy,)) for name, strategy in DEFAULT_STRATEGIES.items()}


@dataclass(frozen=True)
class RuleBook:
    """The rules in force, by (attribute, party type or ""), and the trust of a source in single attributes, by
    (source, attribute), where it differs from its trust as a whole.
    """

    rules: Mapping[tuple[str, str], Rule] = field(default_factory=dict)
    trust: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def rule(self, attribute: str, party_type: str) -> Rule:
        """The rule for this party type, else the rule for all, else the built-in default."""
        return (
            self.rules.get((attribute, party_type))
            or self.rules.get((attribute, ""))
            or DEFAULT_RULES.get(attribute, TRUSTED)
        )

    @cached_property
    def takes_all(self) -> bool:
        """No rule leaves anything out that the only record of a party says."""
        return all(rule.takes_all for rule in self.rules.values())

    def in_order(self, party_type: str) -> list[tuple[Attribute, Rule]]:
        """Each attribute with its rule, leaders before those that follow them."""
        return self._ordered[party_type]

    @cached_property
    def _ordered(self) -> dict[str, list[tuple[Attribute, Rule]]]:
        by_type = {}
        for party_type in PartyType:
            rules = [(attribute, self.rule(attribute.name, party_type)) for attribute in ATTRIBUTES]
            by_type[str(party_type)] = sorted(rules, key=lambda named: bool(named[1].follows))
        return by_type
