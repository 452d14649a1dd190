"""Four eyes: what is weighty waits for somebody else, and nobody gets around it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from party_hub.actions.errors import Conflict, Stale
from party_hub.actions.pin_value import pin_value
from party_hub.models import AuditEntry, Decision, Party
from stewardship.actions.approve import Outcome, approve, do_or_propose, expire_approvals, reject, withdraw
from stewardship.models import ActKind, Approval, ApprovalLevel, Measure, ReviewTask
from stewardship.proposal import a_merge, a_move, a_split
from stewardship.queries.approvals import shown
from tests.factories import SourceRecordFactory, a_party, a_person, party_of
from tests.people import person
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db


def lei(value: str) -> dict[str, Any]:
    return {"scheme": "lei", "value": value, "country": "", "valid": True}


def four_eyes_for(kind: ActKind) -> None:
    ApprovalLevel.objects.create(act=kind, measure=Measure.ALWAYS)


@pytest.fixture
def two() -> tuple[Party, Party]:
    return a_party("Ann Smith"), a_party("Anne Smith")


@pytest.fixture
def proposed(two: tuple[Party, Party]) -> Approval:
    """Ada proposes a merge."""
    four_eyes_for(ActKind.MERGE)
    return propose_merge(*two)


def propose_merge(*parties: Party) -> Approval:
    proposal = a_merge(tuple(party.pk for party in parties), "Same person.")
    approval = do_or_propose(proposal=proposal, user=person("ada")).approval
    assert approval is not None
    return approval


def alive() -> int:
    return Party.objects.filter(status="active").count()


def test_what_is_light_is_done_at_once(two: tuple[Party, Party]) -> None:
    outcome = do_or_propose(proposal=a_merge((two[0].pk, two[1].pk), "Same person."), user=person("ada"))
    assert outcome.act is not None
    assert alive() == 1


def test_what_is_weighty_waits_and_changes_nothing(proposed: Approval) -> None:
    assert proposed.waits
    assert alive() == 2
    assert not Decision.objects.exists()
    assert AuditEntry.objects.filter(verb="propose_merge", actor="user:ada").exists()


def many_records() -> Outcome:
    party = party_of(*SourceRecordFactory.create_batch(3, attributes=a_person()))
    ApprovalLevel.objects.filter(measure="records").update(at_least=4)
    return do_or_propose(proposal=a_merge((party.pk, a_party().pk), "Same."), user=person("ada"))


def many_parties() -> Outcome:
    parties = tuple(a_party().pk for _ in range(4))
    return do_or_propose(proposal=a_merge(parties, "All the same."), user=person("ada"))


def two_leis() -> Outcome:
    parties = [a_party(identifiers=[lei(value)]).pk for value in ("5493001KJTIIGC8Y1R12", "213800WSGIIZCXF1P572")]
    return do_or_propose(proposal=a_merge(tuple(parties), "One was renamed."), user=person("ada"))


@pytest.mark.parametrize(
    ("weighty", "measure"), [(many_records, "records"), (many_parties, "parties"), (two_leis, "identifiers")]
)
def test_size_number_and_identifiers_ask_for_four_eyes(weighty: Callable[[], Outcome], measure: str) -> None:
    approval = weighty().approval
    assert approval is not None
    assert [risk["measure"] for risk in approval.risks] == [measure]


def test_a_level_of_the_act_itself_goes_before_the_one_for_all(two: tuple[Party, Party]) -> None:
    ApprovalLevel.objects.filter(measure="records").update(at_least=1)
    ApprovalLevel.objects.create(act="merge", measure="records", at_least=50)
    assert do_or_propose(proposal=a_merge((two[0].pk, two[1].pk), "Same."), user=person("ada")).act


def test_somebody_else_approves_and_it_is_done_in_the_proposers_name(proposed: Approval) -> None:
    act = approve(approval=proposed, user=person("cleo"), note="Checked the register.")
    proposed.refresh_from_db()
    assert (proposed.state, proposed.act) == ("approved", act.id)
    assert alive() == 1
    assert Decision.objects.get().author == "user:ada"
    audited = {entry.verb: entry.actor for entry in AuditEntry.objects.filter(act=act.id)}
    assert audited == {"merge_parties": "user:ada", "approve_merge": "user:cleo"}


def test_nobody_approves_or_rejects_their_own(proposed: Approval) -> None:
    for act in (approve, reject):
        with pytest.raises(Conflict, match="You proposed this yourself"):
            act(approval=proposed, user=person("ada"), note="Trust me.")  # type: ignore[operator]
    assert alive() == 2


def test_a_rejection_needs_a_reason_and_does_nothing(proposed: Approval) -> None:
    with pytest.raises(Conflict, match="Say why"):
        reject(approval=proposed, user=person("cleo"), note=" ")
    assert reject(approval=proposed, user=person("cleo"), note="Twins.").state == "rejected"
    with pytest.raises(Conflict, match="rejected and can no longer"):
        approve(approval=proposed, user=person("dan"))
    assert alive() == 2


def test_only_the_proposer_withdraws(proposed: Approval) -> None:
    with pytest.raises(Conflict, match="Only who proposed"):
        withdraw(approval=proposed, user=person("cleo"))
    assert withdraw(approval=proposed, user=person("ada")).state == "withdrawn"


def lapse(approval: Approval) -> None:
    """As if the week had passed: the guard forbids it, so it is asked to look away."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE stewardship_approval DISABLE TRIGGER approval_guard")
        past = timezone.now() - timedelta(days=1)
        Approval.objects.update(proposed_at=past - timedelta(days=7), expires_at=past)
        cursor.execute("ALTER TABLE stewardship_approval ENABLE TRIGGER approval_guard")
    approval.refresh_from_db()


