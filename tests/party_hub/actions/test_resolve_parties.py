"""Parties follow from the facts, ids stay, every change is told once."""

import random

import pytest

from party_hub.actions.pin_value import pin_value
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.actions.verify_parties import verify_parties
from party_hub.actions.waiting import waiting_since
from party_hub.models import GoldenRecord, Link, Membership, PartyIdentifier, Redirect, UnresolvedRecord


def test_linked_records_become_one_party_and_others_stay_apart(three):
    assert three.together("crm:1", "dnb:1")
    assert not three.together("crm:1", "markit:1")
    assert not UnresolvedRecord.objects.exists()


def test_resolving_again_changes_and_tells_nothing(three):
    before = three.mark()
    assert three.resolve().clusters_changed == 0
    assert three.told(before) == []


def test_a_new_link_merges_and_the_larger_party_keeps_its_id(three):
    larger, smaller, before = three.party("crm:1"), three.party("markit:1"), three.mark()
    three.link("dnb:1", "markit:1")
    assert three.resolve().merged == {smaller: larger}
    assert three.together("crm:1", "dnb:1", "markit:1")
    assert three.status(smaller) == "retired"
    assert Redirect.objects.get().survivor_id == larger
    assert [(event.type, event.key) for event in three.told(before)] == [
        ("party.merged", str(larger)),
        ("party.redirected", str(smaller)),
    ]


def test_the_merged_event_says_who_retired_and_which_keys_moved(three):
    larger, smaller, before = three.party("crm:1"), three.party("markit:1"), three.mark()
    three.link("dnb:1", "markit:1")
    three.resolve()
    payload = three.told(before)[0].payload
    assert payload["retiredIds"] == [str(smaller)]
    assert payload["xrefsMoved"] == [{"source": "markit", "key": "1", "from": str(smaller), "to": str(larger)}]
    assert [xref["source"] for xref in payload["xrefs"]] == ["crm", "dnb", "markit"]
    assert payload["decision"]["actor"] == "system:test"


def test_a_lost_link_splits_and_the_part_with_the_earliest_record_keeps_the_id(three):
    party, before = three.party("crm:1"), three.mark()
    three.unlink()
    three.resolve()
    assert not three.together("crm:1", "dnb:1")
    assert party in {three.party("crm:1"), three.party("dnb:1")}
    assert sorted(event.type for event in three.told(before)) == ["party.created", "party.split"]


def test_a_retired_id_leads_on_to_the_last_survivor(three):
    first = three.party("markit:1")
    three.link("dnb:1", "markit:1")
    three.resolve()
    for name in ("gleif:1", "gleif:2", "events:1", "api:1"):
        three.register(name)
    three.link("events:1", "api:1", "gleif:1")
    three.resolve()
    three.link("gleif:1", "crm:1", "events:1")
    three.resolve()
    survivor = three.party("crm:1")
    assert {redirect.survivor_id for redirect in Redirect.objects.filter(retired=first)} == {survivor}


def test_parted_records_make_an_old_id_lead_to_both(world):
    for name in ("crm:1", "crm:2", "dnb:1", "dnb:2", "dnb:3"):
        world.register(name)
    world.link("crm:1", "crm:2")
    world.link("dnb:1", "dnb:2", "dnb:3")
    world.resolve()
    old = world.party("crm:1")
    world.link("crm:2", "dnb:1")
    world.link("crm:1", "dnb:2")
    world.resolve()
    assert world.status(old) == "retired"
    world.unlink()
    world.link("dnb:1", "crm:1")
    world.link("dnb:2", "crm:2")
    world.resolve()
    leads_to = set(Redirect.objects.filter(retired=old).values_list("survivor_id", flat=True))
    assert leads_to == {world.party("crm:1"), world.party("crm:2")}


def test_a_changed_record_changes_the_golden_record_and_is_told_with_what_changed(three):
    before = three.mark()
    three.register("dnb:1", "2026-02-01T00:00:00Z", industry_code="sic:6022")
    three.resolve(["dnb:1"])
    assert three.golden("crm:1").values["industry_code"] == "sic:6022"
    (event,) = three.told(before)
    assert (event.type, event.payload["changedAttributes"]) == ("party.updated", ["industry_code"])


def test_versions_of_a_party_only_grow_and_each_event_has_its_own(three):
    for month in ("02", "03", "04"):
        three.register("dnb:1", f"2026-{month}-01T00:00:00Z", industry_code=f"sic:{month}")
        three.resolve(["dnb:1"])
    key = str(three.party("dnb:1"))
    assert [event.party_version for event in three.told() if event.key == key] == [1, 2, 3, 4]


def test_no_version_of_a_golden_record_is_missing_from_its_history(three):
    three.register("dnb:1", "2026-02-01T00:00:00Z", industry_code="sic:6022")
    three.resolve(["dnb:1"])
    golden = three.golden("dnb:1")
    history = list(golden.history.order_by("history_date").values_list("history_type", "version", "values"))
    assert [(kind, version) for kind, version, _ in history] == [("+", 1), ("~", 2)]
    assert history[-1][2] == golden.values


