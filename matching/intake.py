"""What a caller says of a party, brought to canonical form by the very code that files and events go through."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from party_hub.actions.register_records import IncomingRecord
from party_hub.domain.canonical.draft import Draft, Problem
from party_hub.domain.canonical.nested import NAMES, put_attributes
from party_hub.domain.canonical.record import UPSERT, canonical_record


class BadAttributes(ValueError):
    """A record that cannot be taken: what is wrong, by field."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = {problem.field or "record": problem.reason for problem in problems}
        super().__init__("; ".join(f"{field}: {reason}" for field, reason in self.problems.items()))


def unknown_names(attributes: Mapping[str, Any]) -> list[str]:
    """The names that are neither canonical attributes nor canonical columns: a caller's slips."""
    return sorted(attributes.keys() - NAMES)


def canonical_attributes(attributes: Mapping[str, Any], party_type: str) -> tuple[dict[str, Any], list[str]]:
    """A question's attributes in canonical form, which may say little, and the fields of which nothing could be made.

    Raises BadAttributes for what cannot be.
    """
    draft = Draft()
    put_attributes(draft, json.dumps(attributes), party_type, withdrawn=False)
    if draft.problems:
        raise BadAttributes(draft.problems)
    return draft.attributes(), sorted(draft.unread)


def incoming_record(
    *,
    key: str,
    party_type: str,
    attributes: Mapping[str, Any] | None,
    effective_at: datetime | str | None,
    location: str,
    op: str = UPSERT,
) -> tuple[IncomingRecord, list[str]]:
    """The record as it becomes a fact, and the fields of which nothing could be made. Raises BadAttributes."""
    moment = effective_at.isoformat() if isinstance(effective_at, datetime) else effective_at or ""
    record = canonical_record(
        key=key,
        party_type=party_type,
        attributes=json.dumps(attributes or {}),
        effective_at=moment,
        op=op,
    )
    if record.refusals:
        raise BadAttributes(record.refusals)
    incoming = IncomingRecord(
        record.key, record.party_type, record.attributes, location, record.effective_at, record.withdrawn
    )
    return incoming, list(record.unread)
