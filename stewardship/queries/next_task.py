"""Which task comes after another, and which before."""

from django.contrib.auth.models import User
from django.db import connection

from stewardship.models import ReviewTask

# Passed over: what others hold or have been given, what waits, what the user has read without an answer. Tasks of one
# priority may be thousands, so they are asked for by themselves: the index then begins at the task that was left.
NEXT = """
WITH free AS NOT MATERIALIZED (
    SELECT id, priority FROM stewardship_reviewtask
    WHERE state = 'open'
      AND (assigned_to_id IS NULL OR assigned_to_id = %(user)s)
      AND first_reader_id IS DISTINCT FROM %(user)s
      AND (waiting_until IS NULL OR waiting_until <= now())
      AND id <> ALL (ARRAY(SELECT task_id FROM stewardship_lease WHERE expires_at > now() AND holder_id <> %(user)s))
)
SELECT coalesce(
    (SELECT id FROM free WHERE priority = %(priority)s AND id > %(task)s ORDER BY id LIMIT 1),
    (SELECT id FROM free WHERE priority < %(priority)s ORDER BY priority DESC, id LIMIT 1),
    (SELECT id FROM free WHERE id IS DISTINCT FROM %(task)s ORDER BY priority DESC, id LIMIT 1)
)
"""
PREVIOUS = """coalesce(
    (SELECT id FROM stewardship_reviewtask
     WHERE state = 'open' AND priority = %(priority)s AND id < %(task)s ORDER BY id DESC LIMIT 1),
    (SELECT id FROM stewardship_reviewtask
     WHERE state = 'open' AND priority > %(priority)s ORDER BY priority, id DESC LIMIT 1)
)
"""


def next_task(user: User, *, after: ReviewTask | None = None) -> int | None:
    """The number of the open task that comes first for this user; below `after` in the queue where there is one."""
    place = {"task": after.pk, "priority": after.priority} if after else {"task": None, "priority": None}
    with connection.cursor() as cursor:
        cursor.execute(NEXT, {"user": user.pk, **place})
        found: tuple[int | None] = cursor.fetchone()
        return found[0]


def tasks_around(user: User, task: ReviewTask) -> tuple[int | None, int | None]:
    """The numbers of the open task just before this one in the queue, and of the next for this user. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"{NEXT}, {PREVIOUS}", {"user": user.pk, "task": task.pk, "priority": task.priority})
        following, previous = cursor.fetchone()
        return previous, following
