"""What the tests of four eyes share: an act that needs them, a proposal, and what came of it."""

from party_hub.models import Party
from stewardship.actions.approve import do_or_propose
from stewardship.models import ActKind, Approval, ApprovalLevel, Measure
from stewardship.proposal import a_merge
from tests.people import person


def four_eyes_for(kind: ActKind) -> None:
    ApprovalLevel.objects.create(act=kind, measure=Measure.ALWAYS)


def propose_merge(*parties: Party) -> Approval:
    proposal = a_merge(tuple(party.pk for party in parties), "Same person.")
    approval = do_or_propose(proposal=proposal, user=person("ada")).approval
    assert approval is not None
    return approval


def alive() -> int:
    return Party.objects.filter(status="active").count()
