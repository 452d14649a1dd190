"""The queue of review tasks: filters, order, pages by key rather than by number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core import signing
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from party_hub.models import GoldenRecord
from stewardship.models import Lease, ReviewTask, TaskState

PAGE = 50
COUNTED = 1_000  # beyond that a page says "more than"
MOST_NAMED = 2_000  # parties of a name that a search looks at
BANDS = {"likely": (0.8, 1.01), "open": (0.4, 0.8), "unlikely": (-0.01, 0.4)}
DUE = {"overdue": timedelta(0), "today": timedelta(days=1), "week": timedelta(days=7)}
# name → (column, descending)
SORTS = {
    "priority": ("priority", True),
    "due": ("due_at", False),
    "probability": ("probability", True),
    "uncertain": ("probability", False),
    "oldest": ("created_at", False),
}
SHOWN = (
    "party_a__golden", "party_b__golden", "left", "right", "pin", "lease__holder", "assigned_to", "team",
    "first_reader",
)  # fmt: skip
WIDE = (
    "party_a__golden__values", "party_a__golden__lineage", "party_b__golden__values", "party_b__golden__lineage",
    "left__attributes", "right__attributes",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """One page of tasks; `following` is the cursor of the next, "" on the last."""

    tasks: list[ReviewTask]
    following: str
    total: int
    capped: bool


def waiting() -> Q:
    """Tasks that are put aside for now."""
    return Q(waiting_until__gt=timezone.now())


def _mine(user: User, state: str) -> Q:
    """Open tasks that the user holds or has been given; decided ones that the user has answered."""
    if state != TaskState.OPEN:
        return Q(decided_by=user)
    # Named one by one, so that indexes find both kinds.
    held = Lease.objects.filter(holder=user, expires_at__gt=timezone.now()).values_list("task_id", flat=True)
    return Q(assigned_to=user) | Q(pk__in=list(held))


def _whose(tasks: QuerySet[ReviewTask], whose: str, user: User, state: str) -> QuerySet[ReviewTask]:
    match whose:
        case "mine":
            return tasks.filter(_mine(user, state))
        case "team":
            return tasks.filter(team__in=user.groups.all(), assigned_to__isnull=True)
        case "unassigned":
            return tasks.filter(assigned_to__isnull=True, team__isnull=True)
        case "waiting":
            return tasks.filter(waiting())
    return tasks


def _named(tasks: QuerySet[ReviewTask], words: str) -> QuerySet[ReviewTask]:
    """Tasks by number, or about parties of this name."""
    number = words.lstrip("#")
    if number.isdigit():
        return tasks.filter(pk=int(number))
    named = GoldenRecord.objects.filter(search_names__contains=" ".join(words.casefold().split()))
    parties = list(named.values_list("party_id", flat=True)[:MOST_NAMED])
    return tasks.filter(Q(party_a__in=parties) | Q(party_b__in=parties))


def filtered(filters: Mapping[str, Any], user: User) -> QuerySet[ReviewTask]:
    """Open tasks (or those that `state` names) under the queue's filters; what waits only where it is asked for."""
    whose = filters.get("whose") or ("mine" if filters.get("mine") else "")
    state = filters.get("state") or TaskState.OPEN
    tasks = _whose(ReviewTask.objects.filter(state=state), whose, user, state)
    if whose != "waiting" and not filters.get("state"):
        tasks = tasks.exclude(waiting())
    if filters.get("q"):
        tasks = _named(tasks, str(filters["q"]))
    if filters.get("kind"):
        tasks = tasks.filter(kind=filters["kind"])
    if filters.get("party_type"):
        tasks = tasks.filter(party_a__party_type=filters["party_type"])
    if filters.get("source"):
        said_by = [Q(**{f"{end}__source": filters["source"]}) for end in ("left", "right", "pin")]
        tasks = tasks.filter(said_by[0] | said_by[1] | said_by[2])
    if filters.get("band"):
        low, high = BANDS[filters["band"]]
        tasks = tasks.filter(probability__gte=low, probability__lt=high)
    if filters.get("tenth"):
        low, high = (filters["tenth"] - 1) / 10, filters["tenth"] / 10
        tasks = tasks.filter(probability__gte=low, probability__lt=high if high < 1 else 1.01)
    if filters.get("day"):
        begin = datetime.combine(date.fromisoformat(filters["day"]), time.min, tzinfo=UTC)
        tasks = tasks.filter(decided_at__gte=begin, decided_at__lt=begin + timedelta(days=1))
    if filters.get("by"):
        tasks = tasks.filter(decided_by__username=filters["by"])
    if filters.get("due"):
        tasks = tasks.filter(due_at__lt=timezone.now() + DUE[filters["due"]])
    return tasks


def _after(tasks: QuerySet[ReviewTask], column: str, descending: bool, cursor: str) -> QuerySet[ReviewTask]:
    try:
        value, pk = signing.loads(cursor, salt="queue")
    except signing.BadSignature:
        return tasks
    if value is None:  # rows without a value come last
        return tasks.filter(**{f"{column}__isnull": True}, pk__gt=pk)
    if column in ("created_at", "due_at"):
        value = datetime.fromisoformat(value)
    side = "lt" if descending else "gt"
    beyond = Q(**{f"{column}__{side}": value}) | Q(**{column: value}, pk__gt=pk)
    if column in ("priority", "created_at"):  # never empty: the first condition lets the index begin at the value
        return tasks.filter(Q(**{f"{column}__{side}e": value}), beyond)
    return tasks.filter(beyond | Q(**{f"{column}__isnull": True}))


def page_of(filters: Mapping[str, Any], user: User, *, cursor: str = "", size: int = PAGE) -> Page:
    """The tasks after `cursor` in the order that `filters["sort"]` names, with all that a row shows. Three queries.

    Which tasks is asked first and what they show second, so that nothing wide is read for tasks that are not shown.
    """
    column, descending = SORTS[filters.get("sort") or "priority"]
    matching = filtered(filters, user)
    total = matching.order_by()[: COUNTED + 1].count()
    tasks = in_order(matching, column, descending)
    if cursor:
        tasks = _after(tasks, column, descending, cursor)
    numbers = list(tasks.values_list("pk", flat=True)[: size + 1])
    shown = ReviewTask.objects.select_related(*SHOWN).defer(*WIDE).in_bulk(numbers[:size])
    rows = [shown[number] for number in numbers[:size]]
    following = ""
    if len(numbers) > size:
        last = rows[-1]
        value = getattr(last, column)
        following = signing.dumps([value.isoformat() if isinstance(value, datetime) else value, last.pk], salt="queue")
    return Page(rows, following, min(total, COUNTED), total > COUNTED)


def in_order(tasks: QuerySet[ReviewTask], column: str, descending: bool) -> QuerySet[ReviewTask]:
    """By the column, rows without a value last; ties by number."""
    if column == "priority":  # never empty, and its index knows no nulls
        return tasks.order_by("-priority", "pk")
    return tasks.order_by(F(column).desc(nulls_last=True) if descending else F(column).asc(nulls_last=True), "pk")


def decided_task(number: str) -> ReviewTask | None:
    """The task with this number, where it is decided: for the banner that offers the way back."""
    if not number.isdigit():
        return None
    return ReviewTask.objects.filter(pk=number, state=TaskState.DONE).first()


def open_by_kind() -> list[tuple[str, int, datetime]]:
    """(kind, how many, since when the oldest waits), biggest first."""
    return list(
        ReviewTask.objects.filter(state=TaskState.OPEN)
        .values_list("kind")
        .annotate(tasks=Count("pk"), oldest=Min("created_at"))
        .order_by("-tasks")
    )
