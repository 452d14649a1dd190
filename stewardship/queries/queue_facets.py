"""The numbers around the queue: how many of each kind, whose, how urgent, how likely; and what else waits."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from ingestion.models import RejectedRow, RejectState
from stewardship.models import Approval, ApprovalState, SavedView, TaskKind
from stewardship.presentation.histogram import Histogram, histogram

PINS_EXPIRE = timedelta(days=14)
# One reading of the open tasks for everything.
COUNTS = """
SELECT kind, least(width_bucket(probability, 0, 1, 10), 10) AS tenth, count(*),
       count(*) FILTER (WHERE assigned_to_id = %(user)s),
       count(*) FILTER (WHERE assigned_to_id IS NULL AND team_id = ANY(%(teams)s)),
       count(*) FILTER (WHERE assigned_to_id IS NULL AND team_id IS NULL),
       count(*) FILTER (WHERE waiting_until > now()),
       count(*) FILTER (WHERE due_at < now())
FROM stewardship_reviewtask WHERE state = 'open' GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Facet:
    """One number with the filter behind it."""

    label: str
    number: int
    query: str


@dataclass(frozen=True)
class Facets:
    """All numbers, and the views that were saved. `elsewhere` are kinds of work that have pages of their own."""

    kinds: list[Facet]
    whose: list[Facet]
    scores: Histogram
    elsewhere: list[Facet]
    views: list[SavedView]


def facets(user: User) -> Facets:
    """The numbers for this user. Six queries."""
    teams = list(user.groups.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"user": user.pk, "teams": teams})
        rows = cursor.fetchall()
    totals = [sum(row[place] for row in rows) for place in range(2, 8)]
    by_kind: dict[str, int] = {}
    by_tenth: dict[int, int] = {}
    for kind, tenth, number, *_rest in rows:
        by_kind[kind] = by_kind.get(kind, 0) + number
        by_tenth[tenth] = by_tenth.get(tenth, 0) + number
    labels = (_("All"), _("Mine"), _("My team's"), _("Nobody's"), _("Put aside"), _("Overdue"))
    queries = ("", "whose=mine", "whose=team", "whose=unassigned", "whose=waiting", "due=overdue")
    return Facets(
        kinds=[
            Facet(str(kind.label), by_kind[kind], f"kind={kind.value}") for kind in TaskKind if by_kind.get(kind.value)
        ],
        whose=[Facet(*facet) for facet in zip(labels, totals, queries, strict=True)],
        scores=histogram(
            [(f"{10 * tenth - 10}–{10 * tenth} %", by_tenth.get(tenth, 0)) for tenth in range(1, 11)],
            links=[f"?tenth={tenth}" for tenth in range(1, 11)],
        ),
        elsewhere=[facet for facet in _elsewhere() if facet.number],
        views=list(SavedView.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner")),
    )


def _elsewhere() -> list[Facet]:
    waiting = Approval.objects.filter(state=ApprovalState.WAITING)
    return [
        Facet(_("Quarantined rows"), RejectedRow.objects.filter(state=RejectState.OPEN).count(), reverse("quarantine")),
        Facet(_("Approvals"), waiting.count(), reverse("approvals")),
    ]
