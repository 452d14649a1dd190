"""A steward's answer to a task, and the way back."""

from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from party_hub.actions.decide import decide_parties
from party_hub.actions.errors import Conflict
from party_hub.actions.undo import undo_act
from party_hub.chain import Step, hand_over
from party_hub.domain.judgement import Judgement
from stewardship.models import Lease, ReviewTask, TaskState
from stewardship.permissions import Act, can

from .lease import Held, holder_of


def actor(user: User) -> str:
    """How a person is named in decisions, audit and events."""
    return f"user:{user.get_username()}"


def _locked(task: ReviewTask) -> ReviewTask:
    return ReviewTask.objects.select_for_update().get(pk=task.pk)


@transaction.atomic
def decide_task(*, task: ReviewTask, user: User, judgement: Judgement, reason: str = "") -> ReviewTask:
    """Answer an open task.

    Raises Conflict where it is answered already or a decision stands against it, Held where somebody else works on it.
    """
    task = _locked(task)
    if task.state != TaskState.OPEN:
        raise Conflict("This task has been answered in the meantime.")
    holder = holder_of(task)
    if holder is not None and holder != user:
        raise Held(holder.get_username())
    act = decide_parties(
        a=task.party_a_id,
        b=task.party_b_id,
        judgement=judgement,
        actor=actor(user),
        reason=reason,
        evidence=(task.left_id, task.right_id),
        score=task.probability,
    )
    task.state, task.judgement, task.reason, task.act = TaskState.DONE, judgement.value, reason, act.id
    task.decided_by, task.decided_at = user, timezone.now()
    task.save()
    Lease.objects.filter(task=task).delete()
    _dismiss_with(set(act.resolution.merged))
    hand_over(Step.REFRESH_TASKS)
    return task


def _dismiss_with(retired: set[UUID]) -> None:
    """Questions about parties that have just become part of others: the refresh asks them anew of the survivors."""
    if retired:
        gone = Q(party_a__in=retired) | Q(party_b__in=retired)
        ReviewTask.objects.filter(gone, state=TaskState.OPEN).update(state=TaskState.DISMISSED)


@transaction.atomic
def undo_decision(*, task: ReviewTask, user: User) -> ReviewTask:
    """Take back the answer to a task and open it again. Raises Conflict where there is none, or it is another's."""
    task = _locked(task)
    if task.state != TaskState.DONE or task.act is None:
        raise Conflict("There is no answer to take back.")
    if task.decided_by_id != user.pk and not can(user, Act.UNDO_OTHERS):
        raise Conflict("Only a lead steward takes back what another has decided.")
    undo_act(act=task.act, actor=actor(user))
    asked_anew = ReviewTask.objects.filter(
        party_a=task.party_a_id, party_b=task.party_b_id, kind=task.kind, state=TaskState.OPEN
    )
    task.state = TaskState.DISMISSED if asked_anew.exists() else TaskState.OPEN
    task.judgement, task.reason, task.act, task.decided_by, task.decided_at = "", "", None, None, None
    task.save()
    hand_over(Step.REFRESH_TASKS)
    return task
