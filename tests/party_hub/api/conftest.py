"""Callers of the API, and parties for them to ask about."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from rest_framework.test import APIClient

from party_hub.actions.register_records import IncomingRecord, register_records
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.actions.tokens import issue_token
from party_hub.domain.identity import record_id
from party_hub.domain.roles import Scope
from party_hub.queries import xref
from tests import people

EVERYTHING = (Scope.READ, Scope.PERSONAL, Scope.WRITE)


def client_of(name: str, scopes: Sequence[Scope] = EVERYTHING) -> APIClient:
    """A client with a token of a member of the cast."""
    user = getattr(people, name)()
    _, secret = issue_token(user=user, name="test", scopes=scopes, actor="system:test")
    return APIClient(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def ada(db: None) -> APIClient:
    """A steward."""
    return client_of("ada")


@pytest.fixture
def ben(db: None) -> APIClient:
    """A viewer."""
    return client_of("ben")


def take_in(key: str, attributes: dict[str, Any], *, source: str = "crm", kind: str = "individual") -> UUID:
    """Registers and resolves one record; gives its party."""
    incoming = IncomingRecord(key, kind, json.dumps(attributes), "test:1", datetime.now(UTC))
    register_records(source=source, records=[incoming], actor="system:test")
    resolve_parties(records=[record_id(source, key)], actor="system:test")
    found = xref(source, key)
    assert found
    assert found.party
    return found.party


Path = Callable[..., str]


def path(party: UUID | str, rest: str = "") -> str:
    """The address of a party, or of what belongs to it."""
    return f"/api/v1/parties/{party}/{rest}"
