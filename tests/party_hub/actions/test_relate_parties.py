"""Relationships follow from what golden records say and who holds the identifiers they name."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from party_hub.actions.expire import close_expired
from party_hub.actions.merge_parties import merge_parties
from party_hub.actions.relate_parties import misrelated, relate_all, relate_parties
from party_hub.actions.undo import undo_act
from party_hub.actions.verify_parties import verify_parties
from party_hub.models import Relationship, RelationshipType
from party_hub.queries import hierarchy, relationships
from tests.party_hub.actions.conftest import World

TOP, MIDDLE, CHILD = "100000001", "100000002", "100000003"


def duns(value: str) -> list[dict[str, Any]]:
    return [{"scheme": "duns", "value": value, "country": "", "valid": True}]


def above(value: str, type: str = "direct_parent", **more: str) -> dict[str, str]:
    return {"type": type, "scheme": "duns", "value": value, **more}


def company(world: World, name: str, number: str, *relations: dict[str, str]) -> None:
    said = {"relations": list(relations)} if relations else {}
    world.register(name, identifiers=duns(number), **said)


def live() -> list[Relationship]:
    return list(Relationship.objects.filter(span__upper_inf=True).order_by("type", "place"))


@pytest.fixture
def family(world: World) -> World:
    """dnb:T above dnb:M above dnb:C."""
    company(world, "dnb:T", TOP)
    company(world, "dnb:M", MIDDLE, above(TOP, share="75"))
    company(world, "dnb:C", CHILD, above(MIDDLE, since="2020-01-01"), above(TOP, "global_ultimate"))
    world.resolve()
    return world


@pytest.mark.parametrize("first", ["parent", "child"])
def test_a_parent_is_found_by_its_number_whichever_comes_first(world: World, first: str) -> None:
    steps = [lambda: company(world, "dnb:T", TOP), lambda: company(world, "dnb:C", CHILD, above(TOP))]
    for step in steps if first == "parent" else reversed(steps):
        step()
        world.resolve()
    (relation,) = live()
    assert (relation.party_id, relation.other_id) == (world.party("dnb:C"), world.party("dnb:T"))
    assert (relation.standing, relation.record_id, relation.branch) == ("connected", world.id("dnb:C"), True)


def test_a_party_that_is_not_in_the_hub_is_named_and_known_later(world: World) -> None:
    company(world, "dnb:C", CHILD, above(TOP))
    world.resolve()
    (relation,) = live()
    assert (relation.standing, relation.other_id, relation.value) == ("unknown", None, TOP)
    before = datetime.now(UTC)
    company(world, "dnb:T", TOP)
    world.resolve()
    assert live()[0].standing == "connected"
    (then,) = relationships(world.party("dnb:C"), known_at=before)
    assert (then.standing, then.other, then.value) == ("unknown", None, TOP)


def test_of_two_chunks_side_by_side_the_one_that_began_first_may_relate_last(world: World) -> None:
    began = datetime.now(UTC)
    company(world, "dnb:T", TOP)
    company(world, "dnb:C", CHILD, above(TOP))
    world.resolve()
    (early,) = live()
    RelationshipType.objects.filter(code="direct_parent").update(hierarchical=False)  # now another row is due
    relate_parties(touched=[early.party_id], saying=[early.party_id], moment=began)
    (late,) = live()
    early.refresh_from_db()
    assert early.span.lower < early.span.upper == late.span.lower


def test_what_a_record_no_longer_says_is_over_and_what_it_said_is_still_known(family: World) -> None:
    before = datetime.now(UTC)
    family.register("dnb:C", "2026-02-01T00:00:00Z", identifiers=duns(CHILD))
    family.resolve()
    assert relationships(family.party("dnb:C")) == []
    assert {one.type for one in relationships(family.party("dnb:C"), known_at=before)} == {
        "direct_parent",
        "global_ultimate",
    }
    assert hierarchy(family.party("dnb:C"), known_at=before).total == 3
    assert hierarchy(family.party("dnb:C")).total == 1


def test_resolving_again_leaves_relationships_alone(family: World) -> None:
    stored = list(Relationship.objects.order_by("id").values())
    family.resolve()
    relate_all()
    assert list(Relationship.objects.order_by("id").values()) == stored


def test_the_tree_goes_by_the_nearest_parent_and_counts_all_below(family: World) -> None:
    tree = hierarchy(family.party("dnb:C"))
    assert [(member.id, member.depth, member.descendants) for member in tree.members] == [
        (family.party("dnb:T"), 0, 2),
        (family.party("dnb:M"), 1, 1),
        (family.party("dnb:C"), 2, 0),
    ]
    assert [member.label for member in tree.members] == ["", "Direct subsidiary", "Direct subsidiary"]
    assert tree.members[1].share == 75
    assert (tree.total, tree.cycle) == (3, ())


def test_of_a_large_tree_the_top_and_the_way_to_the_party_are_shown(world: World) -> None:
    company(world, "dnb:T", TOP)
    for number in range(5):
        company(world, f"dnb:{number}", f"20000000{number}", above(TOP))
    company(world, "dnb:C", CHILD, above("200000004"))
    world.resolve()
    tree = hierarchy(world.party("dnb:C"), limit=2)
    shown = {member.id for member in tree.members}
    assert {world.party(name) for name in ("dnb:T", "dnb:4", "dnb:C")} <= shown
    assert tree.total == 7
    assert tree.members[0].hidden + len(shown) == 7


def test_parties_that_stand_above_each_other_in_a_circle_are_told(world: World) -> None:
    company(world, "dnb:T", TOP, above(CHILD))
    company(world, "dnb:M", MIDDLE, above(TOP))
    company(world, "dnb:C", CHILD, above(MIDDLE))
    company(world, "dnb:D", "100000004", above(CHILD))
    world.resolve()
    circle = {world.party(name) for name in ("dnb:T", "dnb:M", "dnb:C")}
    for name in ("dnb:T", "dnb:D"):
        tree = hierarchy(world.party(name))
        assert set(tree.cycle) == circle
        assert {member.id for member in tree.members} == circle | {world.party("dnb:D")}
        assert tree.members[0].id == min(circle)


def test_an_exception_says_why_there_is_no_parent(world: World) -> None:
    company(world, "dnb:C", CHILD, {"type": "ultimate_parent", "exception": "NATURAL_PERSONS"})
    world.resolve()
    (relation,) = relationships(world.party("dnb:C"))
    assert (relation.standing, relation.exception, relation.label) == (
        "exception",
        "NATURAL_PERSONS",
        "Ultimate parent",
    )


def test_where_sources_differ_the_more_trusted_leads_and_the_loser_stays_visible(world: World) -> None:
    company(world, "dnb:T", TOP)
    company(world, "dnb:M", MIDDLE)
    company(world, "crm:C", CHILD, above(TOP))
    company(world, "dnb:C", CHILD, above(MIDDLE))
    world.link("crm:C", "dnb:C")
    world.resolve()
    child = world.party("dnb:C")
    said = [(one.other, one.leads, one.source) for one in relationships(child)]
    assert said == [(world.party("dnb:M"), True, "dnb"), (world.party("dnb:T"), False, "crm")]
    assert [member.id for member in hierarchy(child).members] == [world.party("dnb:M"), child]


def test_what_has_ended_does_not_lead(world: World) -> None:
    company(world, "dnb:T", TOP)
    company(world, "dnb:M", MIDDLE)
    company(world, "dnb:C", CHILD, above(TOP, until="2024-12-31"), above(MIDDLE))
    world.resolve()
    said = [(one.other, one.leads, one.until) for one in relationships(world.party("dnb:C"))]
    assert said == [(world.party("dnb:M"), True, None), (world.party("dnb:T"), False, date(2024, 12, 31))]


def test_what_ends_on_a_day_to_come_leads_until_then(world: World) -> None:
    ends = date.today() + timedelta(days=30)
    company(world, "dnb:T", TOP)
    company(world, "dnb:C", CHILD, above(TOP, until=ends.isoformat()))
    world.resolve()
    (relation,) = live()
    assert (relation.ended, relation.branch) == (False, True)
    close_expired()
    assert [one.pk for one in live()] == [relation.pk]


def test_what_has_run_out_since_is_ended_by_the_sweep(world: World) -> None:
    yesterday = date.today() - timedelta(days=1)
    company(world, "dnb:T", TOP)
    company(world, "dnb:C", CHILD, above(TOP, until=yesterday.isoformat()))
    world.resolve()
    Relationship.objects.update(ended=False, branch=True)  # as it stood the day before
    close_expired()
    (relation,) = live()
    assert (relation.ended, relation.branch) == (True, False)
    assert Relationship.objects.filter(span__upper_inf=False, branch=True).count() == 1
    assert misrelated() == []


def test_a_relation_that_does_not_fit_its_type_connects_nobody_in_the_tree(world: World) -> None:
    company(world, "dnb:T", TOP)
    company(world, "dnb:C", CHILD, above(TOP, "employer"))
    world.resolve()
    assert [relation.standing for relation in live()] == ["unfit"]


def test_relationships_move_with_a_merge_and_come_back_with_its_undo(family: World) -> None:
    company(family, "crm:X", "100000009")
    family.resolve()
    parties = [family.party("dnb:M"), family.party("crm:X")]
    before = {(one.party_id, one.other_id, one.type_id) for one in live()}
    merged = merge_parties(parties=parties, actor="user:ada", reason="the same")
    survivor = family.party("dnb:M")
    assert survivor == family.party("crm:X")
    assert {member.id for member in hierarchy(survivor).members} == {
        survivor, family.party("dnb:T"), family.party("dnb:C"),
    }  # fmt: skip
    undo_act(act=merged.id, actor="user:ada")
    assert {(one.party_id, one.other_id, one.type_id) for one in live()} == before
    assert list(verify_parties()) == []


def test_a_parent_merged_into_its_child_is_the_child_itself(family: World) -> None:
    merge_parties(parties=[family.party("dnb:M"), family.party("dnb:T")], actor="user:ada", reason="the same")
    (relation,) = (one for one in relationships(family.party("dnb:M")) if one.direction == "to")
    assert (relation.standing, relation.other) == ("itself", None)
    assert hierarchy(family.party("dnb:C")).members[0].id == family.party("dnb:T")


def test_of_several_holders_of_the_number_the_one_with_most_records_is_meant_and_the_others_are_counted(
    world: World,
) -> None:
    for name in ("dnb:T", "crm:T", "markit:T"):
        company(world, name, TOP)
    company(world, "dnb:C", CHILD, above(TOP))
    world.link("crm:T", "markit:T")
    world.resolve()
    (relation,) = live()
    assert (relation.other_id, relation.holders) == (world.party("crm:T"), 2)
    world.unlink()
    world.link("dnb:T", "markit:T")
    world.resolve()
    assert live()[0].other_id == world.party("dnb:T")


def test_a_withdrawn_child_hangs_nowhere(family: World) -> None:
    family.withdraw("dnb:C", "2026-03-01T00:00:00Z")
    family.resolve()
    assert [member.id for member in hierarchy(family.party("dnb:T")).members] == [
        family.party("dnb:T"),
        family.party("dnb:M"),
    ]


def test_a_record_about_relations_alone_needs_no_name_and_its_party_shows_by_its_number(world: World) -> None:
    world.register_alone("dnb:C", {"identifiers": duns(CHILD), "relations": [above(TOP)]})
    world.resolve()
    assert world.golden("dnb:C").name == CHILD
    assert world.golden("dnb:C").values["relations"] == [above(TOP)]


def test_what_was_tampered_with_is_found_and_put_right(family: World) -> None:
    relation = live()[0]
    Relationship.objects.filter(pk=relation.pk).update(share=1)
    assert {one.side for one in misrelated()} == {"stored", "expected"}
    relate_all()
    assert misrelated() == []


def test_another_type_of_relationship_reshapes_the_tree(family: World) -> None:
    RelationshipType.objects.filter(code="direct_parent").update(hierarchical=False)
    relate_all()
    tree = hierarchy(family.party("dnb:C"))
    assert [member.id for member in tree.members] == [family.party("dnb:T"), family.party("dnb:C")]


def test_parties_without_relations_cost_one_look(world: World, django_assert_max_num_queries: Any) -> None:
    company(world, "dnb:T", TOP)
    world.resolve()
    with connection.execute_wrapper(_never_relates):
        company(world, "dnb:M", MIDDLE)
        world.resolve()


def _never_relates(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    assert "TEMP TABLE relating" not in sql
    return execute(sql, params, many, context)
