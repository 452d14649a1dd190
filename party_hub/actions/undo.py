"""Taking an act back: what it opened is closed, what it closed is opened again, and the state follows."""

import uuid
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from party_hub.events.catalog import Cause
from party_hub.models import Decision, Membership, Pin, Redirect, Retirement

from .audit import audit
from .decide import Act, append, close
from .errors import NotFound
from .pins import close_pins
from .resolve_parties import lock_and_look_at_the_clock, resolve_parties


@transaction.atomic
def undo_act(*, act: UUID, actor: str, reason: str = "") -> Act:
    """Takes back what of `act` still stands: decisions, pins, retirements. What has been decided anew since, stays so.

    An undo is an act too: undoing it does again what it took back. Raises NotFound where nothing is left to take back.
    """
    moment = lock_and_look_at_the_clock()
    undo = uuid.uuid4()
    records = _decisions(act, undo, actor, moment) | _pins(act, undo, actor, moment)
    records |= _retirements(act, undo, actor, moment)
    if not records:
        raise NotFound(gettext("Nothing of this act stands any more: it was undone or decided anew."))
    resolution = resolve_parties(records=records, actor=actor, cause=Cause(actor, "undo", undo, reason=reason))
    audit(act=undo, actor=actor, verb="undo", subject_type="act", subject_id=act, reason=reason, records=len(records))
    return Act(undo, resolution, records)


def _of(act: UUID) -> Q:
    """What the act opened, itself or by bringing it back. What is brought back stays part of its first act too."""
    return Q(act=act) | Q(opened_in=act)


def _in_time(moment: datetime) -> Q:
    """What has not run out: the rest does not come back."""
    return Q(expires_at__isnull=True) | Q(expires_at__gt=moment)


def _decisions(act: UUID, undo: UUID, actor: str, moment: datetime) -> set[UUID]:
    standing = list(Decision.objects.filter(_of(act), retracted_at__isnull=True))
    closed = list(Decision.objects.filter(_in_time(moment), retracted_in=act))
    close(standing, actor, moment, undo)
    pairs = {(former.left_id, former.right_id) for former in closed}
    ends = [end for pair in pairs for end in pair]
    live = Decision.objects.filter(retracted_at__isnull=True, left__in=ends, right__in=ends)
    taken = pairs & set(live.values_list("left_id", "right_id"))
    again = [former for former in closed if (former.left_id, former.right_id) not in taken]
    append([_again(former, undo) for former in again], actor)
    return {end for decision in [*standing, *again] for end in (decision.left_id, decision.right_id)}


def _again(former: Decision, undo: UUID) -> Decision:
    return Decision(
        left_id=former.left_id, right_id=former.right_id, judgement=former.judgement, origin=former.origin,
        score=former.score, reason=former.reason, author=former.author, act=former.act, opened_in=undo,
        expires_at=former.expires_at,
    )  # fmt: skip


def _pins(act: UUID, undo: UUID, actor: str, moment: datetime) -> set[UUID]:
    standing = list(Pin.objects.filter(_of(act), retracted_at__isnull=True))
    closed = list(Pin.objects.filter(_in_time(moment), retracted_in=act))
    close_pins(standing, actor, moment, undo)
    live = Pin.objects.filter(retracted_at=None, party__in={former.party_id for former in closed})
    taken = {(pin.party_id, pin.in_force.key) for pin in live}
    again = [former for former in closed if (former.party_id, former.in_force.key) not in taken]
    for former in again:
        Pin(
            party_id=former.party_id, attribute=former.attribute, value=former.value, source_id=former.source_id,
            record_id=former.record_id, beneath=former.beneath, reason=former.reason, author=former.author,
            act=former.act, opened_in=undo, expires_at=former.expires_at,
        ).save()  # fmt: skip
    return records_led_to({pin.party_id for pin in [*standing, *again]})


def _retirements(act: UUID, undo: UUID, actor: str, moment: datetime) -> set[UUID]:
    standing = Retirement.objects.filter(_of(act), retracted_at__isnull=True)
    back = set(standing.values_list("record_id", flat=True))
    standing.update(retracted_at=moment, retracted_by=actor, retracted_in=undo)
    closed = Retirement.objects.filter(retracted_in=act).exclude(record__retirements__retracted_at__isnull=True)
    again = [
        Retirement(record_id=one.record_id, reason=one.reason, author=one.author, act=one.act, opened_in=undo)
        for one in closed
    ]
    Retirement.objects.bulk_create(again)
    return back | {one.record_id for one in again}


def records_led_to(parties: Collection[UUID]) -> set[UUID]:
    """The records of these parties, or of those that they lead to now."""
    survivors = Redirect.objects.filter(retired__in=parties).values_list("survivor_id", flat=True)
    held = Membership.objects.filter(party__in={*parties, *survivors}, span__upper_inf=True)
    return set(held.values_list("record_id", flat=True))
