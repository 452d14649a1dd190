"""Decisions that cannot all hold: a steward sees which they are, and takes one back or answers anew."""

import pytest
from django.test import Client

from party_hub.models import SourceRecord
from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.models import ReviewTask, TaskKind, TaskState
from tests.factories import party_holding
from tests.stewardship.conftest import SignedIn
from tests.stewardship.opposing import opposed_records

pytestmark = pytest.mark.django_db


@pytest.fixture
def records() -> list[SourceRecord]:
    return opposed_records()


@pytest.fixture
def conflict(records: list[SourceRecord]) -> ReviewTask:
    return ReviewTask.objects.get(state=TaskState.OPEN)


def ways_to_say_it(task: ReviewTask, client: Client) -> list[str]:
    page = client.get(f"/tasks/{task.pk}/")
    return [decision.sentence for decision in page.context["opposed"]]


def test_a_match_that_other_decisions_overrule_is_a_conflict(
    conflict: ReviewTask, records: list[SourceRecord], signed_in: SignedIn
) -> None:
    assert conflict.kind == TaskKind.CONFLICT
    assert party_holding(records[0]) != party_holding(records[2])
    match, against = ways_to_say_it(conflict, signed_in("ada"))
    assert match.startswith("ada decided on ")
    assert "Anna (crm:C-Anna)" in match
    assert match.endswith("are the same.")
    assert against.startswith("cleo decided on ")
    assert all(name in against for name in ("Ann (crm:C-Ann)", "Anne (crm:C-Anne)"))
    assert against.endswith("are different.")


def test_asking_again_does_not_ask_twice(conflict: ReviewTask) -> None:
    refresh_tasks()
    assert ReviewTask.objects.get(state=TaskState.OPEN) == conflict


def test_taking_one_of_them_back_ends_the_conflict(
    conflict: ReviewTask, records: list[SourceRecord], signed_in: SignedIn
) -> None:
    client = signed_in("cleo")
    against = client.get(f"/tasks/{conflict.pk}/").context["opposed"][-1]
    assert against.undoable
    answer = client.post(f"/acts/{against.act}/undo/", {"next": f"/tasks/{conflict.pk}/"})
    assert answer["Location"] == f"/tasks/{conflict.pk}/"
    assert len({party_holding(record) for record in records}) == 1
    assert not ReviewTask.objects.filter(state=TaskState.OPEN).exists()


def test_whoever_takes_the_match_back_sees_the_conflict_gone_at_once(
    conflict: ReviewTask, records: list[SourceRecord], signed_in: SignedIn
) -> None:
    client = signed_in("ada")
    match = client.get(f"/tasks/{conflict.pk}/").context["opposed"][0]
    queue = client.post(f"/acts/{match.act}/undo/", {"next": "/tasks/"}, follow=True).content.decode()
    assert f"/tasks/{conflict.pk}/" not in queue
    assert party_holding(records[0]) != party_holding(records[2])


def test_a_match_that_cannot_come_about_is_not_offered(conflict: ReviewTask, signed_in: SignedIn) -> None:
    page = signed_in("ada").get(f"/tasks/{conflict.pk}/").content.decode()
    button = page[page.index('value="match"') : page.index('value="no_match"')]
    assert "disabled" in button.partition(">")[0]
    assert "Undo that decision first." in button.partition(">")[0]


def test_a_match_that_nothing_stands_against_is_offered(question: ReviewTask, signed_in: SignedIn) -> None:
    page = signed_in("ada").get(f"/tasks/{question.pk}/").content.decode()
    assert "disabled" not in page[page.index('value="match"') :].partition(">")[0]


def test_answering_no_match_replaces_the_match_that_could_not_hold(conflict: ReviewTask, signed_in: SignedIn) -> None:
    signed_in("ada").post(f"/tasks/{conflict.pk}/decide/", {"judgement": "no_match"})
    refresh_tasks()
    assert not ReviewTask.objects.filter(state=TaskState.OPEN).exists()


def test_a_link_against_a_decision_is_a_conflict_without_opposed_decisions(
    question: ReviewTask, signed_in: SignedIn
) -> None:
    ReviewTask.objects.filter(pk=question.pk).update(kind=TaskKind.CONFLICT)
    assert ways_to_say_it(question, signed_in("ada")) == []
