"""What the hub works by: survivorship rules in force, and the quality of what comes of them."""

from dataclasses import dataclass

from django.db.models import Avg, Count

from party_hub.domain.attributes import ATTRIBUTES, Attribute, PartyType
from party_hub.domain.survivorship import RuleBook, Strategy
from party_hub.models import GoldenRecord, SourceSystem, SurvivorshipRule


@dataclass(frozen=True)
class RuleRow:
    """How the winner of one attribute is chosen, by party type; `origin` says whether somebody set it."""

    attribute: Attribute
    strategies: list[tuple[str, Strategy, bool]]

    @property
    def uniform(self) -> bool:
        """The same for every party type."""
        return len({strategy for _, strategy, _ in self.strategies}) == 1


@dataclass(frozen=True)
class QualityBand:
    """How many golden records score from `low` up to `high`."""

    low: int
    high: int
    parties: int
    share: float


@dataclass(frozen=True)
class Quality:
    """The distribution of quality, by type and overall, and the parties worth looking at first."""

    bands: list[QualityBand]
    by_type: list[tuple[str, int, float]]
    worst: list[GoldenRecord]
    average: float | None
    total: int


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


def quality() -> Quality:
    """How good the live golden records are. Three queries."""
    live = GoldenRecord.objects.filter(party__status="active")
    by_type = [
        (row["party__party_type"], row["parties"], row["average"])
        for row in live.values("party__party_type")
        .annotate(parties=Count("pk"), average=Avg("quality"))
        .order_by("-parties")
    ]
    counts = dict(live.values_list("quality").annotate(parties=Count("pk")).order_by())
    total = sum(counts.values())
    tenths = [
        sum(n for score, n in counts.items() if low <= score < low + 10 or score == low + 10 == 100)
        for low in range(0, 100, 10)
    ]
    largest = max(tenths, default=0) or 1
    bands = [
        QualityBand(10 * place, 10 * place + 10, parties, parties / largest) for place, parties in enumerate(tenths)
    ]
    worst = list(live.select_related("party").order_by("quality", "party")[:15])
    average = sum(score * n for score, n in counts.items()) / total if total else None
    return Quality(bands, by_type, worst, average, total)
