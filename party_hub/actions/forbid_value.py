"""A steward's word that what a source, or one record, says of an attribute is not to be heard for a party."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from party_hub.models import Membership, Pin

from .decide import live_records
from .errors import Conflict
from .pins import check_pin, put_in_force
from .preview import Preview, preview_clusters


@dataclass(frozen=True)
class Statement:
    """What is forbidden: what the source, or the record (one of the two), says; with `value`, only where it says
    that.
    """

    source: str | None = None
    record: UUID | None = None
    value: Any = None


def forbid_value(
    *,
    party: UUID,
    attribute: str,
    statement: Statement,
    actor: str,
    reason: str,
    expires_at: datetime | None = None,
    version: int | None = None,
) -> Pin:
    """Keeps the statement out of the party's golden record until the pin ends, whatever is loaded meanwhile.

    Raises NotFound, Stale, and Conflict where it says nothing that the party has.
    """
    pin = _pin(party, attribute, statement, reason)
    pin.expires_at = expires_at
    put_in_force(pin=pin, actor=actor, verb="forbid_value", version=version)
    return pin


def preview_forbidding(*, party: UUID, attribute: str, statement: Statement, actor: str, reason: str) -> Preview:
    """The golden record without the statement. Raises NotFound and Conflict."""
    pin = _pin(party, attribute, statement, reason)
    pin.author = actor
    return preview_clusters([live_records(party)], [(party, pin.in_force)])


def _pin(party: UUID, attribute: str, statement: Statement, reason: str) -> Pin:
    check_pin(attribute, reason, statement.value)
    if (statement.source is None) == (statement.record is None):
        raise Conflict(gettext("Say whom not to hear: a source or one of its records."))
    held = Membership.objects.filter(party=party, span__upper_inf=True)
    if statement.record is not None and not held.filter(record=statement.record).exists():
        raise Conflict(gettext("Record %(record)s is not one of this party's.") % {"record": statement.record})
    if statement.source is not None and not held.filter(record__source=statement.source).exists():
        raise Conflict(gettext("This party has no record from %(source)s.") % {"source": statement.source})
    return Pin(
        party_id=party, attribute=attribute, value=statement.value, source_id=statement.source,
        record_id=statement.record, reason=reason,
    )  # fmt: skip
