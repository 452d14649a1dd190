"""A steward has taken note of news about an LEI. `decide_task.undo_decision` is the way back."""

from uuid import uuid4

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from party_hub.actions.audit import audit
from party_hub.actions.errors import Conflict
from stewardship.models import NOTED, Lease, ReviewTask, TaskKind, TaskState

from .decide_task import actor, check_free, locked


@transaction.atomic
def note_news(*, task: ReviewTask, user: User, reason: str) -> ReviewTask:
    """Answers the task; it is not asked again before the news changes.

    Raises Conflict where the task is answered, about something else, or no reason is given; Held where somebody else
    works on it.
    """
    task = locked(task)
    check_free(task, user)
    if task.kind != TaskKind.LEI_STATUS:
        raise Conflict(_("This task is about two parties: decide whether they are one."))
    if not reason.strip():
        raise Conflict(_("Say what you found out or did: whoever comes next will ask."))
    task.state, task.judgement, task.reason, task.act = TaskState.DONE, NOTED, reason.strip(), uuid4()
    task.decided_by, task.decided_at = user, timezone.now()
    task.save()
    Lease.objects.filter(task=task).delete()
    audit(
        act=task.act, actor=actor(user), verb="note_news", subject_type="party", subject_id=task.party_a_id,
        reason=task.reason, news=task.news,
    )  # fmt: skip
    return task
