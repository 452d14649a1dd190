"""Decisions, pins and relationships that run out: time alone changes what follows from the facts, so somebody looks at
the clock.
"""

import uuid

from django.db import transaction

from party_hub.events.catalog import Cause
from party_hub.models import Decision, Pin

from .audit import audit
from .decide import close
from .pins import close_pins
from .relate_parties import end_relationships
from .resolution import Resolution
from .resolve_parties import lock_and_look_at_the_clock, resolve_parties
from .undo import records_led_to

ACTOR = "system:expiry"
# At one go; the next sweep takes the rest.
MOST = 500


@transaction.atomic
def close_expired() -> Resolution:
    """Closes the decisions, pins and relationships whose time is up and resolves what hung on them. Idempotent."""
    moment = lock_and_look_at_the_clock()
    end_relationships(moment, MOST)
    over = {"retracted_at": None, "expires_at__lte": moment}
    decisions = list(Decision.objects.select_for_update().filter(**over).order_by("pk")[:MOST])
    pins = list(Pin.objects.select_for_update().filter(**over).order_by("pk")[:MOST])
    if not decisions and not pins:
        return Resolution()
    act = uuid.uuid4()
    close(decisions, ACTOR, moment, act)
    close_pins(pins, ACTOR, moment, act)
    records = {end for decision in decisions for end in (decision.left_id, decision.right_id)}
    records |= records_led_to({pin.party_id for pin in pins})
    reason = "Its time was up."
    resolution = resolve_parties(records=records, actor=ACTOR, cause=Cause(ACTOR, "expire", act, reason=reason))
    audit(
        act=act, actor=ACTOR, verb="expire", subject_type="facts", subject_id=act, reason=reason,
        decisions=len(decisions), pins=len(pins),
    )  # fmt: skip
    return resolution
