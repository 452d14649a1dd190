"""Four eyes: what is weighty waits for somebody else's approval; the rest is done at once."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from party_hub.actions.audit import audit
from party_hub.actions.decide import Act
from party_hub.actions.errors import Conflict
from party_hub.models import Party
from stewardship.models import Approval, ApprovalState
from stewardship.proposal import Proposal, digest, perform, preview, proposal_of
from stewardship.queries.risk import risks_of

from .ask_anew import ask_anew
from .decide_task import actor

LIFETIME = timedelta(days=7)


@dataclass(frozen=True)
class Outcome:
    """What became of an act: done, or waiting for approval. One of the two is there."""

    act: Act | None = None
    approval: Approval | None = None


@transaction.atomic
def do_or_propose(*, proposal: Proposal, user: User, versions: Mapping[UUID, int] | None = None) -> Outcome:
    """Does the act, or where it reaches a level of `ApprovalLevel`, writes it down for somebody else to approve.

    Raises NotFound, Conflict and Stale as the act itself does: what could not be done is not proposed either.
    """
    outcome = preview(proposal)
    risks = risks_of(proposal, outcome)
    if not risks:
        act = perform(proposal, actor=actor(user), versions=versions)
        ask_anew(act)
        return Outcome(act=act)
    _rehearse(proposal, user, versions)
    known = dict(Party.objects.filter(pk__in=proposal.parties).values_list("pk", "version"))
    approval = Approval(
        kind=proposal.kind,
        parties=list(proposal.parties),
        versions=[known[party] for party in proposal.parties],
        arguments=dict(proposal.arguments),
        fingerprint=proposal.fingerprint,
        foreseen=digest(outcome),
        risks=[risk.as_json() for risk in risks],
        reason=proposal.reason,
        proposed_by=user,
        proposed_at=timezone.now(),
        expires_at=timezone.now() + LIFETIME,
    )
    expire_approvals()
    try:
        with transaction.atomic():
            approval.save()
    except IntegrityError:
        raise Conflict(_("The same has been proposed already and waits for approval.")) from None
    _note(approval, user, "propose", proposal.reason)
    return Outcome(approval=approval)


def _rehearse(proposal: Proposal, user: User, versions: Mapping[UUID, int] | None) -> None:
    """Does the act and rolls it back, for nothing else knows everything that may stand against it."""
    with transaction.atomic():
        perform(proposal, actor=actor(user), versions=versions)
        transaction.set_rollback(True)


@transaction.atomic
def approve(*, approval: Approval, user: User, versions: Mapping[UUID, int] | None = None, note: str = "") -> Act:
    """Does what was proposed, in the proposer's name. `versions` are those that the approver saw.

    Raises Conflict where it no longer waits or the user proposed it; NotFound, Conflict and Stale as the act does.
    """
    approval = _waiting(approval)
    if approval.proposed_by_id == user.pk:
        raise Conflict(_("You proposed this yourself. Somebody else has to approve it."))
    proposal = proposal_of(approval)
    act = perform(proposal, actor=actor(approval.proposed_by), versions=versions)
    _decide(approval, user, ApprovalState.APPROVED, note, act.id)
    ask_anew(act)
    return act


@transaction.atomic
def reject(*, approval: Approval, user: User, note: str) -> Approval:
    """Says no, with the reason. Raises Conflict where it no longer waits, has no reason, or is the user's own."""
    approval = _waiting(approval)
    if approval.proposed_by_id == user.pk:
        raise Conflict(_("You proposed this yourself. Withdraw it instead."))
    if not note.strip():
        raise Conflict(_("Say why: whoever proposed it will ask."))
    return _decide(approval, user, ApprovalState.REJECTED, note)


@transaction.atomic
def withdraw(*, approval: Approval, user: User) -> Approval:
    """Takes one's own proposal back. Raises Conflict where it no longer waits or is somebody else's."""
    approval = _waiting(approval)
    if approval.proposed_by_id != user.pk:
        raise Conflict(_("Only who proposed it withdraws it. You may reject it."))
    return _decide(approval, user, ApprovalState.WITHDRAWN, "")


@transaction.atomic
def expire_approvals() -> int:
    """Closes the proposals that nobody decided in time; gives how many."""
    late = Approval.objects.filter(state=ApprovalState.WAITING, expires_at__lte=timezone.now())
    return late.update(state=ApprovalState.EXPIRED, decided_at=timezone.now())


def _waiting(approval: Approval) -> Approval:
    """The approval, locked. Raises Conflict where nobody can decide it any more."""
    locked = Approval.objects.select_for_update(of=("self",)).select_related("proposed_by").get(pk=approval.pk)
    if not locked.waits:
        state = "expired" if locked.state == ApprovalState.WAITING else locked.state
        raise Conflict(_("This proposal is %(state)s and can no longer be decided.") % {"state": state})
    return locked


def _decide(approval: Approval, user: User, state: ApprovalState, note: str, act: UUID | None = None) -> Approval:
    approval.state, approval.decided_by, approval.decided_at = state, user, timezone.now()
    approval.note, approval.act = note, act
    approval.save()
    _note(approval, user, {"approved": "approve", "rejected": "reject", "withdrawn": "withdraw"}[state], note, act)
    return approval


def _note(approval: Approval, user: User, verb: str, reason: str, act: UUID | None = None) -> None:
    audit(
        act=act or uuid.uuid4(), actor=actor(user), verb=f"{verb}_{approval.kind}", subject_type="approval",
        subject_id=approval.pk, reason=reason, parties=[str(party) for party in approval.parties],
    )  # fmt: skip
