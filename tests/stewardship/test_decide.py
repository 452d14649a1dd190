"""Deciding a task through its page, and the way back."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from party_hub.actions.errors import Conflict
from party_hub.domain.judgement import Judgement
from party_hub.models import AuditEntry, Decision, OutboxEvent, Party, Redirect
from stewardship.actions.decide_task import decide_task, undo_decision
from stewardship.actions.lease import Held, claim_task, release_task
from stewardship.models import Comment, Lease, ReviewTask, TaskState
from tests.people import person
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db


def test_a_match_merges_the_parties_and_goes_on_to_the_next_task(question: ReviewTask, signed_in: SignedIn) -> None:
    answer = signed_in("ada").post(f"/tasks/{question.pk}/decide/", {"judgement": "match", "reason": "Same birthday."})
    question.refresh_from_db()
    assert answer["Location"] == f"/tasks/?decided={question.pk}"
    assert (question.state, question.judgement, question.decided_by) == (TaskState.DONE, "match", person("ada"))
    assert Redirect.objects.filter(retired__in=[question.party_a_id, question.party_b_id]).count() == 1
    decision = Decision.objects.get()
    assert (decision.author, decision.reason, decision.act) == ("user:ada", "Same birthday.", question.act)
    assert AuditEntry.objects.filter(act=question.act, actor="user:ada").exists()
    assert OutboxEvent.objects.filter(type="party.merged").count() == 1


def test_no_match_keeps_all_their_records_apart(question: ReviewTask, signed_in: SignedIn) -> None:
    signed_in("ada").post(f"/tasks/{question.pk}/decide/", {"judgement": "no_match"})
    assert Decision.objects.filter(judgement=Judgement.NO_MATCH, retracted_at=None).count() == 2
    assert not Redirect.objects.exists()


def test_unsure_is_noted_and_changes_no_party(question: ReviewTask, signed_in: SignedIn) -> None:
    versions = set(Party.objects.values_list("pk", "version"))
    signed_in("ada").post(f"/tasks/{question.pk}/decide/", {"judgement": "unsure", "reason": "Twins?"})
    assert Decision.objects.get().judgement == Judgement.UNSURE
    assert set(Party.objects.values_list("pk", "version")) == versions


def test_the_page_after_a_decision_offers_the_way_back(question: ReviewTask, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    page = client.post(f"/tasks/{question.pk}/decide/", {"judgement": "match"}, follow=True).content.decode()
    assert 'data-testid="undo"' in page
    assert 'aria-keyshortcuts="z"' in page


def test_undo_brings_both_parties_back_and_asks_again(question: ReviewTask, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    client.post(f"/tasks/{question.pk}/decide/", {"judgement": "match"})
    client.post(f"/tasks/{question.pk}/undo/")
    question.refresh_from_db()
    assert (question.state, question.judgement, question.act) == (TaskState.OPEN, "", None)
    parties = Party.objects.filter(pk__in=[question.party_a_id, question.party_b_id], status="active")
    assert parties.count() == 2
    assert not Decision.objects.filter(retracted_at=None).exists()


def test_a_task_is_decided_once(question: ReviewTask, ada: User) -> None:
    decide_task(task=question, user=ada, judgement=Judgement.UNSURE)
    with pytest.raises(Conflict):
        decide_task(task=question, user=ada, judgement=Judgement.MATCH)


def test_a_second_answer_from_a_stale_page_is_refused_with_a_sentence(
    question: ReviewTask, signed_in: SignedIn
) -> None:
    for name in ("ada", "cleo"):
        answer = signed_in(name).post(f"/tasks/{question.pk}/decide/", {"judgement": "no_match"}, follow=True)
    assert "answered in the meantime" in answer.content.decode()


def test_only_a_lead_takes_back_what_another_has_decided(question: ReviewTask, ada: User) -> None:
    decide_task(task=question, user=person("cleo"), judgement=Judgement.UNSURE)
    with pytest.raises(Conflict):
        undo_decision(task=question, user=ada)
    undo_decision(task=question, user=person("cleo"))


def test_what_one_steward_claims_another_cannot_decide(question: ReviewTask, ada: User) -> None:
    claim_task(task=question, user=ada)
    with pytest.raises(Held, match="ada"):
        decide_task(task=question, user=person("cleo"), judgement=Judgement.MATCH)
    with pytest.raises(Held):
        claim_task(task=question, user=person("cleo"))


def test_a_claim_runs_out_by_itself(question: ReviewTask, ada: User) -> None:
    claim_task(task=question, user=ada)
    Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    claim_task(task=question, user=person("cleo"))
    assert Lease.objects.get().holder == person("cleo")


def test_a_claim_can_be_given_back(question: ReviewTask, ada: User) -> None:
    claim_task(task=question, user=ada)
    release_task(task=question, user=person("cleo"))
    assert Lease.objects.exists()
    release_task(task=question, user=ada)
    assert not Lease.objects.exists()


def test_the_next_task_passes_over_what_others_hold(question: ReviewTask, ada: User, signed_in: SignedIn) -> None:
    claim_task(task=question, user=person("cleo"))
    assert signed_in("ada").get("/tasks/next/")["Location"] == "/tasks/"
    assert signed_in("cleo").get("/tasks/next/")["Location"] == f"/tasks/{question.pk}/"


def test_a_comment_stays_with_the_task(question: ReviewTask, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    page = client.post(f"/tasks/{question.pk}/comment/", {"text": "Ask the branch."}, follow=True).content.decode()
    assert "Ask the branch." in page
    assert Comment.objects.get().author == person("ada")


def test_an_answer_that_is_none_changes_nothing(question: ReviewTask, signed_in: SignedIn) -> None:
    signed_in("ada").post(f"/tasks/{question.pk}/decide/", {"judgement": "perhaps"})
    question.refresh_from_db()
    assert question.state == TaskState.OPEN


def test_any_act_can_be_taken_back_from_the_history(question: ReviewTask, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    client.post(f"/tasks/{question.pk}/decide/", {"judgement": "match"})
    question.refresh_from_db()
    answer = client.post(f"/acts/{question.act}/undo/", {"next": "/activity/"})
    question.refresh_from_db()
    assert (answer["Location"], question.state) == ("/activity/", TaskState.OPEN)
