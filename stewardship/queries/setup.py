"""What the hub works by: survivorship rules in force, and whom they trust."""

from dataclasses import dataclass

from party_hub.domain.attributes import ATTRIBUTES, Attribute, PartyType
from party_hub.domain.survivorship import RuleBook, Strategy
from party_hub.models import SourceSystem, SurvivorshipRule


@dataclass(frozen=True)
class RuleRow:
    """How the winner of one attribute is chosen, by party type; `origin` says whether somebody set it."""

    attribute: Attribute
    strategies: list[tuple[str, Strategy, bool]]

    @property
    def uniform(self) -> bool:
        """The same for every party type."""
        return len({strategy for _, strategy, _ in self.strategies}) == 1


EXPLAINED = {
    Strategy.SOURCE_TRUST: "The source with the highest trust wins.",
    Strategy.MOST_RECENT: "What was said last wins.",
    Strategy.MOST_FREQUENT: "What most records say wins.",
    Strategy.MOST_COMPLETE: "The value with most parts filled wins.",
    Strategy.LONGEST: "The longest value wins.",
}


def rules_in_force() -> list[RuleRow]:
    """The strategy of every attribute for every party type it applies to. One query."""
    stored = {(rule.attribute, rule.party_type): Strategy(rule.strategy) for rule in SurvivorshipRule.objects.all()}
    book = RuleBook(stored)
    types = [party_type.value for party_type in PartyType]
    return [
        RuleRow(
            attribute,
            [
                (party_type, book.strategy(attribute.name, party_type), (attribute.name, party_type) in stored)
                for party_type in types
            ],
        )
        for attribute in ATTRIBUTES
    ]


def sources_by_trust() -> list[SourceSystem]:
    """The source systems, most trusted first. One query."""
    return list(SourceSystem.objects.order_by("-trust", "code"))
