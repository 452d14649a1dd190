"""A steward's answer to a pin that is to be looked at again. `decide_task.undo_decision` is the way back."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from party_hub.actions.errors import Conflict
from party_hub.actions.pins import end_pin
from party_hub.actions.renew_pin import renew_pin
from stewardship.models import Lease, PinAnswer, ReviewTask, TaskState

from .ask_anew import ask_anew
from .decide_task import actor, check_free, locked


@transaction.atomic
def review_pin(
    *, task: ReviewTask, user: User, answer: PinAnswer, reason: str = "", expires_at: datetime | None = None
) -> ReviewTask:
    """Keep the pin until its day, renew it until `expires_at` (None: until further notice), or drop it.

    Raises Conflict where the task is answered or no pin's, NotFound where the pin has ended, Held where somebody else
    works on it.
    """
    task = locked(task)
    check_free(task, user)
    pin = task.pin
    if pin is None:
        raise Conflict(_("This task is about two parties: decide whether they are one."))
    who = actor(user)
    if answer is PinAnswer.DROP:
        act = end_pin(party=task.party_a_id, pin=pin.pk, actor=who, reason=reason)
    else:
        until = expires_at if answer is PinAnswer.RENEW else pin.expires_at
        act = renew_pin(party=task.party_a_id, pin=pin, actor=who, reason=reason, expires_at=until)
    task.state, task.judgement, task.reason, task.act = TaskState.DONE, answer.value, reason, act.id
    task.decided_by, task.decided_at = user, timezone.now()
    task.save()
    Lease.objects.filter(task=task).delete()
    ask_anew(act, task)
    return task
