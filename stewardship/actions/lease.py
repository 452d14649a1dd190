"""Claims on tasks, so that two stewards do not work on the same one. A claim runs out by itself."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stewardship.models import Lease, ReviewTask, TaskState

# Asked for: long enough for a telephone call. Taken by opening the page: renewed every minute while it is looked at.
CLAIMED, LOOKING = timedelta(minutes=15), timedelta(minutes=3)

# One statement: of two who claim at the same moment, one gets the row and the other none. Who looks at a task gives
# back what was looked at before.
CLAIM = """
WITH looked_at AS (
    DELETE FROM stewardship_lease
    WHERE holder_id = %(holder)s AND NOT claimed AND task_id <> %(task)s AND NOT %(claimed)s
)
INSERT INTO stewardship_lease (task_id, holder_id, expires_at, claimed)
VALUES (%(task)s, %(holder)s, now() + make_interval(secs => %(seconds)s), %(claimed)s)
ON CONFLICT (task_id) DO UPDATE
SET holder_id = excluded.holder_id,
    claimed = excluded.claimed OR (stewardship_lease.claimed AND stewardship_lease.holder_id = excluded.holder_id),
    expires_at = CASE WHEN stewardship_lease.holder_id = excluded.holder_id
                      THEN greatest(stewardship_lease.expires_at, excluded.expires_at) ELSE excluded.expires_at END
WHERE stewardship_lease.expires_at <= now() OR stewardship_lease.holder_id = excluded.holder_id
RETURNING task_id
"""


class Held(Exception):
    """Somebody else works on the task."""

    def __init__(self, holder: str) -> None:
        super().__init__(
            _("%(holder)s is working on this task. Take another one, or wait until the claim runs out.")
            % {"holder": holder}
        )


def holder_of(task: ReviewTask) -> User | None:
    """Who holds a claim that has not run out."""
    lease = Lease.objects.select_related("holder").filter(task=task, expires_at__gt=timezone.now()).first()
    return lease.holder if lease else None


def _take(task: ReviewTask, user: User, duration: timedelta, claimed: bool) -> bool:
    with connection.cursor() as cursor:
        seconds = duration.total_seconds()
        cursor.execute(CLAIM, {"task": task.pk, "holder": user.pk, "seconds": seconds, "claimed": claimed})
        return cursor.fetchone() is not None


@transaction.atomic
def claim_task(*, task: ReviewTask, user: User) -> None:
    """Take the task for a quarter of an hour, or renew the claim. Raises Held where somebody else has it."""
    if not _take(task, user, CLAIMED, claimed=True):
        holder = holder_of(task)
        raise Held(holder.username if holder else _("Somebody"))


@transaction.atomic
def look_at_task(*, task: ReviewTask, user: User) -> bool:
    """Hold the task while its page is looked at; whether the user has it. Gives back what was looked at before."""
    if task.state != TaskState.OPEN or task.first_reader_id == user.pk:
        return False
    return _take(task, user, LOOKING, claimed=False)


@transaction.atomic
def release_task(*, task: ReviewTask, user: User) -> None:
    """Give one's claim back; nothing happens where one has none."""
    Lease.objects.filter(task=task, holder=user).delete()
