"""What the profile page shows beyond `party_hub.queries`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from party_hub.domain.attributes import ATTRIBUTES, Kind, kind_of
from stewardship.models import ReviewTask, TaskState
from stewardship.presentation.values import Shown, attribute_label, shown_lineage

MOST = 20  # golden values of an attribute, and as many lost ones


@dataclass(frozen=True)
class GoldenValue:
    """One attribute of a golden record with its whole lineage."""

    name: str
    label: str
    rule: str
    reason: str
    won: list[Shown]
    lost: list[Shown]

    @property
    def said(self) -> list[Shown]:
        """Every value, winners first."""
        return [*self.won, *self.lost]

    @property
    def told(self) -> list[tuple[int, Shown]]:
        """The values that the profile tells of, winners first, with their places in the lineage, by which one is
        pinned: at most `MOST` of either.
        """
        lost = enumerate(self.lost[:MOST], start=len(self.won))
        return [*enumerate(self.won[:MOST]), *lost]

    @property
    def hidden(self) -> int:
        """How many it does not tell of."""
        return len(self.won) + len(self.lost) - len(self.told)

    @property
    def pinned(self) -> bool:
        """A steward has overridden it."""
        return self.rule == "pin"


def golden_values(lineage: Mapping[str, Any], party_type: str, *, personal: bool) -> list[GoldenValue]:
    """The golden attributes in canonical order, each with winner, rule, reason and what lost. No query."""
    personal = personal or kind_of(party_type) is Kind.ORGANISATION
    found = []
    for attribute in ATTRIBUTES:
        said = lineage.get(attribute.name)
        if not said:
            continue
        values = shown_lineage(attribute.name, said, personal=personal)
        found.append(
            GoldenValue(
                attribute.name,
                attribute_label(attribute.name),
                said.get("rule", ""),
                said.get("reason", ""),
                [value for value in values if value.won],
                [value for value in values if not value.won],
            )
        )
    return found


def open_tasks(party: UUID) -> list[ReviewTask]:
    """Open questions about a party, the most pressing first. One query."""
    about = Q(party_a=party) | Q(party_b=party)
    return list(
        ReviewTask.objects.filter(about, state=TaskState.OPEN).select_related("party_a__golden", "party_b__golden")[:20]
    )
