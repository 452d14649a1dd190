"""A steward's answer to a task, and the way back."""

from collections.abc import Collection
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from party_hub.actions.audit import audit
from party_hub.actions.decide import Act as DoneAct
from party_hub.actions.decide import decide_parties
from party_hub.actions.errors import Conflict
from party_hub.actions.match_partly import match_partly
from party_hub.actions.undo import undo_act
from party_hub.domain.judgement import Judgement
from party_hub.models import Decision, Pin
from stewardship.models import Lease, ReasonCode, ReviewTask, TaskKind, TaskState
from stewardship.permissions import Act, can
from stewardship.queries.risk import risks_of_match
from stewardship.queries.task import other_holder

from .ask_anew import ask_anew
from .lease import Held


class Weighty(Conflict):
    """The match reaches a level from which on somebody else has to approve it."""


def actor(user: User) -> str:
    """How a person is named in decisions, audit and events."""
    return f"user:{user.get_username()}"


def locked(task: ReviewTask) -> ReviewTask:
    """The task as it stands with its lease, for this transaction alone."""
    return ReviewTask.objects.select_related("lease").select_for_update(of=("self",)).get(pk=task.pk)


@transaction.atomic
def decide_task(
    *,
    task: ReviewTask,
    user: User,
    judgement: Judgement,
    reason: str = "",
    code: ReasonCode | None = None,
    left_out: Collection[UUID] = (),
) -> ReviewTask:
    """Answer an open task; unsure passes it on to a second reader.

    `left_out` are records that belong to neither party: the rest is merged without them. Raises Conflict where it is
    answered already, a decision stands against it or a reason code is wanted, Held where somebody else works on it.
    """
    task = locked(task)
    _check(task, user, judgement, code)
    said = ": ".join(filter(None, (code.label if code else "", reason)))
    act = _carry_out(task, user, judgement, said, left_out)
    task.state, task.judgement, task.reason, task.act = TaskState.DONE, judgement.value, said, act.id
    task.decided_by, task.decided_at, task.reason_code = user, timezone.now(), code
    task.save()
    Lease.objects.filter(task=task).delete()
    if judgement is Judgement.UNSURE and task.first_reader_id is None:
        _ask_a_second_reader(task)
    ask_anew(act, task)
    return task


def check_free(task: ReviewTask, user: User) -> None:
    """Raises Conflict where the locked task is answered, Held where somebody else works on it."""
    if task.state != TaskState.OPEN:
        raise Conflict(_("This task has been answered in the meantime."))
    holder = other_holder(task, user)
    if holder is not None:
        raise Held(holder.get_username())


def _check(task: ReviewTask, user: User, judgement: Judgement, code: ReasonCode | None) -> None:
    check_free(task, user)
    if task.pin_id is not None:
        raise Conflict(_("This task is about a pin: keep, renew or drop it."))
    if task.kind == TaskKind.LEI_STATUS:
        raise Conflict(_("This task is about an LEI: note what you found out or did."))
    if task.first_reader_id == user.pk:
        raise Conflict(_("You have read this one already and could not tell; a second reader is to decide."))
    if code is not None and code.judgement != judgement:
        raise Conflict(
            _("The reason “%(label)s” does not go with this answer. Choose another reason.") % {"label": code.label}
        )
    if code is None and settings.REASON_CODE_REQUIRED:
        raise Conflict(_("Choose a reason first: your hub asks for one with every decision."))


def _carry_out(task: ReviewTask, user: User, judgement: Judgement, reason: str, left_out: Collection[UUID]) -> DoneAct:
    (a, b), evidence = task.pair, task.evidence
    if judgement is Judgement.MATCH:
        _forbid_weighty(task)
    if left_out and judgement is Judgement.MATCH:
        return match_partly(
            a=a,
            b=b,
            left_out=left_out,
            actor=actor(user),
            reason=reason,
            evidence=evidence,
            score=task.probability,
        )
    return decide_parties(
        a=a,
        b=b,
        judgement=judgement,
        actor=actor(user),
        reason=reason,
        evidence=evidence,
        score=task.probability,
    )


def _forbid_weighty(task: ReviewTask) -> None:
    risks = risks_of_match(*task.pair)
    if risks:
        why = "; ".join(risk.sentence for risk in risks)
        raise Weighty(
            _("This match is weighty: %(why)s. Propose it as a merge, and somebody else approves it.") % {"why": why}
        )


def _ask_a_second_reader(task: ReviewTask) -> None:
    """The same question once more, for anybody but who could not tell."""
    ReviewTask.objects.create(
        kind=task.kind,
        party_a_id=task.party_a_id,
        party_b_id=task.party_b_id,
        left_id=task.left_id,
        right_id=task.right_id,
        probability=task.probability,
        priority=task.priority,
        first_reader=task.decided_by,
        team=task.team,
        due_at=task.due_at,
    )


def _second_reading(task: ReviewTask) -> Q:
    return Q(party_a=task.party_a_id, party_b=task.party_b_id, kind=task.kind, first_reader=task.decided_by_id)


@transaction.atomic
def undo_decision(*, task: ReviewTask, user: User) -> ReviewTask:
    """Take back the answer to a task and open it again. Raises Conflict where there is none, or it is another's."""
    task = locked(task)
    if task.state != TaskState.DONE or task.act is None:
        raise Conflict(_("There is no answer to take back."))
    if task.decided_by_id != user.pk and not can(user, Act.UNDO_OTHERS):
        raise Conflict(_("Only a lead steward takes back what another has decided."))
    if task.judgement == Judgement.UNSURE:
        _forget_second_reading(task)
    if task.kind == TaskKind.LEI_STATUS or _noted_before(task):
        audit(act=uuid4(), actor=actor(user), verb="undo", subject_type="act", subject_id=task.act)
    else:
        undone = undo_act(act=task.act, actor=actor(user))
        ask_anew(undone, task)
        task.pin = task.pin and Pin.objects.filter(opened_in=undone.id, act=task.pin.act).first()
    asked_anew = ReviewTask.objects.filter(
        party_a=task.party_a_id, party_b=task.party_b_id, pin=task.pin, kind=task.kind, state=TaskState.OPEN
    )
    task.state = TaskState.DISMISSED if asked_anew.exists() else TaskState.OPEN
    task.judgement, task.reason, task.reason_code, task.act = "", "", None, None
    task.decided_by, task.decided_at = None, None
    task.save()
    return task


def _noted_before(task: ReviewTask) -> bool:
    """The second reader was unsure as well: the first reader's note stands for both, so there is none to take back."""
    if task.judgement != Judgement.UNSURE or task.first_reader_id is None or task.act is None:
        return False
    return not Decision.objects.filter(act=task.act).exists()


def _forget_second_reading(task: ReviewTask) -> None:
    """Nobody else need look any more. Raises Conflict where somebody has already answered."""
    if ReviewTask.objects.filter(_second_reading(task), state=TaskState.DONE).exists():
        raise Conflict(_("A second reader has answered meanwhile. Take that answer back first."))
    ReviewTask.objects.filter(_second_reading(task), state=TaskState.OPEN).update(state=TaskState.DISMISSED)
