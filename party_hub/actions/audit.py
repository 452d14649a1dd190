"""The audit trail's one writer."""

from typing import Any
from uuid import UUID

from party_hub.models import AuditEntry


def audit(
    *, act: UUID, actor: str, verb: str, subject_type: str, subject_id: object, reason: str = "", **details: Any
) -> AuditEntry:
    """Notes that `actor` did `verb` to the subject, in the transaction at hand. `details` are ids and counts, never
    personal data.
    """
    return AuditEntry.objects.create(
        act=act,
        actor=actor,
        verb=verb,
        subject_type=subject_type,
        subject_id=str(subject_id),
        reason=reason,
        details=details,
    )
