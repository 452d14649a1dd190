"""A change of a survivorship rule as people read it: from what, to what, and what that does to golden values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from party_hub.actions.change_rule import Impact, RuleChange, impact_of, stored_rule
from party_hub.actions.errors import Conflict
from party_hub.domain.attributes import Kind, kind_of
from party_hub.domain.rules import Strategy
from party_hub.models import SurvivorshipRule
from stewardship.presentation.impact import in_sentence
from stewardship.presentation.values import attribute_label

from .shift import Change, changes_between

BUILT_IN = _("the built-in rule")
STRATEGIES: dict[Any, str] = {strategy.value: strategy.label for strategy in Strategy}


@dataclass(frozen=True)
class RuleShown:
    """A change with its impact as of now (None where it is not asked for, or impossible: `problem`)."""

    attribute: str
    label: str
    party_type: str
    former: list[tuple[str, str]]
    rule: list[tuple[str, str]]
    unchanged: bool
    impact: Impact | None
    problem: str = ""

    def sample(self, *, personal: bool) -> list[tuple[UUID, str, Change]]:
        """Parties whose golden value would change: id, name, before and after; personal values masked."""
        if self.impact is None:
            return []
        return [
            (one.party, one.name, change)
            for one in self.impact.sample
            for change in changes_between(
                {self.attribute: one.before},
                {self.attribute: one.after},
                personal=personal or kind_of(one.party_type) is not Kind.INDIVIDUAL,
            )
        ]


def show_rule(change: RuleChange, former: Mapping[str, Any] | None, *, impact: bool) -> RuleShown:
    """The change in words and, where asked for, its impact. `unchanged`: `former` is still the rule in force."""
    found, problem = None, ""
    if impact:
        try:
            found = impact_of(change)
        except Conflict as conflict:
            problem = str(conflict)
    return RuleShown(
        change.attribute,
        attribute_label(change.attribute),
        change.party_type,
        in_words(former),
        in_words(change.rule),
        stored_rule(change.attribute, change.party_type) == former,
        found,
        problem,
    )


def in_words(rule: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """What is set in a rule: label and value of each column that says something."""
    if rule is None:
        return [(gettext("Rule"), gettext(BUILT_IN))]
    said = []
    for name, value in rule.items():
        if value not in (None, "", [], False, 0):
            label = str(getattr(SurvivorshipRule._meta.get_field(name), "verbose_name", name)).capitalize()
            said.append((gettext(label), _text(value)))
    return said


def _text(value: Any) -> str:
    if value is True:
        return gettext("yes")
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    strategy = STRATEGIES.get(value)
    return in_sentence(gettext(strategy)) if strategy else gettext(str(value).replace("_", " "))


@dataclass(frozen=True)
class PastChange:
    """A version of a rule. `version` is what rolls back to it; 0 where the rule went back to the built-in one."""

    attribute: str
    label: str
    party_type: str
    at: datetime
    version: int
    said: list[tuple[str, str]]


def past_versions(limit: int = 12) -> list[PastChange]:
    """The newest changes of rules, newest first. One query."""
    rows = SurvivorshipRule.history.order_by("-history_date", "-history_id")[:limit]
    names = [field.attname for field in SurvivorshipRule._meta.concrete_fields][1:]
    return [
        PastChange(
            row.attribute,
            attribute_label(row.attribute),
            row.party_type,
            row.history_date,
            0 if row.history_type == "-" else row.history_id,
            in_words(None)
            if row.history_type == "-"
            else in_words({n: getattr(row, n) for n in names if n not in ("attribute", "party_type")}),
        )
        for row in rows
    ]
