"""The queue of review tasks: filters, order, pages by key rather than by number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core import signing
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from stewardship.models import ReviewTask, TaskState

PAGE = 50
BANDS = {"likely": (0.8, 1.01), "open": (0.4, 0.8), "unlikely": (-0.01, 0.4)}
# name → (column, descending)
SORTS = {
    "priority": ("priority", True),
    "probability": ("probability", True),
    "uncertain": ("probability", False),
    "oldest": ("created_at", False),
}


@dataclass(frozen=True)
class Page:
    """One page of tasks; `following` is the cursor of the next, "" on the last."""

    tasks: list[ReviewTask]
    following: str
    total: int
    capped: bool


def filtered(filters: Mapping[str, Any], user: User) -> QuerySet[ReviewTask]:
    """Open tasks (or those that `state` names) under the queue's filters."""
    tasks = ReviewTask.objects.filter(state=filters.get("state") or TaskState.OPEN)
    if filters.get("kind"):
        tasks = tasks.filter(kind=filters["kind"])
    if filters.get("party_type"):
        tasks = tasks.filter(party_a__party_type=filters["party_type"])
    if filters.get("source"):
        tasks = tasks.filter(Q(left__source=filters["source"]) | Q(right__source=filters["source"]))
    if filters.get("band"):
        low, high = BANDS[filters["band"]]
        tasks = tasks.filter(probability__gte=low, probability__lt=high)
    if filters.get("mine"):
        tasks = tasks.filter(
            Q(lease__holder=user, lease__expires_at__gt=timezone.now()) | Q(state=TaskState.DONE, decided_by=user)
        )
    return tasks


def _after(tasks: QuerySet[ReviewTask], column: str, descending: bool, cursor: str) -> QuerySet[ReviewTask]:
    try:
        value, pk = signing.loads(cursor, salt="queue")
    except signing.BadSignature:
        return tasks
    if column == "created_at":
        value = datetime.fromisoformat(value)
    beyond = {f"{column}__{'lt' if descending else 'gt'}": value}
    return tasks.filter(Q(**beyond) | Q(**{column: value}, pk__gt=pk))


def page_of(filters: Mapping[str, Any], user: User, *, cursor: str = "", size: int = PAGE) -> Page:
    """The tasks after `cursor` in the order that `filters["sort"]` names, with all that a row shows. Two queries."""
    column, descending = SORTS[filters.get("sort") or "priority"]
    matching = filtered(filters, user)
    total = matching[:10_001].count()
    tasks = matching.order_by(F(column).desc() if descending else F(column).asc(), "pk")
    if cursor:
        tasks = _after(tasks, column, descending, cursor)
    rows = list(
        tasks.select_related("party_a__golden", "party_b__golden", "left", "right", "lease__holder")[: size + 1]
    )
    following = ""
    if len(rows) > size:
        last = rows[size - 1]
        value = getattr(last, column)
        following = signing.dumps([value.isoformat() if isinstance(value, datetime) else value, last.pk], salt="queue")
    return Page(rows[:size], following, min(total, 10_000), total > 10_000)


def next_task(user: User, *, after: ReviewTask | None = None) -> ReviewTask | None:
    """The open task that comes first, passing over what others hold; below `after` in the queue where there is one."""
    now = timezone.now()
    free = ReviewTask.objects.filter(state=TaskState.OPEN).exclude(
        Q(lease__expires_at__gt=now) & ~Q(lease__holder=user)
    )
    if after is not None:
        later = free.filter(Q(priority__lt=after.priority) | Q(priority=after.priority, pk__gt=after.pk))
        found = later.order_by("-priority", "pk").first()
        if found is not None:
            return found
        free = free.exclude(pk=after.pk)
    return free.order_by("-priority", "pk").first()


def decided_task(number: str) -> ReviewTask | None:
    """The task with this number, where it is decided: for the banner that offers the way back."""
    return ReviewTask.objects.filter(pk=number, state=TaskState.DONE).first() if number.isdigit() else None


def previous_task(before: ReviewTask) -> ReviewTask | None:
    """The open task that comes just before `before`."""
    earlier = ReviewTask.objects.filter(state=TaskState.OPEN).filter(
        Q(priority__gt=before.priority) | Q(priority=before.priority, pk__lt=before.pk)
    )
    return earlier.order_by("priority", "-pk").first()


def open_count() -> int:
    """How many tasks are open, as the sidebar shows it."""
    return ReviewTask.objects.filter(state=TaskState.OPEN).count()


def open_by_kind() -> list[tuple[str, int, datetime]]:
    """(kind, how many, since when the oldest waits), biggest first."""
    return list(
        ReviewTask.objects.filter(state=TaskState.OPEN)
        .values_list("kind")
        .annotate(tasks=Count("pk"), oldest=Min("created_at"))
        .order_by("-tasks")
    )
