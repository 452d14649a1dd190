"""The one law is checked, and a check that finds nothing would find something if it were there."""

from datetime import UTC, datetime

import pytest

from party_hub.actions.decide import decide_parties
from party_hub.actions.merge_parties import merge_parties
from party_hub.actions.pin_value import pin_value
from party_hub.actions.split_party import split_party
from party_hub.actions.undo import undo_act
from party_hub.actions.verify_parties import verify_parties
from party_hub.domain.judgement import Judgement
from party_hub.models import GoldenRecord, Link, Membership

ADA = "user:ada"


def test_a_resolved_hub_has_no_differences(three):
    assert list(verify_parties()) == []


def test_after_every_kind_of_act_there_are_still_none(three):
    for name in ("dnb:2", "events:2"):
        three.register(name)
    three.link("dnb:2", "events:2")
    three.resolve()
    merged = merge_parties(parties=[three.party("crm:1"), three.party("dnb:2")], actor=ADA, reason="same")
    pin_value(party=three.party("markit:1"), attribute="legal_form", value="LLP", actor=ADA, reason="register")
    split_party(party=three.party("crm:1"), records=[three.id("events:2")], actor=ADA, reason="two")
    decide_parties(a=three.party("crm:1"), b=three.party("markit:1"), judgement=Judgement.MATCH, actor=ADA)
    undo_act(act=merged.id, actor=ADA)
    three.withdraw("dnb:1")
    three.resolve()
    assert list(verify_parties()) == []


@pytest.mark.parametrize("what", ["golden value", "membership", "held"])
def test_what_was_changed_by_hand_is_found(three, what):
    if what == "golden value":
        golden = three.golden("crm:1")
        GoldenRecord.objects.filter(pk=golden.pk).update(values=golden.values | {"legal_form": "SARL"})
        expected = [("golden record", ["legal_form"])]
    elif what == "membership":
        span = (datetime(2026, 1, 1, tzinfo=UTC), None)
        Membership.objects.filter(record=three.id("dnb:1")).update(party=three.party("markit:1"), span=span)
        expected = [("party", str(three.party("markit:1")))]
    else:
        Link.objects.update(held="weak_bridge")
        expected = [("held", "weak_bridge")]
    found = [(difference.what, difference.stored) for difference in verify_parties()]
    assert expected[0] in found


def test_checking_changes_nothing(three):
    Membership.objects.filter(record=three.id("dnb:1")).update(party=three.party("markit:1"))
    list(verify_parties())
    assert three.party("dnb:1") == three.party("markit:1")
