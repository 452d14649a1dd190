"""Stewards decide: what they say holds, can be undone, and is never undone by a machine."""

from datetime import UTC, datetime, timedelta

import pytest

from party_hub.actions.decide import decide, decide_parties
from party_hub.actions.errors import Conflict, NotFound, Stale
from party_hub.actions.merge_parties import merge_parties, preview_merge
from party_hub.actions.move_records import move_records, preview_move
from party_hub.actions.split_party import preview_split, split_party
from party_hub.actions.undo import undo_act
from party_hub.domain.judgement import Judgement
from party_hub.domain.lineage import unfold
from party_hub.models import AuditEntry, Decision, Party
from tests.factories import a_person

ADA = "user:ada"


def merge(world, *names, **more):
    return merge_parties(parties=[world.party(name) for name in names], actor=ADA, reason="same register entry", **more)


def split(world, *names, **more):
    records = [world.id(name) for name in names]
    return split_party(party=world.party(names[0]), records=records, actor=ADA, reason="two firms", **more)


def judge(world, left, right, judgement):
    return decide_parties(
        a=world.party(left), b=world.party(right), judgement=judgement, actor=ADA, reason="looked it up"
    )


def test_match_merges_two_parties(three):
    judge(three, "crm:1", "markit:1", Judgement.MATCH)
    assert three.together("crm:1", "dnb:1", "markit:1")


def test_the_event_of_a_merge_names_the_steward_and_the_reason(three):
    act = merge(three, "crm:1", "markit:1")
    decision = three.told()[-2].payload["decision"]
    assert (decision["id"], decision["actor"], decision["reason"]) == (str(act.id), ADA, "same register entry")


def test_no_match_keeps_apart_what_the_model_links_later(three):
    judge(three, "crm:1", "markit:1", Judgement.NO_MATCH)
    three.link("dnb:1", "markit:1")
    assert three.resolve().held == 1
    assert not three.together("crm:1", "markit:1")


def test_no_match_holds_for_every_record_of_the_two_parties(three):
    judge(three, "crm:1", "markit:1", Judgement.NO_MATCH)
    assert Decision.objects.filter(judgement="no_match").count() == 2
    three.withdraw("crm:1")
    three.link("dnb:1", "markit:1")
    three.resolve()
    assert not three.together("dnb:1", "markit:1")


def test_unsure_is_noted_and_binds_nobody(three):
    judge(three, "crm:1", "markit:1", Judgement.UNSURE)
    assert Decision.objects.get().judgement == "unsure"
    three.link("dnb:1", "markit:1")
    three.resolve()
    assert three.together("crm:1", "markit:1")


def test_a_merge_against_an_earlier_no_match_is_a_conflict_that_names_who_decided(three):
    judge(three, "crm:1", "markit:1", Judgement.NO_MATCH)
    with pytest.raises(Conflict, match=r"ada decided on .* different parties"):
        merge(three, "dnb:1", "markit:1")
    assert not three.together("crm:1", "markit:1")


def test_undoing_a_merge_gives_each_side_its_own_id_back(three):
    before = {name: three.party(name) for name in ("crm:1", "dnb:1", "markit:1")}
    act = merge(three, "crm:1", "markit:1")
    undo_act(act=act.id, actor=ADA)
    assert {name: three.party(name) for name in before} == before
    assert all(three.status(party) == "active" for party in before.values())


def test_undoing_a_split_puts_the_party_together_again(three):
    party = three.party("crm:1")
    act = split(three, "dnb:1")
    assert not three.together("crm:1", "dnb:1")
    undo_act(act=act.id, actor=ADA)
    assert three.together("crm:1", "dnb:1")
    assert three.party("crm:1") == party


def test_what_is_undone_stays_in_the_history(three):
    act = merge(three, "crm:1", "markit:1")
    undo_act(act=act.id, actor="user:cleo")
    (decision,) = Decision.objects.filter(act=act.id)
    assert decision.retracted_by == "user:cleo"
    assert [version.history_type for version in decision.history.order_by("history_date")] == ["+", "~"]


