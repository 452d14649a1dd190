"""Four eyes on the pages: propose, look, approve; and questions of the queue that weigh too much."""

import pytest

from party_hub.actions.pin_value import pin_value
from party_hub.models import Party
from stewardship.actions.approve import approve
from stewardship.models import ActKind, Approval, ReviewTask
from tests.people import person
from tests.stewardship.approving import alive, four_eyes_for, propose_merge
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db


def test_pages_propose_and_approve(two: tuple[Party, Party], signed_in: SignedIn) -> None:
    four_eyes_for(ActKind.MERGE)
    ada, cleo = signed_in("ada"), signed_in("cleo")
    preview = ada.get(f"/parties/merge/?a={two[0].pk}&b={two[1].pk}").content.decode()
    assert "second pair of eyes" in preview
    sent = {"party": [str(party.pk) for party in two], "reason": "Same person."}
    where = ada.post("/parties/merge/", sent)["Location"]
    assert "Somebody else approves" in ada.get(where).content.decode().replace("somebody else", "Somebody else")
    assert "Ann Smith" in cleo.get("/approvals/").content.decode()
    page = cleo.get(where)
    assert 'data-testid="impact"' in page.content.decode()
    seen = [f"{party.pk}:{Party.objects.get(pk=party.pk).version}" for party in two]
    assert cleo.post(where, {"verdict": "approve", "seen": seen}).status_code == 302
    assert alive() == 1


def test_an_approval_of_what_has_just_changed_is_412_and_keeps_the_note(
    proposed: Approval, two: tuple[Party, Party], signed_in: SignedIn
) -> None:
    seen = [f"{party.pk}:{Party.objects.get(pk=party.pk).version}" for party in two]
    pin_value(party=two[0].pk, attribute="gender", value="female", actor="user:ada", reason="Passport.")
    answer = signed_in("cleo").post(
        f"/approvals/{proposed.pk}/", {"verdict": "approve", "seen": seen, "note": "Looked it up."}
    )
    assert answer.status_code == 412
    assert "Gender" in answer.content.decode()
    assert 'value="Looked it up."' in answer.content.decode()
    assert alive() == 2


def test_who_may_not_approve_is_refused(proposed: Approval, signed_in: SignedIn) -> None:
    assert signed_in("ben").post(f"/approvals/{proposed.pk}/", {"verdict": "approve"}).status_code == 403
    assert alive() == 2


def test_a_weighty_match_of_the_queue_is_proposed_as_a_merge(question: ReviewTask, signed_in: SignedIn) -> None:
    four_eyes_for(ActKind.MERGE)
    answer = signed_in("ada").post(f"/tasks/{question.pk}/decide/", {"judgement": "match"})
    assert answer["Location"] == f"/parties/merge/?a={question.party_a_id}&b={question.party_b_id}"
    question.refresh_from_db()
    assert question.state == "open"
    assert alive() == 2
    assert signed_in("ada").post(f"/tasks/{question.pk}/decide/", {"judgement": "no_match"}).status_code == 302


def test_an_approved_merge_answers_the_questions_about_the_two(question: ReviewTask) -> None:
    four_eyes_for(ActKind.MERGE)
    approval = propose_merge(question.party_a, question.party_b)
    approve(approval=approval, user=person("cleo"))
    question.refresh_from_db()
    assert question.state == "dismissed"
