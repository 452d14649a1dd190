"""Why, why not, and how: the reasons behind a pair and behind a party."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from rest_framework.test import APIClient

from matching.how import DECISION, LINK, steps
from party_hub.domain.identity import record_id
from tests.matching.test_api import ANN, put
from tests.party_hub.api.conftest import client_of
from tests.people import person

A, B, C, D = (UUID(int=number) for number in range(1, 5))


def test_decisions_join_first_then_the_best_links_and_nothing_is_joined_twice() -> None:
    joints = [
        (A, B, LINK, 0.97, ""), (B, C, LINK, 0.99, ""), (A, C, LINK, 0.95, ""), (C, D, DECISION, 1.0, "ada"),
    ]  # fmt: skip
    found = steps([A, B, C, D], joints)
    assert [(join.left, join.right, join.sizes) for join in found] == [
        (C, D, (1, 1)),
        (B, C, (1, 2)),
        (A, B, (1, 3)),
    ]
    assert [join.sentence for join in found] == [
        "Two records joined: ada decided that they match.",
        "A group of 2 took in a record: the model holds them the same with 99.0%.",
        "A group of 3 took in a record: the model holds them the same with 97.0%.",
    ]


@pytest.fixture
def dan(db: None) -> APIClient:
    return client_of("dan")


@pytest.fixture
def party(dan: APIClient) -> str:
    """A party of two records, one from each of two sources."""
    put(dan, "1", ANN)
    found: str = put(dan, "2", {**ANN, "emails": ["ann@example.org"]}, source="dnb").json()["party"]
    return found


def test_the_api_tells_how_a_party_came_together(dan: APIClient, party: str) -> None:
    (step,) = dan.get(f"/api/v1/match/how/{party}/").json()["steps"]
    assert {step["left"], step["right"]} == {str(record_id("crm", "1")), str(record_id("dnb", "2"))}
    assert (step["by"], step["sizes"]) == ("link", [1, 1])
    assert dan.get(f"/api/v1/match/how/{uuid4()}/").status_code == 404


def test_the_api_tells_why_a_pair_matches_and_why_another_does_not(dan: APIClient, party: str) -> None:
    put(dan, "3", {"names": [{"full": "Harrington Foods Ltd"}]}, source="markit")
    other = {"names": [{"given": "Zoltan", "family": "Kadar"}], "date_of_birth": "1990-12-01"}
    put(dan, "4", other, source="markit")

    def explained(source: str, key: str) -> dict[str, object]:
        left, right = record_id("crm", "1"), record_id(source, key)
        answer = dan.get("/api/v1/match/explain/", {"left": str(left), "right": str(right)})
        found: dict[str, object] = answer.json()
        return found

    why, why_not = explained("dnb", "2"), explained("markit", "4")
    assert why["band"] == "automatic"
    total = why["prior"] + sum(part["weight"] for part in why["contributions"])  # type: ignore[operator, attr-defined]
    assert total == pytest.approx(why["total"])
    assert (why_not["band"], "against it" in str(why_not["sentence"])) == ("none", True)


def test_records_that_are_not_there_are_not_explained(dan: APIClient) -> None:
    unknown = {"left": str(uuid4()), "right": str(uuid4())}
    assert dan.get("/api/v1/match/explain/", unknown).status_code == 404
    assert dan.get("/api/v1/match/explain/", {"left": "x"}).status_code == 400


def test_a_reader_sees_the_steps_on_a_page(party: str) -> None:
    client = Client()
    client.force_login(person("ben"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/parties/{party}/how/").content.decode()
    assert page.count('data-testid="how-step"') == 1
    assert f"/parties/{party}/how/" in client.get(f"/parties/{party}/").content.decode()
    assert client.get(f"/parties/{uuid4()}/how/").status_code == 404
