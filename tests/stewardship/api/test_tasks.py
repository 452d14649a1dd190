"""The queue over REST: one steward's claim, answer and way back, and who may not."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from party_hub.models import Decision, Membership
from stewardship.models import ReviewTask, TaskKind
from tests.factories import a_company, a_person
from tests.party_hub.api.conftest import client_of, take_in

pytestmark = pytest.mark.django_db
TASKS = "/api/v1/tasks/"


@pytest.fixture
def task() -> ReviewTask:
    """Are these two one person?"""
    one, two = sorted((take_in("1", a_person("Ann Smith")), take_in("2", a_person("Anne Smith"))))
    left, right = (Membership.objects.get(party=party).record for party in (one, two))
    return ReviewTask.objects.create(
        party_a_id=one, party_b_id=two, left=left, right=right, probability=0.7, priority=50
    )


@pytest.fixture
def ada() -> APIClient:
    return client_of("ada")


def test_the_queue_shows_both_parties_of_a_question(ada: APIClient, task: ReviewTask) -> None:
    (shown,) = ada.get(TASKS).json()["results"]
    assert shown["id"] == task.pk
    assert {shown["a"]["name"], shown["b"]["name"]} == {"Ann Smith", "Anne Smith"}
    assert ada.get(f"{TASKS}{task.pk}/").json() == shown | {"opposed": []}
    assert ada.get(TASKS, {"state": "done"}).json()["results"] == []
    assert ada.get(TASKS, {"state": "lost"}).status_code == 400


def test_a_claim_keeps_others_away_until_it_is_given_back(ada: APIClient, task: ReviewTask) -> None:
    cleo = client_of("cleo")
    claimed = ada.post(f"{TASKS}{task.pk}/claim/")
    assert claimed.status_code == 200
    assert claimed.json()["claimed_by"] == "ada"
    assert cleo.post(f"{TASKS}{task.pk}/claim/").status_code == 409
    assert cleo.post(f"{TASKS}{task.pk}/decide/", {"judgement": "match"}).status_code == 409
    assert ada.post(f"{TASKS}{task.pk}/release/").json()["claimed_by"] is None
    assert cleo.post(f"{TASKS}{task.pk}/claim/").status_code == 200


def test_an_answer_is_carried_out_and_can_be_taken_back(
    ada: APIClient, task: ReviewTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stewardship.actions.ask_anew.hand_over", lambda *_, **__: None)
    done = ada.post(f"{TASKS}{task.pk}/decide/", {"judgement": "match", "reason": "same birthday"})
    assert done.status_code == 200
    assert done.json()["state"] == "done"
    assert Decision.objects.get().reason == "same birthday"
    assert ada.post(f"{TASKS}{task.pk}/decide/", {"judgement": "no_match"}).status_code == 409
    assert ada.post(f"{TASKS}{task.pk}/undo/").json()["state"] == "open"
    assert not Decision.objects.filter(retracted_at=None).exists()


def test_an_answer_may_leave_records_out_and_name_its_reason(ada: APIClient, task: ReviewTask) -> None:
    said = {"judgement": "match", "code": "moved", "left_out": [str(task.left_id)]}
    refused = ada.post(f"{TASKS}{task.pk}/decide/", said)
    assert refused.status_code == 409
    assert "at least one record on each side" in refused.json()["detail"]
    assert ada.post(f"{TASKS}{task.pk}/decide/", {**said, "code": "no-such"}).status_code == 400
    done = ada.post(f"{TASKS}{task.pk}/decide/", {"judgement": "match", "code": "moved"})
    assert done.json()["reason"] == "Moved"


def test_the_queue_is_narrowed_by_name_and_by_whose_it_is(ada: APIClient, task: ReviewTask) -> None:
    assert len(ada.get(TASKS, {"q": "anne", "whose": "unassigned"}).json()["results"]) == 1
    assert ada.get(TASKS, {"whose": "mine"}).json()["results"] == []
    assert ada.get(TASKS, {"whose": "theirs"}).status_code == 400


def test_a_note_stays_with_the_task(ada: APIClient, task: ReviewTask) -> None:
    said = ada.post(f"{TASKS}{task.pk}/comment/", {"text": "Asked the branch."})
    assert said.status_code == 201
    assert said.json()["author"] == "ada"
    assert ada.post(f"{TASKS}{task.pk}/comment/", {"text": ""}).status_code == 400


@pytest.mark.parametrize("act", ["claim", "release", "decide", "undo", "comment"])
@pytest.mark.parametrize("name", ["ben", "dan", "sam"])
def test_who_is_no_steward_does_nothing_to_a_task(task: ReviewTask, name: str, act: str) -> None:
    client = client_of(name)
    assert client.get(f"{TASKS}{task.pk}/").status_code == 200
    assert client.post(f"{TASKS}{task.pk}/{act}/", {"judgement": "match", "text": "x"}).status_code == 403


def test_a_task_that_is_not_there_is_404(ada: APIClient) -> None:
    assert ada.get(f"{TASKS}999/").status_code == 404
    assert ada.post(f"{TASKS}999/claim/").status_code == 404


def test_the_addresses_are_those_of_the_contract() -> None:
    assert reverse("stewardship-api:tasks") == TASKS


def test_news_of_an_lei_is_told_in_words_and_noted(ada: APIClient) -> None:
    party = take_in("1", a_company("Fiordland Bank"), kind="legal_entity")
    task = ReviewTask.objects.create(kind=TaskKind.LEI_STATUS, party_a_id=party, news="5493001KJTIIGC8Y1R12 lapsed")
    shown = ada.get(f"{TASKS}{task.pk}/").json()
    assert shown["news"] == [{"lei": "5493001KJTIIGC8Y1R12", "says": "its registration has lapsed"}]
    refused = ada.post(f"{TASKS}{task.pk}/decide/", {"judgement": "noted"})
    assert refused.status_code == 409
    assert "Say what you found out" in refused.json()["detail"]
    noted = ada.post(f"{TASKS}{task.pk}/decide/", {"judgement": "noted", "reason": "They renew it in May."}).json()
    assert (noted["state"], noted["judgement"], noted["reason"]) == ("done", "noted", "They renew it in May.")
    assert ada.post(f"{TASKS}{task.pk}/undo/").json()["state"] == "open"
