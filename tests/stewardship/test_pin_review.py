"""Pins are looked at again when the sources beneath them change or their end comes near."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from party_hub.actions.errors import Conflict
from party_hub.actions.forbid_value import Statement, forbid_value
from party_hub.actions.merge_parties import merge_parties
from party_hub.actions.pin_value import pin_value
from party_hub.actions.pins import end_pin
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.domain.judgement import Judgement
from party_hub.models import GoldenRecord, Party, Pin, SourceRecord
from stewardship.actions.decide_task import decide_task, undo_decision
from stewardship.actions.refresh_pin_tasks import review_pins
from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.actions.review_pin import review_pin
from stewardship.models import PinAnswer, ReviewTask, TaskKind, TaskState
from tests.factories import SourceRecordFactory, a_party, a_person, party_of
from tests.people import ada
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db

ADA = "user:ada"


@pytest.fixture
def party() -> Party:
    """Ann, born as two sources say it."""
    one = SourceRecordFactory(key="1", attributes=a_person("Ann Smith", date_of_birth="1984-03-12"))
    other = SourceRecordFactory(source_id="markit", key="2", attributes=a_person(date_of_birth="1984-12-03"))
    return party_of(one, other)


def pinned(party: Party, **more: Any) -> Pin:
    said = {"attribute": "date_of_birth", "value": "1984-01-01", "reason": "passport"} | more
    return pin_value(party=party.pk, actor=ADA, **said)


def source_says(key: str, born: str) -> None:
    """The record of this key says another date, and the party follows."""
    record = SourceRecord.objects.get(key=key)
    record.attributes = record.attributes | {"date_of_birth": born}
    record.save()
    resolve_parties(records=[record.pk], actor="system:test")


def born(party: Party) -> str:
    return str(GoldenRecord.objects.get(pk=party.pk).values["date_of_birth"])


def the_task() -> ReviewTask:
    return ReviewTask.objects.get(state=TaskState.OPEN)


def test_a_pin_is_asked_about_when_the_value_beneath_it_changes(party: Party) -> None:
    pin = pinned(party)
    assert refresh_tasks().open == 0
    source_says("2", "1984-05-05")
    record = SourceRecord.objects.get(key="1")
    assert refresh_tasks(records=[record.pk]).opened == 1
    task = the_task()
    assert (task.kind, task.party_a_id, task.party_b_id, task.pin_id) == (TaskKind.PIN, party.pk, None, pin.pk)
    assert (refresh_tasks().opened, refresh_tasks().open) == (0, 1)


def test_a_change_that_would_not_win_is_no_question(party: Party) -> None:
    pinned(party)
    source_says("1", "1984-05-05")
    assert refresh_tasks().open == 0


def test_a_question_goes_away_with_its_reason_or_its_pin(party: Party) -> None:
    pin = pinned(party)
    source_says("2", "1984-05-05")
    refresh_tasks()
    source_says("2", "1984-12-03")
    assert refresh_tasks().dismissed == 1
    source_says("2", "1984-05-05")
    refresh_tasks()
    end_pin(party=party.pk, pin=pin.pk, actor=ADA)
    assert refresh_tasks().dismissed == 1


def test_what_is_forbidden_is_asked_about_when_the_source_corrects_itself(party: Party) -> None:
    what: dict[str, Any] = {"attribute": "date_of_birth", "statement": Statement(source="markit")}
    forbid_value(party=party.pk, actor=ADA, reason="misread", **what)
    assert refresh_tasks().open == 0
    source_says("2", "1984-05-05")
    assert refresh_tasks().open == 1


def test_a_pin_is_asked_about_two_weeks_before_its_end_and_found_by_the_clock_alone(party: Party) -> None:
    pin = pinned(party, expires_at=timezone.now() + timedelta(days=10))
    assert review_pins().opened == 0  # who set it knew
    Pin.objects.filter(pk=pin.pk).update(created_at=timezone.now() - timedelta(days=90))
    assert review_pins().opened == 1
    assert the_task().pin_id == pin.pk


def test_a_pin_that_came_with_an_absorbed_party_is_asked_about_its_survivor(party: Party) -> None:
    other = a_party("Anne Smith", source="dnb", date_of_birth="1990-01-01")
    pinned(other)
    merge_parties(parties=[party.pk, other.pk], actor=ADA, reason="same")
    refresh_tasks()
    assert the_task().party_a_id == party.pk


@pytest.mark.parametrize("answer", list(PinAnswer))
def test_each_answer_does_what_it_says_and_can_be_undone(party: Party, answer: PinAnswer) -> None:
    pinned(party, expires_at=timezone.now() + timedelta(days=60))
    source_says("2", "1984-05-05")
    refresh_tasks()
    later = timezone.now() + timedelta(days=365)
    task = review_pin(task=the_task(), user=ada(), answer=answer, reason="looked", expires_at=later)
    assert (task.state, task.judgement) == (TaskState.DONE, answer.value)
    live = Pin.objects.filter(retracted_at=None)
    if answer is PinAnswer.DROP:
        assert (born(party), live.count()) == ("1984-05-05", 0)
    else:
        assert (born(party), live.get().beneath) == ("1984-01-01", ["1984-05-05"])
        assert (live.get().expires_at == later) == (answer is PinAnswer.RENEW)
    refresh_tasks()
    assert not ReviewTask.objects.filter(state=TaskState.OPEN).exists()
    undo_decision(task=task, user=ada())
    refresh_tasks()
    assert (born(party), the_task().pk, the_task().pin.beneath) == ("1984-01-01", task.pk, ["1984-12-03"])


def test_a_pin_is_not_decided_like_a_pair_nor_a_pair_like_a_pin(party: Party, question: ReviewTask) -> None:
    with pytest.raises(Conflict, match="two parties"):
        review_pin(task=question, user=ada(), answer=PinAnswer.KEEP)
    pinned(party)
    source_says("2", "1984-05-05")
    refresh_tasks()
    task = ReviewTask.objects.get(kind=TaskKind.PIN)
    with pytest.raises(Conflict, match="keep, renew or drop"):
        decide_task(task=task, user=ada(), judgement=Judgement.MATCH)


def test_the_queue_and_the_page_show_what_was_and_what_is(party: Party, signed_in: SignedIn) -> None:
    pinned(party)
    source_says("2", "1984-05-05")
    refresh_tasks()
    client, task = signed_in("ada"), the_task()
    assert "Pin to review" in client.get("/tasks/?kind=pin").content.decode()
    assert "Pin to review" in client.get(f"/parties/{party.pk}/").content.decode()
    page = client.get(f"/tasks/{task.pk}/").content.decode()
    for text in ("1984-01-01", "1984-12-03", "1984-05-05", 'aria-keyshortcuts="e"', "passport"):
        assert text in page
    assert client.get(f"/tasks/{task.pk}/graph/").status_code == 404
    answer = client.post(f"/tasks/{task.pk}/pin/", {"answer": "drop", "reason": "they mended it"})
    assert answer["Location"] == f"/tasks/?decided={task.pk}"
    assert born(party) == "1984-05-05"
    assert "decided by ada" in client.get(f"/tasks/{task.pk}/").content.decode()
    assert "Pin to review" in client.get("/tasks/decided/").content.decode()
    client.post(f"/tasks/{task.pk}/undo/")
    assert born(party) == "1984-01-01"


@pytest.mark.parametrize(
    ("said", "words"),
    [({}, "Keep, renew or drop it?"), ({"answer": "renew", "expires_at": "2020-01-01"}, "has passed")],
)
def test_an_answer_that_lacks_something_says_so(
    said: dict[str, str], words: str, party: Party, signed_in: SignedIn
) -> None:
    pinned(party)
    source_says("2", "1984-05-05")
    refresh_tasks()
    page = signed_in("ada").post(f"/tasks/{the_task().pk}/pin/", said, follow=True).content.decode()
    assert words in page
    assert the_task().state == TaskState.OPEN


def test_a_viewer_sees_that_a_personal_value_changed_and_not_to_what(party: Party, signed_in: SignedIn) -> None:
    pinned(party)
    source_says("2", "1984-05-05")
    refresh_tasks()
    page = signed_in("ben").get(f"/tasks/{the_task().pk}/").content.decode()
    assert "1984-" not in page
    assert 'data-testid="pin-keep"' not in page


def test_another_front_end_lists_and_answers_it(party: Party) -> None:
    pin = pinned(party)
    source_says("2", "1984-05-05")
    refresh_tasks()
    client = APIClient()
    client.force_authenticate(ada())
    (listed,) = client.get("/api/v1/tasks/", {"kind": "pin"}).json()["results"]
    assert (listed["a"]["id"], listed["b"], listed["pin"]) == (str(party.pk), None, pin.pk)
    answer = client.post(f"/api/v1/tasks/{listed['id']}/decide/", {"judgement": "keep"}, format="json")
    assert (answer.status_code, answer.json()["judgement"]) == (200, "keep")
    assert Pin.objects.get(retracted_at=None).beneath == ["1984-05-05"]
