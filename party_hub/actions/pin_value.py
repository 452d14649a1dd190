"""A steward's override of a golden value, and its end."""

import uuid
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from party_hub.domain.attributes import BY_NAME
from party_hub.domain.survivorship import PinnedValue
from party_hub.domain.validation import problem_of
from party_hub.events.catalog import Cause
from party_hub.models import Pin

from .audit import audit
from .decide import check_versions, live_records
from .errors import Conflict, NotFound
from .preview import Preview, preview_clusters
from .resolve_parties import lock_and_look_at_the_clock, resolve_parties


@transaction.atomic
def pin_value(
    *,
    party: UUID,
    attribute: str,
    value: Any,
    actor: str,
    reason: str,
    expires_at: datetime | None = None,
    version: int | None = None,
) -> Pin:
    """Makes `value` the golden one until the pin ends. In an attribute with several values it becomes the primary one.

    Replaces a pin that is there. Raises NotFound, Stale, and Conflict for a value that the attribute cannot take.
    """
    moment = lock_and_look_at_the_clock()
    check_versions({party: version} if version is not None else None)
    records = live_records(party)
    _check(attribute, value, reason)
    act = uuid.uuid4()
    _close(party, attribute, actor, moment, act)
    pin = Pin(
        party_id=party, attribute=attribute, value=value, reason=reason, author=actor, act=act, expires_at=expires_at
    )
    pin.save()
    resolve_parties(records=records, actor=actor, cause=Cause(actor, "pin_value", act, reason=reason))
    audit(
        act=act,
        actor=actor,
        verb="pin_value",
        subject_type="party",
        subject_id=party,
        reason=reason,
        attribute=attribute,
    )
    return pin


@transaction.atomic
def unpin_value(*, party: UUID, attribute: str, actor: str, reason: str = "", version: int | None = None) -> None:
    """Ends the pin; the survivorship rule decides again. Raises NotFound where there is none, and Stale."""
    moment = lock_and_look_at_the_clock()
    check_versions({party: version} if version is not None else None)
    act = uuid.uuid4()
    if not _close(party, attribute, actor, moment, act):
        raise NotFound(f"Nothing is pinned for {attribute} of this party.")
    resolve_parties(records=live_records(party), actor=actor, cause=Cause(actor, "unpin_value", act, reason=reason))
    audit(
        act=act,
        actor=actor,
        verb="unpin_value",
        subject_type="party",
        subject_id=party,
        reason=reason,
        attribute=attribute,
    )


def preview_pin(*, party: UUID, attribute: str, value: Any, actor: str = "", reason: str = "preview") -> Preview:
    """The golden record with the value pinned. Raises NotFound and Conflict."""
    _check(attribute, value, reason)
    return preview_clusters([live_records(party)], [(party, PinnedValue(0, attribute, value, actor, reason))])


def _check(attribute: str, value: Any, reason: str) -> None:
    if attribute not in BY_NAME:
        raise Conflict(f"There is no attribute {attribute!r}.")
    if not reason.strip():
        raise Conflict("Say why: a pin needs a reason.")
    known = BY_NAME[attribute]
    if problem := problem_of(attribute, [value] if known.many else value):
        raise Conflict(f"{known.label}: {problem.reason}")


def _close(party: UUID, attribute: str, actor: str, moment: datetime, act: UUID) -> int:
    pins = list(Pin.objects.select_for_update().filter(party=party, attribute=attribute, retracted_at__isnull=True))
    for pin in pins:
        pin.retracted_at, pin.retracted_by, pin.retracted_in = moment, actor, act
        pin.save()
    return len(pins)
