"""What the hub works by: survivorship rules in force, and whom they trust."""

from dataclasses import dataclass

from party_hub.actions.rebuild_golden import rule_of
from party_hub.domain.attributes import ATTRIBUTES, Attribute, PartyType
from party_hub.domain.measures import MEASURES
from party_hub.domain.rules import Rule, RuleBook
from party_hub.models import SourceSystem, SurvivorshipRule


@dataclass(frozen=True)
class RuleRow:
    """How the winner of one attribute is chosen, by party type; `origin` says whether somebody set it."""

    attribute: Attribute
    rules: list[tuple[str, Rule, bool]]

    @property
    def uniform(self) -> bool:
        """The same for every party type."""
        return len({rule for _, rule, _ in self.rules}) == 1


EXPLAINED = {strategy: measure.explained for strategy, measure in MEASURES.items()}


def rules_in_force() -> list[RuleRow]:
    """The strategy of every attribute for every party type it applies to. One query."""
    stored = {(rule.attribute, rule.party_type): rule_of(rule) for rule in SurvivorshipRule.objects.all()}
    book = RuleBook(stored)
    types = [party_type.value for party_type in PartyType]
    return [
        RuleRow(
            attribute,
            [
                (party_type, book.rule(attribute.name, party_type), (attribute.name, party_type) in stored)
                for party_type in types
            ],
        )
        for attribute in ATTRIBUTES
    ]


def sources_by_trust() -> list[SourceSystem]:
    """The source systems, most trusted first. One query."""
    return list(SourceSystem.objects.order_by("-trust", "code"))
