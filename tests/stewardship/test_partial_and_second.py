"""Answers between yes and no: all but some records, and unsure, which a second reader settles."""

import pytest
from django.contrib.auth.models import User

from party_hub.actions.errors import Conflict
from party_hub.actions.match_partly import match_partly
from party_hub.domain.judgement import Judgement
from party_hub.models import Decision, SourceRecord
from stewardship.actions.comment_task import comment_task
from stewardship.actions.decide_task import decide_task, undo_decision
from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.models import Mention, ReasonCode, ReviewTask, TaskState
from stewardship.queries.next_task import next_task
from tests.factories import party_holding
from tests.people import person
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def foreign(question: ReviewTask) -> SourceRecord:
    """The D&B record of the larger party: beside the question, not part of it."""
    return SourceRecord.objects.get(source="dnb")


def second_reading() -> ReviewTask:
    return ReviewTask.objects.get(first_reader__isnull=False, state=TaskState.OPEN)


def test_a_match_without_a_record_is_previewed_done_and_undone(
    question: ReviewTask, foreign: SourceRecord, signed_in: SignedIn
) -> None:
    before = {record: party_holding(record) for record in SourceRecord.objects.all()}
    client = signed_in("ada")
    page = client.get(f"/tasks/{question.pk}/?by=record&left_out={foreign.pk}").content.decode()
    assert "1 record is left out" in page
    assert f'name="left_out" value="{foreign.pk}"' in page
    client.post(f"/tasks/{question.pk}/decide/", {"judgement": "match", "left_out": [str(foreign.pk)]})
    assert party_holding(question.left) == party_holding(question.right) != party_holding(foreign)
    undo_decision(task=question, user=person("ada"))
    assert {record: party_holding(record) for record in before} == before


def test_a_side_keeps_at_least_one_record(question: ReviewTask) -> None:
    alone = next(record for record in (question.left, question.right) if party_holding(record).golden.record_count == 1)
    for left_out in ([alone.pk], [question.party_a_id]):
        with pytest.raises(Conflict):
            match_partly(a=question.party_a_id, b=question.party_b_id, left_out=left_out, actor="user:ada")
    assert not Decision.objects.exists()


def test_a_page_says_when_a_side_would_be_empty(question: ReviewTask, signed_in: SignedIn) -> None:
    every = "&".join(f"left_out={record.pk}" for record in SourceRecord.objects.all())
    page = signed_in("ada").get(f"/tasks/{question.pk}/?by=record&{every}").content.decode()
    assert "Each side keeps at least one record" in page


def test_unsure_goes_to_a_second_reader(question: ReviewTask, ada: User) -> None:
    decide_task(task=question, user=ada, judgement=Judgement.UNSURE)
    refresh_tasks()
    again = second_reading()
    assert next_task(ada) is None
    with pytest.raises(Conflict, match="second reader"):
        decide_task(task=again, user=ada, judgement=Judgement.MATCH)
    assert next_task(person("cleo")) == again.pk
    decide_task(task=again, user=person("cleo"), judgement=Judgement.MATCH)
    assert party_holding(question.left) == party_holding(question.right)


def test_two_who_cannot_tell_are_the_end_of_it(question: ReviewTask, ada: User) -> None:
    decide_task(task=question, user=ada, judgement=Judgement.UNSURE)
    again = decide_task(task=second_reading(), user=person("cleo"), judgement=Judgement.UNSURE)
    assert refresh_tasks().open == 0
    undo_decision(task=again, user=person("cleo"))
    assert second_reading() == again


def test_taking_back_unsure_calls_the_second_reader_off(question: ReviewTask, ada: User) -> None:
    decide_task(task=question, user=ada, judgement=Judgement.UNSURE)
    undo_decision(task=question, user=ada)
    assert [task.pk for task in ReviewTask.objects.filter(state=TaskState.OPEN)] == [question.pk]
    assert refresh_tasks().open == 1


def test_unsure_is_not_taken_back_under_a_second_reader(question: ReviewTask, ada: User) -> None:
    decide_task(task=question, user=ada, judgement=Judgement.UNSURE)
    decide_task(task=second_reading(), user=person("cleo"), judgement=Judgement.NO_MATCH)
    with pytest.raises(Conflict, match="second reader"):
        undo_decision(task=question, user=ada)


def test_a_reason_from_the_list_stands_before_ones_own_words(question: ReviewTask, signed_in: SignedIn) -> None:
    signed_in("ada").post(
        f"/tasks/{question.pk}/decide/", {"judgement": "match", "code": "moved", "reason": "Told the branch."}
    )
    assert Decision.objects.get().reason == "Moved: Told the branch."
    question.refresh_from_db()
    assert question.reason_code == ReasonCode.objects.get(code="moved")


def test_a_reason_for_another_answer_is_refused(question: ReviewTask, ada: User) -> None:
    with pytest.raises(Conflict, match="does not go with"):
        decide_task(task=question, user=ada, judgement=Judgement.NO_MATCH, code=ReasonCode.objects.get(code="moved"))


def test_a_hub_may_ask_for_a_reason_every_time(question: ReviewTask, ada: User, settings: object) -> None:
    settings.REASON_CODE_REQUIRED = True  # type: ignore[attr-defined]
    with pytest.raises(Conflict, match="Choose a reason"):
        decide_task(task=question, user=ada, judgement=Judgement.MATCH)


def test_whoever_is_named_with_an_at_sign_finds_the_comment(question: ReviewTask, signed_in: SignedIn) -> None:
    cleo = person("cleo")
    comment_task(task=question, user=person("ada"), text="@cleo and @nobody: twins? Mail ada@cleo.example.")
    assert [mention.user for mention in Mention.objects.all()] == [cleo]
    assert "mentioned" in signed_in("cleo").get("/").content.decode()
    signed_in("cleo").get(f"/tasks/{question.pk}/")
    assert not Mention.objects.filter(seen_at=None).exists()


def test_the_last_answers_are_a_page_away_each_with_the_way_back(question: ReviewTask, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    client.post(f"/tasks/{question.pk}/decide/", {"judgement": "no_match"})
    page = client.get("/tasks/decided/").content.decode()
    assert page.count('data-testid="decided-row"') == 1
    assert f"/tasks/{question.pk}/undo/" in page


def test_undo_offers_the_answer_before_it(question: ReviewTask, ada: User, signed_in: SignedIn) -> None:
    earlier = ReviewTask.objects.create(
        party_a=question.party_a, party_b=question.party_b, left=question.left, right=question.right, kind="conflict"
    )
    decide_task(task=earlier, user=ada, judgement=Judgement.UNSURE)
    decide_task(task=question, user=ada, judgement=Judgement.NO_MATCH)
    answer = signed_in("ada").post(f"/tasks/{question.pk}/undo/")
    assert answer["Location"] == f"/tasks/{question.pk}/?decided={earlier.pk}"
