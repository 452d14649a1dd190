"""One source record in or out, resolved at once: what POST, PUT and DELETE of a record do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from matching.actions.resolve_records import resolve_records
from matching.intake import incoming_record
from party_hub.actions.register_records import Registered, register_records
from party_hub.chain import Step, hand_over
from party_hub.domain.canonical.record import UPSERT, WITHDRAW
from party_hub.domain.identity import record_id
from party_hub.models import Membership


@dataclass(frozen=True)
class Submitted:
    """What became of a record: created, updated, unchanged, late or withdrawn; and the party that it belongs to now.

    `unread` are the fields of which nothing could be made, and which were left out.
    """

    record: UUID
    source: str
    key: str
    outcome: str
    party: UUID | None
    new_party: bool
    unread: list[str]


@transaction.atomic
def submit_record(
    *,
    source: str,
    key: str,
    party_type: str,
    attributes: Mapping[str, Any],
    effective_at: datetime | None,
    actor: str,
    withdrawn: bool = False,
) -> Submitted:
    """Register one record and resolve it in the same transaction. Raises BadAttributes, NotFound for no such source."""
    incoming, unread = incoming_record(
        key=key,
        party_type=party_type,
        attributes=attributes,
        effective_at=effective_at,
        location="api",
        op=WITHDRAW if withdrawn else UPSERT,
    )
    registered = register_records(source=source, records=[incoming], actor=actor)
    record, created = record_id(source, incoming.key), set[UUID]()
    if registered.changed:
        resolution = resolve_records(records=[record], actor=actor)
        created = resolution.created
        hand_over(Step.REFRESH_TASKS, records=[str(record)], parties=sorted(map(str, resolution.parties)))
    party = Membership.objects.filter(record=record, span__upper_inf=True).values_list("party_id", flat=True).first()
    return Submitted(record, source, incoming.key, _outcome(registered), party, party in created, unread)


def _outcome(registered: Registered) -> str:
    return next(name for name in ("created", "updated", "withdrawn", "late", "unchanged") if getattr(registered, name))
