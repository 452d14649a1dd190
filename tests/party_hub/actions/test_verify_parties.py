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


def test_decisions_that_cannot_all_hold_are_no_difference(three):
    three.unlink()
    three.resolve()
    merge_parties(parties=[three.party("crm:1"), three.party("dnb:1")], actor=ADA, reason="same")
    merge_parties(parties=[three.party("crm:1"), three.party("markit:1")], actor=ADA, reason="same")
    tied = next(name for name in ("crm:1", "dnb:1", "markit:1") if three.decided(name) == 2)
    others = [name for name in ("crm:1", "dnb:1", "markit:1") if name != tied]
    three.withdraw(tied)
    three.resolve()
    decide_parties(a=three.party(others[0]), b=three.party(others[1]), judgement=Judgement.NO_MATCH, actor=ADA)
    three.register(tied, "2026-06-01T00:00:00Z")
    three.resolve()
    assert not three.together(*others)
    assert list(verify_parties()) == []


def test_a_pin_follows_its_retired_party_to_wherever_its_last_record_comes_back(world):
    """Though all were silent meanwhile, and the party that it led to lived on with others."""
    for name in ("crm:1", "dnb:1", "markit:1"):
        world.register(name)
    world.link("crm:1", "dnb:1")
    world.resolve()
    retired, kept = world.party("crm:1"), world.party("markit:1")
    pin_value(party=retired, attribute="legal_form", value="LLP", actor=ADA, reason="register")
    merge_parties(parties=[retired, kept], actor=ADA, reason="same")
    for name in ("crm:1", "dnb:1"):
        world.withdraw(name)
        world.resolve([name])
    assert list(verify_parties()) == []
    for name in ("crm:1", "dnb:1"):
        world.register(name, "2026-06-01T00:00:00Z")
        world.resolve([name])
        assert list(verify_parties()) == []
