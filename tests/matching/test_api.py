"""Search before create and single records over REST."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from matching.models import RecordKey
from party_hub.models import SourceRecord
from tests.party_hub.api.conftest import client_of

pytestmark = pytest.mark.django_db

ANN = {
    "names": [{"given": "Annabel", "family": "Harrington"}],
    "date_of_birth": "1971-03-09",
    "phones": ["+442079460101"],
    "identifiers": [{"scheme": "tax_id", "value": "123-45-6788", "country": "US"}],
}


@pytest.fixture
def dan() -> APIClient:
    return client_of("dan")


def put(client: APIClient, key: str, attributes: dict[str, Any], source: str = "crm") -> Any:
    body = {"party_type": "individual", "attributes": attributes}
    return client.put(f"/api/v1/records/{source}/{key}/", body, format="json")


def test_a_record_that_comes_in_is_resolved_at_once(dan: APIClient) -> None:
    first = put(dan, "1", ANN).json()
    second = put(dan, "2", {**ANN, "emails": ["Ann@Example.org"]}, source="dnb").json()
    assert (first["outcome"], first["new_party"]) == ("created", True)
    assert (second["party"], second["new_party"]) == (first["party"], False)
    assert put(dan, "1", ANN).json()["outcome"] == "unchanged"
    stored = SourceRecord.objects.get(source="dnb", key="2").attributes
    assert stored["emails"] == ["ann@example.org"]
    assert stored["names"][0]["full"] == "Annabel Harrington"
    assert stored["identifiers"][0]["value"] == "123456788"


def test_fields_of_which_nothing_can_be_made_are_named(dan: APIClient) -> None:
    odd = {**ANN, "phones": ["ask at the desk"], "emails": ["ann at example"]}
    assert put(dan, "1", odd).json()["unread"] == ["emails", "phones"]
    assert put(dan, "1", ANN).json()["unread"] == []
    asked = dan.post("/api/v1/match/", {"party_type": "individual", "attributes": odd}, format="json").json()
    assert (asked["unread"], len(asked["candidates"])) == (["emails", "phones"], 1)


def test_a_withdrawn_record_belongs_to_nobody(dan: APIClient) -> None:
    put(dan, "1", ANN)
    answer = dan.delete("/api/v1/records/crm/1/").json()
    assert (answer["outcome"], answer["party"]) == ("withdrawn", None)
    assert not RecordKey.objects.exists()
    assert dan.delete("/api/v1/records/crm/nobody/").status_code == 404


def test_the_same_idempotency_key_is_answered_once(dan: APIClient) -> None:
    body = {"source": "crm", "key": "9", "party_type": "individual", "attributes": ANN}
    headers = {"Idempotency-Key": "k-1"}
    first = dan.post("/api/v1/records/", body, format="json", headers=headers)
    again = dan.post("/api/v1/records/", body, format="json", headers=headers)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    other = dan.post("/api/v1/records/", {**body, "key": "10"}, format="json", headers=headers)
    assert other.status_code == 400


@pytest.mark.parametrize(
    "attributes",
    [
        {"date_of_birth": "31.02.1990"},
        {"shoe_size": "42"},
        {"names": "Ann"},
        {"identifiers": [{"scheme": "library_card", "value": "1"}]},
        {"country": "Atlantis"},
        {"employees": -1},
    ],
)
def test_bad_attributes_are_named_and_nothing_is_written(dan: APIClient, attributes: dict[str, Any]) -> None:
    answer = put(dan, "1", attributes)
    assert answer.status_code == 400
    assert next(iter(attributes)) in answer.content.decode()
    assert not SourceRecord.objects.exists()


def test_an_unknown_source_is_not_found(dan: APIClient) -> None:
    assert put(dan, "1", ANN, source="nowhere").status_code == 404


def test_match_says_who_it_may_be_and_why(dan: APIClient) -> None:
    party = put(dan, "1", ANN).json()["party"]
    answer = client_of("ben").post("/api/v1/match/", {"party_type": "individual", "attributes": ANN}, format="json")
    assert answer.status_code == 200
    best = answer.json()["candidates"][0]
    assert (best["party"], best["grade"]) == (party, "certain")
    assert {"attribute", "label", "weight", "detail"} == best["contributions"][0].keys()
    assert SourceRecord.objects.count() == 1


def test_a_viewer_may_ask_but_not_tell() -> None:
    assert put(client_of("ben"), "1", ANN).status_code == 403
