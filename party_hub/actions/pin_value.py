"""A steward's override of a golden value, and its end."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from party_hub.domain.pins import PinnedValue
from party_hub.models import Pin

from .decide import Act, live_records
from .errors import NotFound
from .pins import check_pin, end_pins, live_pins, put_in_force
from .preview import Preview, preview_clusters


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
    check_pin(attribute, reason, value)
    pin = Pin(party_id=party, attribute=attribute, value=value, reason=reason, expires_at=expires_at)
    put_in_force(pin=pin, actor=actor, verb="pin_value", version=version)
    return pin


@transaction.atomic
def unpin_value(*, party: UUID, attribute: str, actor: str, reason: str = "", version: int | None = None) -> Act:
    """Ends the pin, and those that came with absorbed parties; the survivorship rule decides again. Raises NotFound
    where there is none, and Stale.
    """
    pins = live_pins(party, attribute)
    if not pins:
        raise NotFound(gettext("Nothing is pinned for %(attribute)s of this party.") % {"attribute": attribute})
    return end_pins(party, pins, actor, reason, version)


def preview_pin(*, party: UUID, attribute: str, value: Any, actor: str = "", reason: str = "preview") -> Preview:
    """The golden record with the value pinned. Raises NotFound and Conflict."""
    check_pin(attribute, reason, value)
    return preview_clusters([live_records(party)], [(party, PinnedValue(0, attribute, value, actor, reason))])
