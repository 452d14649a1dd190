"""Decisions that cannot all hold: a steward sees which they are, and takes one back or answers anew."""

import pytest
from django.test import Client
from django.utils import timezone

from party_hub.actions.decide import decide
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.domain.judgement import Judgement
from party_hub.models import SourceRecord
from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.models import ReviewTask, TaskKind, TaskState
from tests.factories import SourceRecordFactory, a_person, party_holding
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db


def of(name: str, key: str) -> SourceRecord:
    record: SourceRecord = SourceRecordFactory(key=key, attributes=a_person(name))
    resolve_parties(records=[record.pk], actor="system:test")
    return record


def comes_and_goes(record: SourceRecord, *, withdrawn: bool) -> None:
    record.withdrawn_at = timezone.now() if withdrawn else None
    record.save()
    resolve_parties(records=[record.pk], actor="system:test")
    refresh_tasks(records=[record.pk])


@pytest.fixture
def records() -> list[SourceRecord]:
    """Ann, Anna and Anne. Ada has matched the first two and the last two; while Anna was withdrawn, Cleo parted the
    others. Now Anna is back.
    """
    ann, anna, anne = found = [of(name, key) for name, key in (("Ann", "C-1"), ("Anna", "C-2"), ("Anne", "C-3"))]
    for left, right in ((ann, anna), (anna, anne)):
        decide(left=left.pk, right=right.pk, judgement=Judgement.MATCH, actor="user:ada")
    comes_and_goes(anna, withdrawn=True)
    decide(left=ann.pk, right=anne.pk, judgement=Judgement.NO_MATCH, actor="user:cleo", reason="Born elsewhere.")
    assert not ReviewTask.objects.exists()
    comes_and_goes(anna, withdrawn=False)
    return found


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
    assert "Anna (crm:C-2)" in match
    assert match.endswith("are the same.")
    assert against.startswith("cleo decided on ")
    assert all(name in against for name in ("Ann (crm:C-1)", "Anne (crm:C-3)"))
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
    refresh_tasks()
    assert len({party_holding(record) for record in records}) == 1
    assert not ReviewTask.objects.filter(state=TaskState.OPEN).exists()


def test_answering_no_match_replaces_the_match_that_could_not_hold(conflict: ReviewTask, signed_in: SignedIn) -> None:
    signed_in("ada").post(f"/tasks/{conflict.pk}/decide/", {"judgement": "no_match"})
    refresh_tasks()
    assert not ReviewTask.objects.filter(state=TaskState.OPEN).exists()


def test_a_link_against_a_decision_is_a_conflict_without_opposed_decisions(
    question: ReviewTask, signed_in: SignedIn
) -> None:
    ReviewTask.objects.filter(pk=question.pk).update(kind=TaskKind.CONFLICT)
    assert ways_to_say_it(question, signed_in("ada")) == []
