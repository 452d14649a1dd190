"""Who did what: the audit, newest first, by key."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from party_hub.models import AuditEntry, Decision, Pin, Retirement

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
    """Of these acts, those that can be taken back: something that they opened or closed is still so. Seven queries."""
    open_now: set[UUID] = set()
    for fact in (Decision, Pin, Retirement):
        for opener in ("act", "opened_in"):
            rows = fact.objects.filter(**{f"{opener}__in": acts}, retracted_at=None)
            open_now |= set(rows.values_list(opener, flat=True))
    anew = Pin.objects.filter(party=OuterRef("party"), attribute=OuterRef("attribute"), retracted_at=None)
    in_time = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
    unpinned = Pin.objects.filter(~Exists(anew), in_time, retracted_in__in=acts)
    return open_now | {act for act in unpinned.values_list("retracted_in", flat=True) if act}


def author_of(act: UUID) -> str:
    """Whose act it was; "" for an unknown one."""
    found = AuditEntry.objects.filter(act=act).order_by("pk").values_list("actor", flat=True).first()
    return found or ""
