"""What all acts on pins have in common: one is put in force or ended, and the golden record follows."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from party_hub.domain.attributes import BY_NAME
from party_hub.domain.lineage import beneath
from party_hub.domain.pins import Forbidden, PinnedValue
from party_hub.domain.validation import problem_of
from party_hub.events.catalog import Cause
from party_hub.models import Pin, Redirect

from .audit import audit
from .decide import Act, check_versions, live_records
from .errors import Conflict, NotFound
from .rebuild_golden import pins_of, rule_book, testimonies_of, work_out
from .resolve_parties import lock_and_look_at_the_clock, resolve_parties


@transaction.atomic
def put_in_force(
    *, pin: Pin, actor: str, verb: str, version: int | None = None, instead_of: Collection[Pin] = ()
) -> Act:
    """Saves a new pin; `instead_of` it, and one that says the same, end. Raises NotFound and Stale."""
    moment = lock_and_look_at_the_clock()
    check_versions({pin.party_id: version} if version is not None else None)
    records = live_records(pin.party_id)
    pin.act, pin.author = uuid.uuid4(), actor
    key = pin.in_force.key
    standing = {one.pk for one in instead_of}
    ended = [one for one in _live(pin.party_id) if one.pk in standing or _replaces(pin, one, key)]
    close_pins(ended, actor, moment, pin.act)
    pin.beneath = _beneath(pin, records, moment)
    pin.save()
    return _follow(verb, pin, actor, pin.reason, records, pin.act)


@transaction.atomic
def end_pin(*, party: UUID, pin: int, actor: str, reason: str = "", version: int | None = None) -> Act:
    """Ends one of the party's pins, its own or one that came with a party it absorbed. Raises NotFound and Stale."""
    return end_pins(party, [one for one in _live(party) if one.pk == pin], actor, reason, version)


@transaction.atomic
def end_pins(party: UUID, pins: list[Pin], actor: str, reason: str = "", version: int | None = None) -> Act:
    """Ends these pins of the party; the rule decides again. Raises NotFound where there is none, and Stale."""
    moment = lock_and_look_at_the_clock()
    check_versions({party: version} if version is not None else None)
    if not pins:
        raise NotFound(gettext("There is no such pin on this party: it has ended, or was never set."))
    act = uuid.uuid4()
    close_pins(pins, actor, moment, act)
    verb = "allow_value" if all(pin.forbids for pin in pins) else "unpin_value"
    return _follow(verb, pins[0], actor, reason, live_records(party), act, party)


def live_pins(party: UUID, attribute: str) -> list[Pin]:
    """The pins that set the attribute, the party's own first, then those that came with parties it absorbed."""
    return [pin for pin in _live(party) if pin.attribute == attribute and not pin.forbids]


def close_pins(pins: Collection[Pin], actor: str, moment: datetime, act: UUID) -> None:
    """Ends pins as part of `act`, with their history."""
    for pin in pins:
        pin.retracted_at, pin.retracted_by, pin.retracted_in = moment, actor, act
        pin.save()


def check_pin(attribute: str, reason: str, value: Any = None) -> None:
    """Raises Conflict for an attribute that there is not, a missing reason, a value that the attribute cannot take."""
    if attribute not in BY_NAME:
        raise Conflict(gettext("There is no attribute “%(attribute)s”.") % {"attribute": attribute})
    if not reason.strip():
        raise Conflict(gettext("Say why: a pin needs a reason."))
    known = BY_NAME[attribute]
    if value is not None and (problem := problem_of(attribute, [value] if known.many else value)):
        raise Conflict(f"{known.label}: {problem.reason}")


def _live(party: UUID) -> list[Pin]:
    absorbed = Redirect.objects.filter(survivor=party).values("retired")
    of_party = Q(party=party) | Q(party__in=absorbed)
    found = Pin.objects.select_for_update().filter(of_party, retracted_at__isnull=True).order_by("-created_at", "-pk")
    return sorted(found, key=lambda pin: pin.party_id != party)


def _replaces(new: Pin, old: Pin, key: tuple[Any, ...]) -> bool:
    return old.party_id == new.party_id and old.in_force.key == key


def _beneath(pin: Pin, records: list[UUID], moment: datetime) -> list[Any]:
    """What the pin covers as the sources speak now, told as lineage tells it."""
    standing = {one.key: one for one in reversed(pins_of([pin.party_id], moment).get(pin.party_id, []))}
    new: PinnedValue | Forbidden = pin.in_force
    in_force = [*(one for key, one in standing.items() if key != new.key), new]
    content = work_out(list(testimonies_of(records).values()), rule_book(), in_force)
    return beneath(content.lineage, pin.attribute, new.id, forbids=pin.forbids)


def _follow(
    verb: str, pin: Pin, actor: str, reason: str, records: list[UUID], act: UUID, party: UUID | None = None
) -> Act:
    resolution = resolve_parties(records=records, actor=actor, cause=Cause(actor, verb, act, reason=reason))
    about = {"source": pin.source_id} if pin.source_id else {"record": str(pin.record_id)} if pin.record_id else {}
    audit(
        act=act, actor=actor, verb=verb, subject_type="party", subject_id=party or pin.party_id, reason=reason,
        attribute=pin.attribute, **about,
    )  # fmt: skip
    return Act(act, resolution)
