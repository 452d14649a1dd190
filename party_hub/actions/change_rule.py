"""A survivorship rule is changed, or goes back to the built-in one; what that would do can be seen first."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from party_hub.domain.rules import RuleBook
from party_hub.models import GoldenRecord, Membership, SurvivorshipRule
from party_hub.queries.reference import as_values

from .audit import audit
from .change_reference import delete_reference, save_reference
from .decide import Act
from .errors import Conflict
from .rebuild_golden import rule_book, testimonies_of, work_out
from .resolution import Resolution

# Parties worked out for an impact; where more are concerned, the rest is estimated from these.
LOOKED_AT = 1_000
SHOWN = 12

Rule = Mapping[str, Any]  # the columns of a `SurvivorshipRule` beside its key, attribute and party type


@dataclass(frozen=True)
class RuleChange:
    """For one attribute and party type ("" for all): the rule that is to be, None for the built-in one."""

    attribute: str
    party_type: str
    rule: Rule | None


@dataclass(frozen=True)
class ChangedValue:
    """A golden value that the change would replace."""

    party: UUID
    name: str
    party_type: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Impact:
    """What a change would do: of `concerned` parties, `looked_at` were worked out and `changed` among them differ."""

    concerned: int
    looked_at: int
    changed: int
    sample: list[ChangedValue] = field(default_factory=list)

    @property
    def estimate(self) -> int:
        """How many parties would change in all; exact where all were looked at."""
        return round(self.concerned * self.changed / self.looked_at) if self.looked_at else 0

    @property
    def exact(self) -> bool:
        """Whether every party concerned was worked out."""
        return self.looked_at == self.concerned


def stored_rule(attribute: str, party_type: str) -> dict[str, Any] | None:
    """The rule that somebody set, None where the built-in one holds. One query."""
    row = SurvivorshipRule.objects.filter(attribute=attribute, party_type=party_type).first()
    return _columns(row) if row else None


@transaction.atomic
def change_rule(*, change: RuleChange, former: Rule | None, actor: str, reason: str) -> Act:
    """Puts the change into force; every party is worked out anew in the background.

    `former` is the rule that the caller saw. Raises Conflict where it is another one by now, or the rule cannot be.
    """
    if stored_rule(change.attribute, change.party_type) != former:
        raise Conflict(gettext("This rule has been changed since. Look at it and propose it anew."))
    act = uuid.uuid4()
    row = _row(change)
    if change.rule is None:
        if row.pk:
            delete_reference(row=row, actor=actor)
    else:
        _check(row)
        save_reference(row=row, actor=actor)
    audit(
        act=act, actor=actor, verb="change_rule", subject_type="rule", reason=reason,
        subject_id=f"{change.attribute}/{change.party_type or 'all'}", rule=change.rule, former=former,
    )  # fmt: skip
    return Act(act, Resolution())


def impact_of(change: RuleChange) -> Impact:
    """What the change would do to golden values now. Reads only. Raises Conflict for a rule that cannot be."""
    concerned = GoldenRecord.objects.filter(
        party__status="active", record_count__gt=1, values__has_key=change.attribute
    ).annotate(kind=F("party__party_type"))
    if change.party_type:
        concerned = concerned.filter(party__party_type=change.party_type)
    parties = {row[0]: row for row in concerned.order_by("pk").values_list("pk", "name", "kind")[:LOOKED_AT]}
    members: dict[UUID, list[UUID]] = {}
    held = Membership.objects.filter(party__in=parties, span__upper_inf=True)
    for party, record in held.values_list("party_id", "record_id"):
        members.setdefault(party, []).append(record)
    testimonies = testimonies_of(record for records in members.values() for record in records)
    now, then = rule_book(), _book_with(change)
    found = []
    for party, records in sorted(members.items()):
        said = [testimonies[record] for record in sorted(records)]
        before, after = (work_out(said, book).values.get(change.attribute) for book in (now, then))
        if before != after:
            _, name, kind = parties[party]
            found.append(ChangedValue(party, name, kind, before, after))
    total = len(parties) if len(parties) < LOOKED_AT else concerned.count()
    return Impact(total, len(parties), len(found), found[:SHOWN])


def _book_with(change: RuleChange) -> RuleBook:
    """The rules in force with the change among them: made for a moment, read, and taken back."""
    with transaction.atomic():
        row = _row(change)
        if change.rule is not None:
            _check(row)
            row.save_base(raw=True)  # no history, no event: nobody but us sees it
        elif row.pk:
            SurvivorshipRule.objects.filter(pk=row.pk).delete()
        book = rule_book()
        transaction.set_rollback(True)
    return book


def _row(change: RuleChange) -> SurvivorshipRule:
    where = {"attribute": change.attribute, "party_type": change.party_type}
    row = SurvivorshipRule.objects.filter(**where).first() or SurvivorshipRule(**where)
    for name, value in (change.rule or {}).items():
        setattr(row, name, value)
    return row


def _check(row: SurvivorshipRule) -> None:
    try:
        row.full_clean()
    except ValidationError as problem:
        raise Conflict("; ".join(problem.messages)) from None


def _columns(row: SurvivorshipRule) -> dict[str, Any]:
    return {name: value for name, value in as_values(row).items() if name not in ("id", "attribute", "party_type")}
