"""Who did what: the audit, newest first, by key."""

from dataclasses import dataclass
from uuid import UUID

from party_hub.models import AuditEntry, Decision

PAGE = 50


@dataclass(frozen=True)
class ActivityPage:
    """Entries, those acts among them that can still be undone, and where to go on."""

    entries: list[AuditEntry]
    undoable: set[UUID]
    following: int | None


def activity(*, before: int | None = None, actor: str = "", verb: str = "") -> ActivityPage:
    """A page of the audit under these filters. Two queries."""
    entries = AuditEntry.objects.order_by("-pk")
    if before is not None:
        entries = entries.filter(pk__lt=before)
    if actor:
        entries = entries.filter(actor=actor if ":" in actor else f"user:{actor}")
    if verb:
        entries = entries.filter(verb=verb)
    rows = list(entries[: PAGE + 1])
    shown = rows[:PAGE]
    return ActivityPage(shown, standing([entry.act for entry in shown]), shown[-1].pk if len(rows) > PAGE else None)


def standing(acts: list[UUID]) -> set[UUID]:
    """Of these acts, those with decisions that still stand. One query."""
    return set(Decision.objects.filter(act__in=acts, retracted_at__isnull=True).values_list("act", flat=True))


def author_of(act: UUID) -> str:
    """Whose act it was; "" for an unknown one."""
    found = Decision.objects.filter(act=act).values_list("author", flat=True).first()
    return found or ""
