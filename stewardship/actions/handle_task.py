"""Who is to do a task, and when: given to somebody, put aside, taken up again; one task or many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from party_hub.actions.audit import audit
from party_hub.actions.errors import Conflict, NotFound
from party_hub.domain.judgement import Judgement
from stewardship.models import Lease, ReviewTask, TaskState

from .decide_task import actor, decide_task
from .lease import Held

AT_ONCE = 100


@dataclass(frozen=True)
class Handled:
    """How many were done, and why others were not."""

    done: int
    refused: list[str]


@transaction.atomic
def assign_tasks(*, tasks: Sequence[ReviewTask], user: User, to: User | None) -> int:
    """Give the open ones among these tasks to `to`, or to nobody. Claims of others on them end. Gives how many."""
    found = ReviewTask.objects.filter(pk__in=[task.pk for task in tasks], state=TaskState.OPEN)
    if to is not None:
        found = found.exclude(first_reader=to)
        Lease.objects.filter(task__in=found).exclude(holder=to).delete()
    number = found.update(assigned_to=to)
    _tell(user, "assign_tasks", tasks, to=to.get_username() if to else "")
    return number


@transaction.atomic
def put_aside(*, tasks: Sequence[ReviewTask], user: User, until: datetime | None) -> int:
    """Let the open ones among these tasks wait until then; None takes them up again. Gives how many."""
    found = ReviewTask.objects.filter(pk__in=[task.pk for task in tasks], state=TaskState.OPEN)
    Lease.objects.filter(task__in=found, holder=user).delete()
    number = found.update(waiting_until=until)
    _tell(user, "put_aside", tasks, until=until.isoformat() if until else "")
    return number


def decide_tasks(*, tasks: Sequence[ReviewTask], user: User, judgement: Judgement, reason: str) -> Handled:
    """The same answer to each, one transaction a task: what cannot be answered is left and told."""
    done, refused = 0, []
    for task in tasks:
        try:
            decide_task(task=task, user=user, judgement=judgement, reason=reason)
        except (Conflict, NotFound, Held) as problem:
            refused.append(_("Task %(pk)s: %(problem)s") % {"pk": task.pk, "problem": problem})
        else:
            done += 1
    return Handled(done, refused)


def _tell(user: User, verb: str, tasks: Sequence[ReviewTask], **details: str) -> None:
    subject = tasks[0].pk if len(tasks) == 1 else "many"
    audit(
        act=uuid4(),
        actor=actor(user),
        verb=verb,
        subject_type="task",
        subject_id=subject,
        tasks=[task.pk for task in tasks],
        **details,
    )
