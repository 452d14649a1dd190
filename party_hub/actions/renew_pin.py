"""A steward has looked at a pin again: it still holds, until another day or the same."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from party_hub.models import Pin

from .decide import Act
from .errors import NotFound
from .pins import put_in_force


@transaction.atomic
def renew_pin(*, party: UUID, pin: Pin, actor: str, reason: str = "", expires_at: datetime | None = None) -> Act:
    """Puts a pin in the place of `pin` that says the same of `party` and remembers what the sources say beneath it now.

    Without a `reason` the former one stands. Raises NotFound where the pin has ended, or the party has.
    """
    standing = Pin.objects.select_for_update().filter(pk=pin.pk, retracted_at__isnull=True).first()
    if standing is None:
        raise NotFound(gettext("This pin has ended meanwhile."))
    again = Pin(
        party_id=party, attribute=standing.attribute, value=standing.value, source_id=standing.source_id,
        record_id=standing.record_id, reason=reason.strip() or standing.reason, expires_at=expires_at,
    )  # fmt: skip
    return put_in_force(pin=again, actor=actor, verb="renew_pin", instead_of=[standing])
