"""Proposals: the list, and one with how far the ground has moved under it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from party_hub.actions.errors import Conflict, NotFound
from party_hub.models import GoldenRecord
from stewardship.models import ActKind, Approval, ApprovalState
from stewardship.proposal import proposal_of, rule_change

from .outcome import Foreseen, foresee
from .risk import Risk, risks_from
from .rule import RuleShown, show_rule
from .shift import Shift, shifts_since

PAGE = 50


@dataclass(frozen=True)
class Shown:
    """A proposal with its outcome as of now; `foreseen` None where it could not be done any more (`obstacle`)."""

    approval: Approval
    risks: list[Risk]
    shifts: list[Shift]
    foreseen: Foreseen | None
    obstacle: str = ""
    rule: RuleShown | None = None

    @property
    def same_outcome(self) -> bool:
        """Whether it would give exactly what the proposer saw."""
        return self.foreseen is not None and self.foreseen.digest == self.approval.foreseen


def page(*, state: str = "", mine: User | None = None, before: int | None = None, size: int = PAGE) -> list[Approval]:
    """Proposals, newest first, one more than `size` where there are more. "" is those that wait. One query."""
    found = Approval.objects.select_related("proposed_by", "decided_by").order_by("-pk")
    found = _in_state(found, state)
    if mine is not None:
        found = found.filter(proposed_by=mine)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found[: size + 1])


def _in_state(found: QuerySet[Approval], state: str) -> QuerySet[Approval]:
    late = Q(state=ApprovalState.WAITING, expires_at__lte=timezone.now())
    if state in ("", ApprovalState.WAITING):
        return found.filter(state=ApprovalState.WAITING).exclude(late)
    if state == ApprovalState.EXPIRED:
        return found.filter(late | Q(state=state))
    return found if state == "all" else found.filter(state=state)


def names_of(approvals: list[Approval]) -> Mapping[UUID, str]:
    """What the parties of these proposals are called, those that live and those that are gone. One query."""
    parties = {party for approval in approvals for party in approval.parties}
    return dict(GoldenRecord.objects.filter(party__in=parties).values_list("party_id", "name"))


def shown(approval: Approval, *, personal: bool) -> Shown:
    """The proposal, what it would do now, and what has changed since it was made."""
    risks = risks_from(approval.risks)
    if approval.kind == ActKind.RULES:
        return _shown_rule(approval, risks)
    if not approval.waits:
        return Shown(approval, risks, [], None)
    try:
        foreseen, obstacle = foresee(proposal_of(approval), personal=personal), ""
    except (Conflict, NotFound) as problem:
        foreseen, obstacle = None, str(problem)
    seen = dict(zip(approval.parties, approval.versions, strict=True))
    return Shown(approval, risks, shifts_since(seen, personal=personal), foreseen, obstacle)


def _shown_rule(approval: Approval, risks: list[Risk]) -> Shown:
    proposal = proposal_of(approval)
    rule = show_rule(rule_change(proposal), proposal.arguments["former"], impact=approval.waits)
    obstacle = _("The rule has been changed since. Propose it anew.") if approval.waits and not rule.unchanged else ""
    return Shown(approval, risks, [], None, obstacle, rule)
