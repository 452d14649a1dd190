"""A pinned value beats the rules until it ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from party_hub.actions.errors import Conflict, NotFound, Stale
from party_hub.actions.merge_parties import merge_parties
from party_hub.actions.pin_value import pin_value, preview_pin, unpin_value
from party_hub.models import Pin

ADA = "user:ada"


def pin(world, name="crm:1", attribute="legal_form", value="LLP", **more):
    return pin_value(party=world.party(name), attribute=attribute, value=value, actor=ADA, reason="register", **more)


def test_a_pin_wins_is_told_and_is_in_the_lineage(three):
    before = three.mark()
    made = pin(three)
    golden = three.golden("crm:1")
    assert golden.values["legal_form"] == "LLP"
    assert golden.lineage["attributes"]["legal_form"]["pin"] == made.pk
    assert three.told(before)[0].payload["changedAttributes"] == ["legal_form"]


def test_a_pin_survives_a_newer_record(three):
    pin(three)
    three.register("dnb:1", "2027-01-01T00:00:00Z", legal_form="PLC")
    three.resolve()
    assert three.golden("crm:1").values["legal_form"] == "LLP"


def test_after_unpinning_the_rule_decides_again(three):
    pin(three)
    unpin_value(party=three.party("crm:1"), attribute="legal_form", actor=ADA)
    assert three.golden("crm:1").values["legal_form"] == "Ltd"
    assert Pin.objects.get().retracted_by == ADA


def test_an_expired_pin_no_longer_counts(three):
    pin(three, expires_at=timezone.now() - timedelta(seconds=1))
    assert three.golden("crm:1").values["legal_form"] == "Ltd"


def test_a_second_pin_replaces_the_first_and_both_are_kept(three):
    pin(three)
    pin(three, value="PLC")
    assert three.golden("crm:1").values["legal_form"] == "PLC"
    assert Pin.objects.count() == 2


def test_the_pin_of_a_party_goes_with_it_when_it_is_merged(three):
    pin(three, "markit:1")
    merge_parties(parties=[three.party("crm:1"), three.party("markit:1")], actor=ADA, reason="same")
    assert three.golden("crm:1").values["legal_form"] == "LLP"
    assert three.resolve().clusters_changed == 0


@pytest.mark.parametrize(
    ("attribute", "value", "says"),
    [
        ("shoe_size", "44", "no attribute"),
        ("country", "England", "two capitals"),
        ("date_of_incorporation", "soon", "a date"),
    ],
)
def test_a_value_that_the_attribute_cannot_take_is_refused(three, attribute, value, says):
    with pytest.raises(Conflict, match=says):
        pin(three, attribute=attribute, value=value)


def test_a_pin_needs_a_reason(three):
    with pytest.raises(Conflict, match="Say why"):
        pin_value(party=three.party("crm:1"), attribute="country", value="GB", actor=ADA, reason=" ")


def test_unpinning_what_is_not_pinned_is_refused(three):
    with pytest.raises(NotFound, match="Nothing is pinned"):
        unpin_value(party=three.party("crm:1"), attribute="country", actor=ADA)


def test_who_looked_at_an_older_version_is_told_to_look_again(three):
    with pytest.raises(Stale):
        pin(three, version=99)


def test_a_preview_shows_the_value_and_writes_nothing(three):
    preview = preview_pin(party=three.party("crm:1"), attribute="legal_form", value="LLP")
    assert preview.golden[0].values["legal_form"] == "LLP"
    assert not Pin.objects.exists()
