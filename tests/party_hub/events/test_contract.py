"""Every event that the hub really produces is valid by the schema it publishes."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from party_hub.actions.merge_parties import merge_parties
from party_hub.actions.pin_value import pin_value
from party_hub.actions.register_records import IncomingRecord, register_records
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.actions.split_party import split_party
from party_hub.domain.attributes import ATTRIBUTES, PartyType
from party_hub.domain.identity import record_id
from party_hub.events.catalog import EventType, Topic
from party_hub.events.contract import asyncapi, event_problems, problems, schemas
from party_hub.events.envelope import envelope
from party_hub.models import OutboxEvent
from party_hub.queries import xref
from tests.factories import a_company, a_person


def told() -> dict[str, dict[str, Any]]:
    """The newest event of each type, each event checked against its schema."""
    latest = {}
    for event in OutboxEvent.objects.order_by("id"):
        document = json.loads(json.dumps(envelope(event)))
        assert event_problems(document) == [], document
        latest[event.type] = document
    return latest


def take_in(source: str, records: Iterable[tuple[str, dict[str, Any]]], *, withdrawn: bool = False) -> None:
    incoming = [
        IncomingRecord(key, "individual", json.dumps(attributes), "test:1", datetime.now(UTC), withdrawn)
        for key, attributes in records
    ]
    register_records(source=source, records=incoming, actor="system:test")
    resolve_parties(records=[record_id(source, item.key) for item in incoming], actor="system:test")


@pytest.mark.django_db
def test_what_a_day_of_stewardship_tells_is_valid() -> None:
    take_in("crm", [("1", a_person("Ann Smith")), ("2", a_person("Anne Smith"))])
    one, two = xref("crm", "1"), xref("crm", "2")
    assert one
    assert two
    assert one.party
    assert two.party
    merge_parties(parties=[one.party, two.party], actor="user:ada", reason="same birthday and address")
    survivor = xref("crm", "1")
    assert survivor
    assert survivor.party
    pin_value(party=survivor.party, attribute="gender", value="female", actor="user:ada", reason="passport seen")
    split_party(party=survivor.party, records=[two.record], actor="user:ada", reason="twins")
    take_in("crm", [("2", a_person("Anne Smith"))], withdrawn=True)
    events = told()
    assert set(events) >= {"party.created", "party.updated", "party.merged", "party.redirected", "party.split"}
    merged = events["party.merged"]["data"]
    assert {merged["survivorId"], *merged["retiredIds"]} == {str(one.party), str(two.party)}
    assert merged["decision"]["actor"] == "user:ada"
    assert merged["decision"]["reason"] == "same birthday and address"
    assert merged["xrefsMoved"][0]["to"] == merged["survivorId"]
    assert events["party.redirected"]["data"]["survivorId"] == merged["survivorId"]
    assert events["party.redirected"]["correlationid"] == events["party.merged"]["correlationid"]


@pytest.mark.django_db
def test_the_version_of_a_party_grows_with_every_event() -> None:
    for day in range(4):
        take_in("crm", [("1", a_person(f"Ann Smith {day}"))])
    versions = OutboxEvent.objects.order_by("id").values_list("party_version", flat=True)
    assert list(versions) == [1, 2, 3, 4]


@pytest.mark.django_db
def test_a_company_of_every_attribute_is_valid() -> None:
    attributes = a_company(
        identifiers=[{"scheme": "lei", "value": "529900T8BM49AURSDO55", "country": "", "valid": True}],
        emails=["info@example.org"], websites=["example.org"], date_of_incorporation="1990-02-03",
        industry_code="sic:6022",
        status="active", employees=250, ticker="NWT", sector="Financials",
        relations=[{"type": "owner", "scheme": "duns", "value": "123456780", "share": "51", "since": "2020-02-29"}],
    )  # fmt: skip
    register_records(
        source="dnb",
        records=[IncomingRecord("9", "legal_entity", json.dumps(attributes), "test:1", None)],
        actor="system:test",
    )
    resolve_parties(records=None, actor="system:test")
    assert told()["party.created"]["data"]["partyType"] == "legal_entity"


def test_there_is_a_schema_for_every_event_type() -> None:
    assert set(map(str, EventType)) < set(schemas())


def test_the_schemas_know_exactly_the_canonical_attributes() -> None:
    values = schemas()["party"]["$defs"]["values"]["properties"]
    assert set(values) == {attribute.name for attribute in ATTRIBUTES}
    for attribute in ATTRIBUTES:
        if attribute.parts:
            assert set(values[attribute.name]["items"]["properties"]) == set(attribute.parts)
    assert schemas()["party"]["$defs"]["partyType"]["enum"] == list(PartyType)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"op": "delete"}, "op"),
        ({"key": ""}, "key"),
        ({"source": None}, "source"),
        ({"surprise": 1}, "surprise"),
        ({"attributes": {"colour": "red"}}, "colour"),
    ],
)
def test_a_bad_inbound_event_is_told_what_is_wrong(change: dict[str, Any], complaint: str) -> None:
    good = {
        "id": "e-1", "source": "crm", "key": "1", "op": "upsert", "effective_at": "2026-01-05T09:00:00Z",
        "attributes": a_person(),
    }  # fmt: skip
    assert problems("party.record", good) == []
    found = problems("party.record", {**good, **change})
    assert len(found) == 1
    assert complaint in found[0]


def test_a_withdrawal_needs_no_attributes_but_an_upsert_does() -> None:
    event = {"id": "e-1", "source": "crm", "key": "1", "effective_at": "2026-01-05T09:00:00Z"}
    assert problems("party.record", {**event, "op": "withdraw"}) == []
    assert problems("party.record", {**event, "op": "upsert"}) != []


def test_the_asyncapi_document_names_every_topic_with_its_prefix() -> None:
    document = asyncapi("stage.")
    addresses = {channel["address"] for channel in document["channels"].values()}
    assert addresses == {f"stage.{topic}" for topic in Topic}
    text = json.dumps(document)
    for kind in EventType:
        assert f"/api/events/schemas/{kind}.json" in text