def test_an_act_is_undone_once(three):
    act = merge(three, "crm:1", "markit:1")
    undo_act(act=act.id, actor=ADA)
    with pytest.raises(NotFound, match="undone or decided anew"):
        undo_act(act=act.id, actor=ADA)


def test_changing_ones_mind_supersedes_and_undo_brings_the_first_answer_back(three):
    judge(three, "crm:1", "markit:1", Judgement.UNSURE)
    second = judge(three, "crm:1", "markit:1", Judgement.MATCH)
    undo_act(act=second.id, actor=ADA)
    assert Decision.objects.get(retracted_at__isnull=True).judgement == "unsure"


def test_a_split_outlives_the_next_match_run(three):
    split(three, "dnb:1")
    three.link("crm:1", "dnb:1", score=0.9999)
    three.resolve()
    assert not three.together("crm:1", "dnb:1")


def test_records_that_leave_together_stay_together(world):
    for name in ("crm:1", "dnb:1", "markit:1", "events:1"):
        world.register(name)
    world.link("dnb:1", "crm:1", "markit:1", "events:1")
    world.resolve()
    split(world, "dnb:1", "markit:1")
    assert world.together("dnb:1", "markit:1")
    assert world.together("crm:1", "events:1")
    assert not world.together("dnb:1", "crm:1")


def test_a_split_undoes_the_must_links_across_it(three):
    merge(three, "crm:1", "markit:1")
    split(three, "markit:1")
    assert not three.together("crm:1", "markit:1")
    assert three.together("crm:1", "dnb:1")


@pytest.mark.parametrize("leaving", [("crm:1", "dnb:1"), ()])
def test_a_split_needs_both_sides(three, leaving):
    with pytest.raises(Conflict, match="at least one record"):
        split_party(party=three.party("crm:1"), records=[three.id(name) for name in leaving], actor=ADA, reason="x")


def test_a_stranger_cannot_be_split_off(three):
    with pytest.raises(Conflict, match="does not belong"):
        split_party(party=three.party("crm:1"), records=[three.id("markit:1")], actor=ADA, reason="x")


def test_a_party_is_not_merged_with_itself(three):
    with pytest.raises(Conflict, match="two different"):
        merge(three, "crm:1", "dnb:1")


def test_a_person_is_never_merged_with_a_firm(three):
    import json

    from party_hub.actions.register_records import IncomingRecord, register_records

    ann = IncomingRecord("ann", "individual", json.dumps(a_person()), "f:1", None)
    register_records(source="crm", records=[ann], actor="x")
    three.resolve()
    with pytest.raises(Conflict, match="individual and an organisation"):
        merge(three, "crm:1", "crm:ann")


def test_who_looked_at_an_older_version_is_told_to_look_again(three):
    with pytest.raises(Stale, match="Look again"):
        merge(three, "crm:1", "markit:1", versions={three.party("crm:1"): 99})


def test_a_decision_on_an_unknown_record_is_refused(three):
    with pytest.raises(NotFound):
        decide(left=three.id("crm:1"), right=three.id("crm:404"), judgement=Judgement.MATCH, actor=ADA)


def test_every_act_is_in_the_audit_trail_with_who_and_why(three):
    act = merge(three, "crm:1", "markit:1")
    entry = AuditEntry.objects.get(act=act.id)
    assert (entry.actor, entry.verb, entry.reason) == (ADA, "merge_parties", "same register entry")


def test_a_preview_of_a_merge_is_what_the_merge_gives(three):
    preview = preview_merge(parties=[three.party("crm:1"), three.party("markit:1")])
    act = merge(three, "crm:1", "markit:1")
    golden = three.golden("crm:1")
    assert preview.golden[0].party == golden.party_id
    assert (preview.golden[0].values, preview.golden[0].lineage) == (
        golden.values,
        unfold(golden.lineage, golden.values),
    )
    assert preview.retired == list(act.resolution.merged)


