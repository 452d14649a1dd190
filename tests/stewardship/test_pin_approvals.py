"""A pin on an identifier, or on a party that matters, is somebody else's to approve."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from party_hub.actions.errors import Conflict
from party_hub.actions.forbid_value import Statement
from party_hub.models import GoldenRecord, Party, Pin
from stewardship.actions.approve import approve, do_or_propose
from stewardship.models import Approval, ApprovalLevel
from stewardship.proposal import a_pin, a_silence
from stewardship.queries.approvals import shown
from tests.factories import SourceRecordFactory, a_company, a_person, party_of
from tests.party_hub.api.conftest import client_of, path
from tests.people import person
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db
LEI = {"scheme": "lei", "value": "5493001KJTIIGC8Y1R12", "country": "", "valid": True}


@pytest.fixture
def firm() -> Party:
    return party_of(SourceRecordFactory(party_type="organisation", attributes=a_company(identifiers=[LEI])))


def proposed(firm: Party) -> Approval:
    silence = a_silence(firm.pk, "identifiers", Statement(source="crm"), "It is the parent's.")
    approval = do_or_propose(proposal=silence, user=person("ada")).approval
    assert approval is not None
    return approval


def values_of(party: Party) -> dict[str, Any]:
    return dict(GoldenRecord.objects.get(pk=party.pk).values)


def test_a_pin_on_an_ordinary_value_holds_at_once(firm: Party) -> None:
    assert do_or_propose(proposal=a_pin(firm.pk, "legal_form", "LLP", "Register."), user=person("ada")).act
    assert values_of(firm)["legal_form"] == "LLP"


def test_whoever_touches_an_identifier_waits_for_somebody_else(firm: Party) -> None:
    approval = proposed(firm)
    assert [risk["measure"] for risk in approval.risks] == ["pinned_identifier"]
    assert values_of(firm)["identifiers"] == [LEI]
    with pytest.raises(Conflict, match="yourself"):
        approve(approval=approval, user=person("ada"))
    act = approve(approval=approval, user=person("cleo"))
    assert "identifiers" not in values_of(firm)
    pin = Pin.objects.get()
    assert (pin.author, pin.act, pin.reason) == ("user:ada", act.id, "It is the parent's.")


def test_the_database_itself_refuses_the_proposer(firm: Party) -> None:
    approval = proposed(firm)
    approval.state, approval.decided_by, approval.decided_at = "approved", approval.proposed_by, timezone.now()
    with pytest.raises(IntegrityError, match="approval_by_somebody_else"), transaction.atomic():
        approval.save()


def test_a_pin_on_a_party_with_many_records_waits_too() -> None:
    ApprovalLevel.objects.filter(act="", measure="records").update(at_least=3)
    party = party_of(*SourceRecordFactory.create_batch(3, attributes=a_person()))
    approval = do_or_propose(proposal=a_pin(party.pk, "gender", "female", "Seen."), user=person("ada")).approval
    assert approval is not None
    assert [risk["measure"] for risk in approval.risks] == ["records"]
    approve(approval=approval, user=person("cleo"))
    assert values_of(party)["gender"] == "female"


def test_the_page_proposes_and_shows_what_it_will_do(firm: Party, signed_in: SignedIn) -> None:
    ApprovalLevel.objects.create(act="pin", measure="always")
    form = {"attribute": "legal_form", "value": "LLP", "reason": "Register of 3 March.", "expires_at": "2036-01-01"}
    answer = signed_in("ada").post(f"/parties/{firm.pk}/", form)
    approval = Approval.objects.get()
    assert answer["Location"] == f"/approvals/{approval.pk}/"
    page = signed_in("cleo").get(f"/approvals/{approval.pk}/").content.decode()
    for said in ("Legal form of Northwind Traders Ltd is set by hand", "It ends on 2036-01-01", "LLP"):
        assert said in page
    assert shown(approval, personal=True).same_outcome
    verdict = {"verdict": "approve", f"version_{firm.pk}": "1"}
    signed_in("cleo").post(f"/approvals/{approval.pk}/", verdict)
    assert values_of(firm)["legal_form"] == "LLP"


def test_rest_answers_202_with_the_approval(firm: Party) -> None:
    ada = client_of("ada")
    pin = {"attribute": "identifiers", "forbid": {"source": "crm"}, "reason": "It is the parent's."}
    answer = ada.post(path(firm.pk, "pins/"), pin, format="json", headers={"If-Match": "*"})
    assert answer.status_code == 202
    assert answer.json()["kind"] == "pin"
    number = answer.json()["approval"]
    done = client_of("cleo").post(f"/api/v1/approvals/{number}/approve/", {}, headers={"If-Match": "*"})
    assert done.status_code == 200
    assert ada.get(path(firm.pk, "pins/")).json()["results"][0]["source"] == "crm"


def test_a_personal_value_that_waits_is_not_shown_to_a_viewer() -> None:
    ApprovalLevel.objects.create(act="pin", measure="always")
    ann = party_of(SourceRecordFactory(attributes=a_person()))
    do_or_propose(proposal=a_pin(ann.pk, "date_of_birth", "1971-02-03", "Passport."), user=person("ada"))
    for name, seen in (("ada", True), ("ben", False)):
        assert ("1971-02-03" in client_of(name).get("/api/v1/approvals/").content.decode()) is seen
