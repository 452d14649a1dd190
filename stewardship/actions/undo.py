"""Taking back any act from the history: a merge, a split, a decision."""

from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from party_hub.actions.errors import Conflict, NotFound
from party_hub.actions.undo import undo_act
from stewardship.models import ReviewTask, TaskState
from stewardship.permissions import Act, can
from stewardship.queries.activity import author_of

from .ask_anew import ask_anew
from .decide_task import actor, undo_decision


@transaction.atomic
def undo(*, act: UUID, user: User) -> None:
    """Take an act back; a task that it answered is open again. Raises NotFound, and Conflict for another's act."""
    answered = ReviewTask.objects.filter(act=act, state=TaskState.DONE).first()
    if answered is not None:
        undo_decision(task=answered, user=user)
        return
    author = author_of(act)
    if not author:
        raise NotFound(_("There is no such act."))
    if author != actor(user) and not can(user, Act.UNDO_OTHERS):
        raise Conflict(_("Only a lead steward takes back what another has done."))
    ask_anew(undo_act(act=act, actor=actor(user)))