def test_a_preview_of_a_split_is_what_the_split_gives_and_writes_nothing(three):
    party = three.party("crm:1")
    version = Party.objects.get(pk=party).version
    preview = preview_split(party=party, records=[three.id("dnb:1")])
    assert Party.objects.get(pk=party).version == version
    split(three, "dnb:1")
    by_party = {side.party: side for side in preview.golden}
    assert by_party[party].values == Party.objects.get(pk=party).golden.values
    assert None in by_party


def move(world, name, to, **more):
    return move_records(
        party=world.party(name), records=[world.id(name)], to=world.party(to), actor=ADA, reason="wrong firm", **more
    )


def test_a_moved_record_leaves_one_party_and_joins_the_other(three):
    move(three, "dnb:1", "markit:1")
    assert three.together("dnb:1", "markit:1")
    assert not three.together("crm:1", "dnb:1")


def test_a_moved_record_stays_moved_whatever_the_model_says(three):
    move(three, "dnb:1", "markit:1")
    three.link("crm:1", "dnb:1", score=0.9999)
    three.resolve()
    assert three.together("dnb:1", "markit:1")
    assert not three.together("crm:1", "dnb:1")


def test_a_preview_of_a_move_is_what_the_move_gives_and_tells(three):
    party, to = three.party("dnb:1"), three.party("markit:1")
    preview = preview_move(party=party, records=[three.id("dnb:1")], to=to)
    mark = three.mark()
    move(three, "dnb:1", "markit:1")
    assert {side.party: side.values for side in preview.golden} == {
        one: Party.objects.get(pk=one).golden.values for one in (party, to)
    }
    assert sorted(preview.events) == sorted(event.type for event in three.told(mark))


def test_undoing_a_move_puts_the_record_back(three):
    party = three.party("dnb:1")
    undo_act(act=move(three, "dnb:1", "markit:1").id, actor=ADA)
    assert three.party("dnb:1") == party
    assert not three.together("dnb:1", "markit:1")


def test_the_last_record_of_a_party_is_not_moved_but_merged(three):
    with pytest.raises(Conflict, match="at least one to stay"):
        move(three, "markit:1", "crm:1")


def test_a_record_is_not_moved_to_where_it_is(three):
    with pytest.raises(Conflict, match="in this party already"):
        move(three, "dnb:1", "crm:1")


def test_a_record_is_not_moved_across_a_decision(three):
    judge(three, "dnb:1", "markit:1", Judgement.NO_MATCH)
    with pytest.raises(Conflict, match="different parties"):
        move(three, "dnb:1", "markit:1")


def test_three_parties_become_one_in_one_act_and_come_back_in_one(three):
    three.register("events:1")
    three.resolve()
    before = {name: three.party(name) for name in ("crm:1", "markit:1", "events:1")}
    act = merge(three, *before)
    assert three.together(*before)
    assert len(act.resolution.merged) == 2
    undo_act(act=act.id, actor=ADA)
    assert {name: three.party(name) for name in before} == before


def test_a_split_with_an_end_keeps_apart_until_then(three):
    split(three, "dnb:1", expires_at=datetime.now(UTC) + timedelta(days=1))
    assert not three.together("crm:1", "dnb:1")
    Decision.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    three.resolve()
    assert three.together("crm:1", "dnb:1")


def test_a_decision_that_has_ended_stands_against_nothing_and_can_be_made_anew(three):
    judge(three, "crm:1", "markit:1", Judgement.NO_MATCH)
    Decision.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    judge(three, "crm:1", "markit:1", Judgement.NO_MATCH)
    three.link("dnb:1", "markit:1")
    assert three.resolve().held == 1
    Decision.objects.filter(retracted_at=None).update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    merge(three, "crm:1", "markit:1")
    assert three.together("crm:1", "markit:1")
