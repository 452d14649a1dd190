"""Everything as it stands, told once more: for a consumer that starts anew, or a broker that has forgotten."""

from django.db import transaction

from party_hub.events.catalog import Cause, Topic
from party_hub.events.outbox import retell
from party_hub.models import Party

from .resolve_parties import lock_and_look_at_the_clock

CHUNK = 2_000


def publish_snapshot(*, actor: str, topic: str = Topic.GOLDEN) -> int:
    """Puts every live golden record and every redirect in the outbox; gives the number of events.

    Chunk by chunk, each while no party can change, so that no snapshot is told after a later version.
    """
    cause = Cause(actor=actor, rule="snapshot")
    parties = list(Party.objects.order_by("id").values_list("id", flat=True))
    told = 0
    for start in range(0, len(parties), CHUNK):
        with transaction.atomic():
            lock_and_look_at_the_clock()
            told += retell(parties[start : start + CHUNK], cause, topic)
    return told
