"""Ids, changes, reference data, contract and health: what downstream systems and machines ask for."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from rest_framework.test import APIClient

from party_hub.actions.change_reference import save_reference
from party_hub.actions.merge_parties import merge_parties
from party_hub.domain.attributes import ATTRIBUTES
from party_hub.domain.reference import ReferenceSet
from party_hub.domain.roles import Scope
from party_hub.events.contract import event_problems, schemas
from party_hub.models import Industry, SourceRecord
from tests import people
from tests.factories import SourceRecordFactory, a_person

from .conftest import client_of, path, take_in

pytestmark = pytest.mark.django_db


def test_an_xref_gives_the_party_of_a_sources_key(ada: APIClient) -> None:
    party = take_in("A/B 1", a_person("Ann Smith"))
    answer = ada.get("/api/v1/xref/crm/A/B 1/")
    assert answer.status_code == 200
    assert answer.json()["party"] == str(party)
    assert ada.get("/api/v1/xref/crm/nobody/").status_code == 404


def test_a_key_that_waits_to_be_matched_has_no_party_yet(ada: APIClient) -> None:
    SourceRecordFactory(key="new")
    assert ada.get("/api/v1/xref/crm/new/").json()["party"] is None


def test_old_ids_new_ids_and_xrefs_are_resolved_in_one_call(ada: APIClient, django_assert_max_num_queries: Any) -> None:
    one, two = take_in("1", a_person("Ann Smith")), take_in("2", a_person("Anne Smith"))
    ((retired, survivor),) = merge_parties(parties=[one, two], actor="user:ada", reason="x").resolution.merged.items()
    SourceRecordFactory(key="new")
    unknown = uuid4()
    asked = {
        "ids": [str(retired), str(survivor), str(unknown)],
        "xrefs": [{"source": "crm", "key": key} for key in ("1", "new", "nobody")],
    }
    with django_assert_max_num_queries(5):
        said = ada.post("/api/v1/ids/resolve/", asked).json()
    assert [item["lead"] for item in said["ids"]] == ["redirected", "here", "unknown"]
    assert [item["survivor_id"] for item in said["ids"]] == [str(survivor), str(survivor), None]
    assert [item["lead"] for item in said["xrefs"]] == ["here", "unresolved", "unknown"]
    assert said["xrefs"][0]["party"] == str(survivor)


@pytest.mark.parametrize("asked", [{}, {"ids": ["x"]}, {"ids": [str(uuid4())] * 1_001}, {"xrefs": [{"source": "crm"}]}])
def test_what_cannot_be_resolved_is_400(ada: APIClient, asked: dict[str, Any]) -> None:
    assert ada.post("/api/v1/ids/resolve/", asked).status_code == 400


def test_a_thousand_ids_are_resolved(ada: APIClient) -> None:
    party = take_in("1", a_person("Ann Smith"))
    ids = [str(uuid4()) for _ in range(999)] + [str(party)]
    said = ada.post("/api/v1/ids/resolve/", {"ids": ids}).json()["ids"]
    assert [item["id"] for item in said] == ids
    assert said[-1]["lead"] == "here"


def test_the_feed_of_changes_gives_the_envelopes_of_kafka_in_order(ada: APIClient) -> None:
    parties = [take_in(str(number), a_person(f"Ann Smith {number}")) for number in range(5)]
    events: list[dict[str, Any]] = []
    after = None
    while True:
        page = ada.get("/api/v1/changes/", {"limit": 2} | ({"after": after} if after else {})).json()
        events.extend(page["events"])
        after = page["cursor"]
        if not page["more"]:
            break
    assert [event["subject"] for event in events] == [str(party) for party in parties]
    for event in events:
        assert event_problems(event) == []
    assert ada.get("/api/v1/changes/", {"after": after}).json() == {"events": [], "cursor": after, "more": False}
    take_in("1", a_person("Ann Brown"))
    (news,) = ada.get("/api/v1/changes/", {"after": after}).json()["events"]
    assert news["type"] == "party.updated"


@pytest.mark.parametrize(
    "query", [{"after": "rubbish"}, {"after": "WyJjaGFuZ2VzIiwgIngiXQ"}, {"topic": "party.secrets"}]
)
def test_a_bad_cursor_or_topic_is_400(ada: APIClient, query: dict[str, str]) -> None:
    assert ada.get("/api/v1/changes/", query).status_code == 400


@pytest.mark.parametrize("name", list(ReferenceSet))
def test_each_reference_set_is_there(ada: APIClient, name: str) -> None:
    answer = ada.get(f"/api/v1/reference/{name}/", {"limit": 5})
    assert answer.status_code == 200
    empty = name == ReferenceSet.ATTRIBUTE_TRUST  # until an administrator trusts a source more in one attribute
    assert bool(answer.json()["results"]) is not empty


def test_attribute_definitions_say_shape_number_and_mask(ada: APIClient) -> None:
    rows = {row["name"]: row for row in ada.get("/api/v1/reference/attributes/").json()["results"]}
    assert list(rows) == [attribute.name for attribute in ATTRIBUTES]
    born = rows["date_of_birth"]
    assert (born["label"], born["type"], born["multi_valued"]) == ("Date of birth", "date", False)
    assert (born["personal"], born["mask"], born["kinds"]) == (True, "whole", ["individual"])
    assert (rows["identifiers"]["multi_valued"], rows["identifiers"]["mask"]) == (True, "part")
    assert rows["legal_form"]["mask"] == "nothing"


def test_a_changed_code_is_news(ada: APIClient) -> None:
    save_reference(row=Industry(code="sic:9998", scheme="sic", title="Lighthouses"), actor="user:dan")
    (news,) = ada.get("/api/v1/changes/", {"topic": "party.reference"}).json()["events"][-1:]
    assert (news["data"]["set"], news["data"]["values"]["title"]) == ("industries", "Lighthouses")


def test_an_unknown_reference_set_is_404(ada: APIClient) -> None:
    assert ada.get("/api/v1/reference/planets/").status_code == 404


@pytest.mark.parametrize("address", ["/api/v1/nothing/", "/api/nothing", "/api/v1/parties/not-a-uuid/"])
def test_an_address_that_is_not_there_is_a_problem_too(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_method_that_a_resource_does_not_know_is_405(ada: APIClient) -> None:
    party = take_in("1", a_person("Ann Smith"))
    for answer in (ada.delete(path(party)), ada.put("/api/v1/changes/", {})):
        assert answer.status_code == 405
        assert answer["Content-Type"] == "application/problem+json"


def test_a_body_that_is_no_json_is_400_and_one_of_another_kind_415(ada: APIClient) -> None:
    address = "/api/v1/ids/resolve/"
    assert ada.generic("POST", address, "{", content_type="application/json").status_code == 400
    assert ada.generic("POST", address, "<a/>", content_type="application/xml").status_code == 415


def test_the_contract_is_open_to_all() -> None:
    client = Client()
    document = client.get("/api/schema/")
    assert document.status_code == 200
    assert json.loads(document.content)["openapi"].startswith("3.1")
    assert client.get("/api/docs/").status_code == 200
    asyncapi = client.get("/api/events/")
    assert json.loads(asyncapi.content)["asyncapi"] == "3.0.0"
    for name in schemas():
        assert client.get(f"/api/events/schemas/{name}.json").json()["$id"] == f"{name}.json"
    assert client.get("/api/events/schemas/nothing.json").status_code == 404


def test_alive_asks_nobody_and_ready_asks_the_database(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert Client().get("/healthz").json() == {"status": "alive"}
    ready = Client().get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["checks"] == {"database": "ok", "cache": "ok"}


def test_metrics_are_for_the_machine_itself_and_for_who_may() -> None:
    assert Client().get("/metrics").status_code == 200
    foreign = {"REMOTE_ADDR": "203.0.113.9"}
    assert Client(**foreign).get("/metrics").status_code == 403
    assert Client().get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 403
    dan, ben = Client(**foreign), Client(**foreign)
    dan.force_login(people.dan(), backend="django.contrib.auth.backends.ModelBackend")
    ben.force_login(people.ben(), backend="django.contrib.auth.backends.ModelBackend")
    assert dan.get("/metrics").status_code == 200
    assert ben.get("/metrics").status_code == 403
    for scope, status in ((Scope.METRICS, 200), (Scope.READ, 403)):
        assert client_of("sam", [scope]).get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == status


def test_nothing_was_written_by_reading(ada: APIClient) -> None:
    party = take_in("1", a_person("Ann Smith"))
    before = SourceRecord.objects.values_list("version", flat=True).get()
    for rest in ("", "sources/", "lineage/", "history/"):
        ada.get(path(party, rest))
    assert SourceRecord.objects.values_list("version", flat=True).get() == before
