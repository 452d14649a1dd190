"""Who did what: the audit, newest first, by key."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from party_hub.models import AuditEntry
from party_hub.models.copy import as_array

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


# What an act opened, itself or by bringing it back, and still stands; and pins that it ended and nobody set anew.
STANDING = """
WITH asked AS (SELECT unnest(%s::uuid[]) AS act), fact AS (
    SELECT act, opened_in FROM party_hub_decision WHERE retracted_at IS NULL
        AND (act IN (SELECT act FROM asked) OR opened_in IN (SELECT act FROM asked))
    UNION ALL SELECT act, opened_in FROM party_hub_pin WHERE retracted_at IS NULL
        AND (act IN (SELECT act FROM asked) OR opened_in IN (SELECT act FROM asked))
    UNION ALL SELECT act, opened_in FROM party_hub_retirement WHERE retracted_at IS NULL
        AND (act IN (SELECT act FROM asked) OR opened_in IN (SELECT act FROM asked))
    UNION ALL SELECT p.retracted_in, NULL FROM party_hub_pin p WHERE p.retracted_in IN (SELECT act FROM asked)
        AND (p.expires_at IS NULL OR p.expires_at > now()) AND NOT EXISTS (
            SELECT FROM party_hub_pin anew WHERE anew.party_id = p.party_id AND anew.attribute = p.attribute
            AND anew.retracted_at IS NULL)
    UNION ALL SELECT t.retracted_in, NULL FROM party_hub_retirement t WHERE t.retracted_in IN (SELECT act FROM asked)
        AND NOT EXISTS (
            SELECT FROM party_hub_retirement anew WHERE anew.record_id = t.record_id AND anew.retracted_at IS NULL)
)
SELECT act FROM asked WHERE act IN (SELECT act FROM fact) OR act IN (SELECT opened_in FROM fact)
"""


def standing(acts: Collection[UUID]) -> set[UUID]:
    """Of these acts, those that can be taken back: something that they opened or ended is still so. One query."""
    if not acts:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [as_array(acts)])
        return {row[0] for row in cursor.fetchall()}


def author_of(act: UUID) -> str:
    """Whose act it was; "" for an unknown one."""
    found = AuditEntry.objects.filter(act=act).order_by("pk").values_list("actor", flat=True).first()
    return found or ""
