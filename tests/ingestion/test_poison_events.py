"""Events that nobody should send: each is refused with a reason, alone, and the good one beside it comes in."""

import json
from typing import Any

import pytest

from ingestion.intake import BadEvent, decode, take_in
from party_hub.models import SourceRecord

pytestmark = pytest.mark.django_db
GOOD = {
    "id": "1",
    "source": "crm",
    "key": "K1",
    "op": "upsert",
    "effective_at": "2026-05-01T10:00:00Z",
    "attributes": {"names": [{"full": "Ann Smith"}]},
}


def outcome(data: bytes) -> str:
    """Why the event is refused, beside a good one; "" where it is taken in."""
    try:
        bad = decode(data)
    except BadEvent as problem:
        return str(problem)
    taken = take_in([bad, {**GOOD, "id": "other", "key": "K2"}], actor="system:test")
    assert 1 not in taken.refused
    assert SourceRecord.objects.filter(key="K2").exists()
    return taken.refused.get(0, "")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"id": "1\x00"}, "zero byte"),
        ({"key": "K\x00"}, "zero byte"),
        ({"source": "crm\x00"}, "is no source system"),
        ({"id": "\ud800"}, "is no JSON"),
        ({"attributes": {"names": [{"full": "\ud800"}]}}, "is no JSON"),
        ({"attributes": {"names": [{"full": "A\x00"}]}}, "zero byte"),
        ({"attributes": {"employees": 10**400, "names": [{"full": "A"}]}}, ""),
        ({"attributes": {"names": "x"}}, "names is not a list of objects"),
        ({"key": "K" * 201}, "longer than 200 signs"),
        ({"id": "1" * 201}, "longer than 200 signs"),
        ({"effective_at": "9999-99-99"}, "is no point in time that exists"),
        ({"effective_at": "0000-01-01T00:00:00Z"}, "is no point in time that exists"),
        ({"op": "upsert\x00"}, "zero byte"),
        ({"source": "nobody"}, "is no source system"),
    ],
)
def test_a_poisonous_event_is_refused_and_its_neighbour_comes_in(changed: dict[str, Any], says: str) -> None:
    assert says in outcome(json.dumps({**GOOD, **changed}).encode()) or not says


@pytest.mark.parametrize("data", [b"[" * 200_000, b'{"a":' * 200_000, b"\xff\xfe", b"", b"NaN", b'{"id": 1e999}'])
def test_what_is_no_event_says_so(data: bytes) -> None:
    assert outcome(data).startswith("The event")
