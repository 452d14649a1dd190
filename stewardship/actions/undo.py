"""Taking back any act from the history: a merge, a split, a decision."""

from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from party_hub.actions.errors import Conflict, NotFound
from party_hub.actions.undo import undo_act
from party_hub.models import Decision, Membership
from stewardship.models import ReviewTask, TaskKind, TaskState
from stewardship.permissions import Act, can
from stewardship.queries.activity import author_of

from .ask_anew import ask_anew
from .decide_task import actor, undo_decision
from .refresh_tasks import refresh_at_once


@transaction.atomic
def undo(*, act: UUID, user: User) -> None:
    """Take an act back; a task that it answered is open again. Raises NotFound, and Conflict for another's act."""
    records = _records_of(act)
    answered = ReviewTask.objects.filter(act=act, state=TaskState.DONE).first()
    if answered is not None:
        undo_decision(task=answered, user=user)
    else:
        _undo_other(act, user)
    _settle_conflicts(records)


def _undo_other(act: UUID, user: User) -> None:
    author = author_of(act)
    if not author:
        raise NotFound(_("There is no such act."))
    if author != actor(user) and not can(user, Act.UNDO_OTHERS):
        raise Conflict(_("Only a lead steward takes back what another has done."))
    ask_anew(undo_act(act=act, actor=actor(user)))


def _records_of(act: UUID) -> set[UUID]:
    return {record for pair in Decision.objects.filter(act=act).values_list("left_id", "right_id") for record in pair}


def _settle_conflicts(records: set[UUID]) -> None:
    """Where decisions that cannot all hold were shown, whoever took one back sees at once whether they now can."""
    near = Membership.objects.filter(record__in=records).values("party")
    asked = Q(party_a__in=near) | Q(party_b__in=near)
    if ReviewTask.objects.filter(asked, kind=TaskKind.CONFLICT, state=TaskState.OPEN).exists():
        refresh_at_once(records=records)
