"""The events that the hub publishes: types, topics and what each carries (CloudEvents 1.0; schemas in `schemas/`)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID


class Topic(StrEnum):
    """Topics, without the environment's prefix."""

    GOLDEN = "party.golden"
    REFERENCE = "party.reference"
    RECORDS = "party.records"
    FILES = "party.files"  # what S3 tells of objects that arrived
    DEAD_LETTERS = "party.records.dlq"


class EventType(StrEnum):
    """What can have happened."""

    CREATED = "party.created"
    UPDATED = "party.updated"
    MERGED = "party.merged"
    REDIRECTED = "party.redirected"
    SPLIT = "party.split"
    ERASED = "party.erased"
    REFERENCE_CHANGED = "reference.changed"

    @property
    def has_snapshot(self) -> bool:
        """True where the event carries the party's golden record and xrefs."""
        return self in (EventType.CREATED, EventType.UPDATED, EventType.MERGED, EventType.SPLIT)


@dataclass(frozen=True)
class Cause:
    """Why something changed: the `decision` of an event. `id` is the act, which correlates all that followed."""

    actor: str
    rule: str
    id: UUID = field(default_factory=uuid.uuid4)
    score: float | None = None
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it stands in an event."""
        return {"id": str(self.id), "actor": self.actor, "rule": self.rule, "score": self.score, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class PartyEvent:
    """One thing that happened to a party. `data` is what its type carries besides the snapshot.

    `version` is the party's after it.
    """

    type: EventType
    party: UUID
    version: int
    data: Mapping[str, Any]
