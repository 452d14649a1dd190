"""A record becomes the same fact whichever door it came in by: a file, an event, a stream, a call."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from ingestion.intake import take_in
from ingestion.sample import write_sample
from party_hub.models import SourceRecord
from tests.ingestion.conftest import BAD_LEI, GOOD_LEI, Load
from tests.party_hub.api.conftest import client_of

pytestmark = pytest.mark.django_db

Door = Callable[..., None]

AWKWARD: list[dict[str, Any]] = [
    {"names": [{"full": " Ana  María Ruiz "}], "country": "España", "phones": ["91 123 45 67"]},
    {"full_name": "ACME Holdings", "street": "1 Poultry", "city": "London", "country": "U.K.", "lei": GOOD_LEI},
    {"given_name": "太郎", "family_name": "佐藤", "date_of_birth": "1970-02-28T00:00:00", "nationality": "日本"},
    {"names": [{"full": "Kolme Oy"}], "websites": ["https://www.Kolme.FI/x"], "emails": ["mailto:A@Kolme.FI", "none"]},
    {"names": [{"full": "Tax Ltd"}], "identifiers": [{"scheme": "tax_id", "value": "12 34-5", "country": "Germany"}]},
    {"names": [{"full": "Null"}], "gender": "w", "employees": "1,200", "status": "unknown"},
    {"names": [{"full": "Anyone"}], "legal_form": "N/A", "tax_id": "000000000", "addresses": [{"city": "n/a"}]},
]
REFUSED: list[dict[str, Any]] = [
    {"names": [{"full": "False LEI"}], "lei": BAD_LEI},
    {"names": [{"full": "No day"}], "date_of_birth": "1984-02-31"},
    {"names": [{"full": "Nowhere"}], "country": "Atlantis"},
    {"names": [{"full": "Minus"}], "employees": -1},
    {"phones": ["+442079460018"]},
    {"names": "Ann"},
]


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Events of a sample, with some that are written unusually, and some that cannot be taken."""
    folder = tmp_path_factory.mktemp("sample")
    write_sample(records=600, seed=3, out=folder)
    told = [json.loads(line) for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    envelope = {"source": "events", "op": "upsert", "effective_at": "2026-05-01T10:00:00Z"}
    told += [
        {"id": f"x{at}", "key": f"X{at}", **envelope, "attributes": attributes}
        for at, attributes in enumerate([*AWKWARD, *REFUSED])
    ]
    return told


def by_file(events: list[dict[str, Any]], path: Path, load: Load) -> None:
    load("events", path)


def by_event(events: list[dict[str, Any]], path: Path, load: Load) -> None:
    taken = take_in(events, actor="system:test")
    assert len(taken.refused) == len(REFUSED)


def by_stream(events: list[dict[str, Any]], path: Path, load: Load) -> None:
    call_command("resolve_stream", str(path), "--json")


def by_call(events: list[dict[str, Any]], path: Path, load: Load) -> None:
    client = client_of("dan")
    for event in events:
        where = f"/api/v1/records/{event['source']}/{event['key']}/"
        if event["op"] == "withdraw":
            client.delete(where)
            continue
        # An event may leave the party type out; a call says it.
        body = {"party_type": "individual" if {"given_name", "gender"} & event["attributes"].keys() else "organisation"}
        body |= {name: event[name] for name in ("party_type", "attributes", "effective_at") if name in event}
        answer = client.put(where, body, format="json")
        assert (answer.status_code == 400) == (event["attributes"] in REFUSED)


def facts_left(door: Door, events: list[dict[str, Any]], path: Path, load: Load) -> dict[tuple[str, str], Any]:
    """The facts that are there after the events have come in by this door; then they are forgotten again."""
    with transaction.atomic():
        door(events, path, load)
        facts = {
            (one.source_id, one.key): (one.party_type, one.attributes, one.content_hash, one.withdrawn_at is None)
            for one in SourceRecord.objects.all()
        }
        transaction.set_rollback(True)
    return facts


@pytest.mark.parametrize("door", [by_file, by_stream, by_call])
def test_every_door_makes_the_facts_that_the_listener_makes(
    door: Door, events: list[dict[str, Any]], load: Load, tmp_path: Path
) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text("".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events), encoding="utf-8")
    by_listener = facts_left(by_event, events, path, load)
    assert len(by_listener) >= len(AWKWARD) + 20
    assert facts_left(door, events, path, load) == by_listener
