"""A small world of records and links, moved by the real actions."""

import json
from collections.abc import Iterable
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Q

from party_hub.actions.register_records import IncomingRecord, Registered, register_records
from party_hub.actions.replace_links import LinkRow, replace_links
from party_hub.actions.resolution import Resolution
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.actions.waiting import waiting_since
from party_hub.domain.identity import record_id
from party_hub.models import Decision, GoldenRecord, Link, Membership, OutboxEvent, Party
from tests.factories import a_company


class World:
    """Names a record `source:key`. What it does, it does through the actions."""

    def id(self, name: str) -> UUID:
        """The id of the record of this name."""
        return record_id(*name.split(":"))

    def register(self, name: str, effective_at: str | None = "2026-01-01T00:00:00Z", **attributes: Any) -> Registered:
        """Takes one record in: a company, with `attributes` changed."""
        text = json.dumps(a_company() | attributes)
        return self._register(name, IncomingRecord(name.split(":")[1], "organisation", text, "test:1", effective_at))

    def register_alone(self, name: str, attributes: dict[str, Any]) -> Registered:
        """Takes in a record that says these attributes and nothing else."""
        key = name.split(":")[1]
        return self._register(name, IncomingRecord(key, "organisation", json.dumps(attributes), "test:1", None))

    def withdraw(self, name: str, effective_at: str | None = None) -> Registered:
        """The source no longer has the record."""
        key = name.split(":")[1]
        return self._register(name, IncomingRecord(key, "organisation", "{}", "test:1", effective_at, withdrawn=True))

    def _register(self, name: str, record: IncomingRecord) -> Registered:
        return register_records(source=name.split(":")[0], records=[record], actor="system:test")

    def link(self, *names: str, score: float = 0.99) -> None:
        """Links the records in a chain, on top of the links there are."""
        known = [LinkRow(*row) for row in Link.objects.values_list("left_id", "right_id", "score")]
        new = [LinkRow(self.id(left), self.id(right), score) for left, right in pairwise(names)]
        replace_links(records=None, links=[*known, *new], model_version="m1")

    def unlink(self) -> None:
        """The model joins nothing any more."""
        replace_links(records=None, links=[], model_version="m2")

    def resolve(self, records: Iterable[str] | None = None) -> Resolution:
        """Resolves around `records` (None: everything) and settles what waits."""
        waiting = waiting_since()
        ids = None if records is None else [self.id(name) for name in records]
        return resolve_parties(records=ids, actor="system:test", settled=waiting)

    def party(self, name: str) -> UUID:
        """The party that the record belongs to now."""
        found: UUID = Membership.objects.get(record=self.id(name), span__upper_inf=True).party_id
        return found

    def together(self, *names: str) -> bool:
        """True where the records belong to one party."""
        return len({self.party(name) for name in names}) == 1

    def golden(self, name: str) -> GoldenRecord:
        """The golden record of the record's party."""
        return GoldenRecord.objects.get(party=self.party(name))

    def decided(self, name: str) -> int:
        """How many standing decisions name the record."""
        standing = Decision.objects.filter(retracted_at=None)
        return standing.filter(Q(left=self.id(name)) | Q(right=self.id(name))).count()

    def status(self, party: UUID) -> str:
        """Where the party stands."""
        return Party.objects.get(pk=party).status

    def told(self, since: int = 0) -> list[OutboxEvent]:
        """The events in the outbox, after the one with this number."""
        return list(OutboxEvent.objects.filter(pk__gt=since))

    def mark(self) -> int:
        """The number of the newest event."""
        return OutboxEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@pytest.fixture
def world(db: None) -> World:
    """An empty hub."""
    return World()


@pytest.fixture
def three(world: World) -> World:
    """crm:1 and dnb:1 are one party; markit:1 is another."""
    for name in ("crm:1", "dnb:1", "markit:1"):
        world.register(name)
    world.link("crm:1", "dnb:1")
    world.resolve()
    return world
