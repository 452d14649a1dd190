"""Opening a round of questions; a worker then chooses them."""

from uuid import uuid4

from django.db import transaction

from matching.models import LabelRound
from party_hub.actions.audit import audit
from party_hub.actions.errors import Conflict
from party_hub.chain import Step, hand_over

ROUND_SIZE, SECOND_SHARE = 200, 10


@transaction.atomic
def start_round(*, actor: str, wanted: int = ROUND_SIZE, second_share: int = SECOND_SHARE) -> LabelRound:
    """Close the open round, if any, and open another. Labels stay. Raises Conflict for numbers out of range."""
    if not 1 <= wanted <= 2000:
        raise Conflict("A round has between 1 and 2,000 questions.")
    if not 0 <= second_share <= 100:
        raise Conflict("The share to be read twice lies between 0 and 100 per cent.")
    for former in LabelRound.objects.select_for_update().filter(open=True):
        former.open = False
        former.save(update_fields=["open"])
    asked = LabelRound.objects.create(wanted=wanted, second_share=second_share, started_by=actor)
    audit(act=uuid4(), actor=actor, verb="start", subject_type="label_round", subject_id=asked.pk, wanted=wanted)
    hand_over(Step.CHOOSE_QUESTIONS, round_id=asked.pk)
    return asked
