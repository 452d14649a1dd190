"""The queue as rows of a table for other programs."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.models import User

from stewardship.models import ReviewTask

from .queue import SORTS, filtered, in_order

HEADER = (
    "task", "kind", "state", "party_a", "name_a", "party_b", "name_b", "probability", "priority", "team", "assigned_to",
    "due_at", "created_at", "judgement", "reason", "decided_by", "decided_at",
)  # fmt: skip
# What a spreadsheet would take for a formula is written as text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_rows(filters: Mapping[str, Any], user: User) -> Iterator[tuple[Any, ...]]:
    """One row a task under the filters, in their order, as many as there are. One query."""
    column, descending = SORTS[filters.get("sort") or "priority"]
    tasks = in_order(filtered(filters, user), column, descending).select_related(
        "party_a__golden", "party_b__golden", "team", "assigned_to", "decided_by"
    )
    for task in tasks.iterator(chunk_size=2_000):
        yield tuple(map(safe, _row(task)))


def _row(task: ReviewTask) -> tuple[Any, ...]:
    return (
        task.pk, task.kind, task.state, task.party_a_id, _name(task.party_a), task.party_b_id, _name(task.party_b),
        task.probability, task.priority, task.team or "", task.assigned_to or "",
        _time(task.due_at), _time(task.created_at), task.judgement, task.reason, task.decided_by or "",
        _time(task.decided_at),
    )  # fmt: skip


def _name(party: Any) -> str:
    """Empty where the party has meanwhile gone into another."""
    golden = getattr(party, "golden", None)
    return golden.name if golden else ""


def _time(moment: Any) -> str:
    return moment.isoformat() if moment else ""


def safe(value: Any) -> Any:
    """The value, with a quote before what would be a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
