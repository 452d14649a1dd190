"""What the sidebar of every page counts."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.db import connection

from stewardship.permissions import Act, can

MOST = 999  # counted no further, for every page asks
WAITING = """
SELECT (SELECT count(*) FROM (SELECT FROM stewardship_reviewtask WHERE state = 'open' LIMIT %(most)s) AS open),
       CASE WHEN %(approves)s THEN (
           SELECT count(*) FROM stewardship_approval
           WHERE state = 'waiting' AND expires_at > now() AND proposed_by_id <> %(user)s
       ) ELSE 0 END
"""


@dataclass(frozen=True)
class Waiting:
    """Open tasks (more than `MOST` are `MOST` + 1), and approvals that the user may give."""

    tasks: int
    approvals: int


def waiting_for(user: User | AnonymousUser) -> Waiting:
    """What waits, as this user sees it. One query."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, {"most": MOST + 1, "approves": can(user, Act.APPROVE), "user": user.pk})
        return Waiting(*cursor.fetchone())