def test_a_withdrawn_record_no_longer_speaks(three):
    three.register("dnb:1", "2026-02-01T00:00:00Z", industry_code="sic:6022")
    three.resolve()
    three.withdraw("dnb:1")
    three.resolve()
    assert "industry_code" not in three.golden("crm:1").values
    assert not Membership.objects.filter(record=three.id("dnb:1"), span__upper_inf=True).exists()


def test_a_party_whose_last_record_is_withdrawn_keeps_its_id_and_its_last_golden_record(three):
    party = three.party("markit:1")
    three.withdraw("markit:1")
    assert three.resolve().withdrawn == {party}
    assert three.status(party) == "withdrawn"
    assert GoldenRecord.objects.filter(party=party).exists()


def test_a_record_that_comes_back_finds_its_party(three):
    party = three.party("markit:1")
    three.withdraw("markit:1", "2026-02-01T00:00:00Z")
    three.resolve()
    three.register("markit:1", "2026-03-01T00:00:00Z")
    three.resolve()
    assert three.party("markit:1") == party
    assert three.status(party) == "active"


def test_a_record_that_changed_while_it_was_matched_goes_on_waiting(three):
    three.register("crm:1", "2026-02-01T00:00:00Z", legal_form="PLC")
    seen = waiting_since()
    three.register("crm:1", "2026-03-01T00:00:00Z", legal_form="LLP")
    resolve_parties(records=[three.id("crm:1")], actor="x", settled=seen)
    assert UnresolvedRecord.objects.filter(record=three.id("crm:1")).exists()


def test_identifiers_of_live_parties_can_be_looked_up_and_those_of_retired_ones_cannot(world):
    lei = [{"scheme": "lei", "value": "5493001KJTIIGC8Y1R12", "country": "", "valid": True}]
    for name in ("crm:1", "dnb:1"):
        world.register(name, identifiers=lei)
    world.resolve()
    assert PartyIdentifier.objects.filter(scheme="lei").count() == 2
    world.link("crm:1", "dnb:1")
    world.resolve()
    assert PartyIdentifier.objects.get(scheme="lei").party_id == world.party("crm:1")


def test_two_records_of_a_source_without_duplicates_are_not_joined_and_the_link_says_why(world):
    for name in ("gleif:1", "gleif:2"):
        world.register(name)
    world.link("gleif:1", "gleif:2")
    assert world.resolve().held == 1
    assert Link.objects.get().held == "same_source"


@pytest.mark.parametrize("seed", range(5))
def test_one_by_one_in_any_order_ends_in_the_same_parties_and_golden_values_as_all_at_once(world, seed):
    chooser = random.Random(seed)
    names = [f"{source}:{key}" for source in ("crm", "dnb", "markit") for key in range(6)]
    edges = [
        (left, right, 0.9 + chooser.random() / 10)
        for left in names
        for right in names
        if left < right and chooser.random() < 0.15
    ]

    def state():
        parties = {}
        for name in names:
            parties.setdefault(world.party(name), set()).add(name)
        return {
            frozenset(members): (golden.values, golden.lineage)
            for party, members in parties.items()
            for golden in [GoldenRecord.objects.get(party=party)]
        }

    arrived = []
    for name in chooser.sample(names, len(names)):
        number = names.index(name)
        world.register(name, f"2026-01-{number + 1:02}T00:00:00Z", legal_form=f"Form {number % 4}")
        arrived.append(name)
        for left, right, score in edges:
            if name in (left, right) and left in arrived and right in arrived:
                world.link(left, right, score=score)
        world.resolve([name])
    streamed = state()
    Membership.objects.all().delete()
    world.resolve()
    assert state() == streamed


def test_the_id_of_a_withdrawn_party_leads_to_where_its_record_comes_back(three):
    alone = three.party("markit:1")
    three.withdraw("markit:1")
    three.resolve()
    assert three.status(alone) == "withdrawn"
    three.link("crm:1", "markit:1")
    three.register("markit:1", "2027-01-01T00:00:00Z", sector="Trade")
    three.resolve()
    assert three.together("crm:1", "markit:1")
    assert three.status(alone) == "retired"
    assert Redirect.objects.get(retired=alone).survivor_id == three.party("crm:1")


def test_an_id_follows_its_last_record_that_comes_back_elsewhere(three):
    alone, kept = three.party("markit:1"), three.party("crm:1")
    pin_value(party=alone, attribute="sector", value="Fishing", actor="user:ada", reason="They said so.")
    three.link("crm:1", "markit:1")
    three.resolve()
    assert Redirect.objects.get(retired=alone).survivor_id == kept
    assert three.golden("crm:1").values["sector"] == "Fishing"
    three.withdraw("markit:1")
    three.unlink()
    three.link("crm:1", "dnb:1")
    three.resolve()
    three.register("crm:2")
    three.resolve()
    three.register("markit:1", "2027-01-01T00:00:00Z")
    three.link("crm:2", "markit:1")
    three.resolve(["markit:1"])
    assert Redirect.objects.get(retired=alone).survivor_id == three.party("crm:2") != kept
    assert three.golden("crm:2").values["sector"] == "Fishing"
    assert "sector" not in three.golden("crm:1").values
    assert list(verify_parties()) == []
