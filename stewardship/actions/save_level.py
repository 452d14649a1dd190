"""From which size on an act needs approval: changed here, with audit."""

import uuid

from django.db import transaction

from party_hub.actions.audit import audit
from stewardship.models import ApprovalLevel


@transaction.atomic
def save_level(*, level: ApprovalLevel, actor: str) -> None:
    """Saves a new or changed level."""
    level.save()
    audit(
        act=uuid.uuid4(), actor=actor, verb="save_approval_level", subject_type="approval_level",
        subject_id=level.pk, measure=level.measure, at_least=level.at_least, active=level.active,
    )  # fmt: skip
