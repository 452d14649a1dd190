"""Four eyes: what is weighty waits for somebody else, and nobody gets around it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from party_hub.actions.errors import Conflict, Stale
from party_hub.actions.pin_value import pin_value
from party_hub.models import AuditEntry, Decision, Party
from stewardship.actions.approve import Outcome, approve, do_or_propose, expire_approvals, reject, withdraw
from stewardship.models import ActKind, Approval, ApprovalLevel
from stewardship.proposal import a_merge, a_move, a_split
from stewardship.queries.approvals import shown
from tests.factories import SourceRecordFactory, a_party, a_person, party_of
from tests.people import person
from tests.stewardship.approving import alive, four_eyes_for, propose_merge

pytestmark = pytest.mark.django_db


def lei(value: str) -> dict[str, Any]:
    return {"scheme": "lei", "value": value, "country": "", "valid": True}


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