def test_a_proposal_lapses(proposed: Approval) -> None:
    lapse(proposed)
    with pytest.raises(Conflict, match="expired"):
        approve(approval=proposed, user=person("cleo"))
    assert expire_approvals() == 1
    proposed.refresh_from_db()
    assert proposed.state == "expired"


def test_the_same_is_proposed_once_and_again_after_it_lapsed(proposed: Approval, two: tuple[Party, Party]) -> None:
    with pytest.raises(Conflict, match="proposed already"):
        propose_merge(*two)
    lapse(proposed)
    assert propose_merge(*two).waits


def test_what_could_not_be_done_is_not_proposed(two: tuple[Party, Party]) -> None:
    four_eyes_for(ActKind.SPLIT)
    record = SourceRecordFactory()
    proposal = a_split(party_of(record).pk, [record.pk], "No.")
    with pytest.raises(Conflict, match="at least one to stay"):
        do_or_propose(proposal=proposal, user=person("ada"))
    assert not Approval.objects.exists()


def test_a_stale_proposal_is_refused(two: tuple[Party, Party]) -> None:
    four_eyes_for(ActKind.MERGE)
    proposal = a_merge((two[0].pk, two[1].pk), "Same.")
    with pytest.raises(Stale):
        do_or_propose(proposal=proposal, user=person("ada"), versions={two[0].pk: 99, two[1].pk: 1})


def test_it_says_when_the_ground_has_moved(proposed: Approval, two: tuple[Party, Party]) -> None:
    before = shown(proposed, personal=True)
    assert before.shifts == []
    assert before.same_outcome
    pin_value(party=two[0].pk, attribute="gender", value="female", actor="user:ada", reason="Passport.")
    after = shown(proposed, personal=True)
    assert [(shift.party, [change.label for change in shift.changes]) for shift in after.shifts] == [
        (two[0].pk, ["Gender"])
    ]
    assert not after.same_outcome


def test_a_proposal_about_a_party_that_is_gone_says_so(proposed: Approval, two: tuple[Party, Party]) -> None:
    ApprovalLevel.objects.filter(act="merge").delete()
    third = a_party("Anna Smith")
    do_or_propose(proposal=a_merge((third.pk, two[1].pk), "Same."), user=person("cleo"))
    told = shown(proposed, personal=True)
    assert told.foreseen is None or not told.same_outcome
    assert told.shifts


def test_a_split_and_a_move_wait_too() -> None:
    records = [SourceRecordFactory(attributes=a_person(name)) for name in ("Ann Smith", "Anne Smith", "Ann Smyth")]
    party, other = party_of(*records), a_party("Anne Smith")
    for kind in (ActKind.SPLIT, ActKind.MOVE):
        four_eyes_for(kind)
    for proposal in (
        a_split(party.pk, [records[0].pk], "Sisters.", timezone.now() + timedelta(days=30)),
        a_move(party.pk, [records[1].pk], other.pk, "Hers."),
    ):
        approval = do_or_propose(proposal=proposal, user=person("ada")).approval
        assert approval is not None
        approve(approval=approval, user=person("cleo"))
    assert alive() == 3


BROKEN: dict[str, dict[str, Any]] = {
    "approval_by_somebody_else": {"state": "rejected", "decided_at": timezone.now(), "note": "x"},
    "approval_in_time_with_its_act": {"state": "approved", "decided_at": timezone.now()},
    "approval_waiting_is_undecided": {"decided_at": timezone.now()},
    "approval_known_state": {"state": "perhaps"},
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses(name: str, proposed: Approval) -> None:
    decider = proposed.proposed_by if name == "approval_by_somebody_else" else person("cleo")
    change = BROKEN[name] | ({"decided_by": decider} if "decided_at" in BROKEN[name] else {})
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Approval.objects.filter(pk=proposed.pk).update(**change)


NEW: dict[str, dict[str, Any]] = {
    "approval_known_kind": {"kind": "whim"},
    "approval_has_reason": {"reason": ""},
    "approval_ends_after_it_begins": {"expires_at": timezone.now() - timedelta(days=99)},
    "approval_one_waiting_for_the_same": {},
}


@pytest.mark.parametrize("name", NEW)
def test_the_database_refuses_a_new_one(name: str, proposed: Approval) -> None:
    for field, value in NEW[name].items():
        setattr(proposed, field, value)
    proposed.pk = None
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        proposed.save(force_insert=True)


LEVELS: dict[str, dict[str, Any]] = {
    "approval_level_once": {"act": "", "measure": "records"},
    "approval_level_known_measure": {"measure": "gut feeling"},
    "approval_level_known_act": {"act": "dance", "measure": "always"},
    "approval_level_from_1": {"act": "merge", "measure": "records", "at_least": 0},
}


@pytest.mark.parametrize("name", LEVELS)
def test_the_database_refuses_a_level(name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ApprovalLevel.objects.create(**LEVELS[name])


@pytest.mark.parametrize(
    ("change", "words"),
    [({"proposed_by": "cleo"}, "stays as it was proposed"), ({"reason": "other"}, "stays as it was proposed")],
)
def test_a_proposal_stays_as_it_was_proposed(change: dict[str, Any], words: str, proposed: Approval) -> None:
    if "proposed_by" in change:
        change = {"proposed_by": person("cleo")}
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        Approval.objects.filter(pk=proposed.pk).update(**change)


def test_a_verdict_stays_as_it_was_given(proposed: Approval) -> None:
    reject(approval=proposed, user=person("cleo"), note="Twins.")
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        Approval.objects.filter(pk=proposed.pk).update(state="waiting", decided_by=None, decided_at=None)


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
