"""Which survivorship rule, in which of its versions, stands behind each attribute."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from party_hub.domain.attributes import ATTRIBUTES
from party_hub.domain.rules import DEFAULT_RULES, TRUSTED
from party_hub.models import SurvivorshipRule


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """An attribute's rule. `version` counts its versions from 1 and is 0 for the built-in one, which has no date and
    nobody who set it; `party_type` is "" for a rule that holds for all.
    """

    attribute: str
    party_type: str
    strategies: tuple[str, ...]
    version: int = 0
    since: datetime | None = None
    by: str = ""


def rules_in_force(party_type: str, *, known_at: datetime | None = None) -> dict[str, RuleInForce]:
    """The rule of each attribute for parties of this type, now or as it stood then. One query."""
    moment = known_at or timezone.now()
    history = SurvivorshipRule.history.filter(party_type__in=["", party_type], history_date__lte=moment)
    versions: dict[tuple[str, str], list[Any]] = {}
    for row in history.select_related("history_user").order_by("history_date", "history_id"):
        versions.setdefault((row.attribute, row.party_type), []).append(row)
    return {
        attribute.name: _set(versions, attribute.name, party_type) or _built_in(attribute.name)
        for attribute in ATTRIBUTES
    }


def _set(versions: dict[tuple[str, str], list[Any]], attribute: str, party_type: str) -> RuleInForce | None:
    """The rule for the type, else the one for all; None where neither is set."""
    for kind in (party_type, ""):
        known = versions.get((attribute, kind))
        if known and known[-1].history_type != "-":
            row = known[-1]
            by = row.history_user.get_username() if row.history_user else ""
            return RuleInForce(attribute, kind, (row.strategy, *row.then), len(known), row.history_date, by)
    return None


def _built_in(attribute: str) -> RuleInForce:
    return RuleInForce(attribute, "", tuple(map(str, DEFAULT_RULES.get(attribute, TRUSTED).strategies)))
