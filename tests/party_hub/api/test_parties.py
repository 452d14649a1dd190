"""Reading parties over REST: every answer that CONTRACTS names, and its status code."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from party_hub.actions.decide import decide
from party_hub.actions.merge_parties import merge_parties
from party_hub.domain.identity import record_id
from party_hub.domain.judgement import Judgement
from party_hub.models import Party
from tests.factories import a_company, a_person

from .conftest import path, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> UUID:
    return take_in("1", a_person("Ann Smith"))


def merged() -> tuple[UUID, UUID]:
    """(survivor, retired)."""
    one, two = take_in("1", a_person("Ann Smith")), take_in("2", a_person("Anne Smith"))
    act = merge_parties(parties=[one, two], actor="user:ada", reason="same person")
    ((retired, survivor),) = act.resolution.merged.items()
    return survivor, retired


def scattered() -> UUID:
    """A retired id whose two records are with two parties now."""
    one, two, three = (record_id("crm", key) for key in "123")
    for key in "123":
        take_in(key, a_person("Ann Smith"))
    decide(left=one, right=two, judgement=Judgement.MATCH, actor="user:ada")
    four = record_id("crm", "4")
    take_in("4", a_person("Ann Smith"))
    decide(left=three, right=four, judgement=Judgement.MATCH, actor="user:ada")
    take_in("5", a_person("Ann Smith"))
    act = decide(left=two, right=three, judgement=Judgement.MATCH, actor="user:ada")
    (retired,) = act.resolution.merged
    lost = {one, two} if Party.objects.get(id=retired).memberships.filter(record=one).exists() else {three, four}
    keep, go = sorted(lost)
    five = record_id("crm", "5")
    other = three if lost == {one, two} else one
    decide(left=keep, right=go, judgement=Judgement.NO_MATCH, actor="user:ada")
    decide(left=go, right=other, judgement=Judgement.NO_MATCH, actor="user:ada")
    decide(left=go, right=five, judgement=Judgement.MATCH, actor="user:ada")
    return retired


def test_a_profile_shows_the_golden_record_with_its_xrefs(ada: APIClient, ann: UUID) -> None:
    answer = ada.get(path(ann))
    assert answer.status_code == 200
    said = answer.json()
    assert said["name"] == "Ann Smith"
    assert said["values"]["date_of_birth"] == "1984-03-12"
    assert said["xrefs"] == [{"source": "crm", "key": "1"}]
    assert said["masked"] == []
    assert answer["ETag"] == f'"{said["version"]}"'


def test_who_has_the_version_already_gets_304(ada: APIClient, ann: UUID) -> None:
    tag = ada.get(path(ann))["ETag"]
    assert ada.get(path(ann), headers={"If-None-Match": tag}).status_code == 304
    take_in("1", a_person("Ann Smith-Jones"))
    assert ada.get(path(ann), headers={"If-None-Match": tag}).status_code == 200


def test_an_unknown_id_is_404_as_a_problem(ada: APIClient) -> None:
    answer = ada.get(path(uuid4()))
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 404


def test_a_retired_id_redirects_to_its_survivor_for_ever(ada: APIClient) -> None:
    survivor, retired = merged()
    answer = ada.get(path(retired))
    assert answer.status_code == 308
    assert answer["Location"] == path(survivor)
    assert answer.json()["survivor_id"] == str(survivor)
    assert ada.get(answer["Location"]).json()["id"] == str(survivor)


@pytest.mark.parametrize("rest", ["sources/", "lineage/", "lineage/graph/", "relationships/", "hierarchy/"])
def test_what_belongs_to_a_retired_id_redirects_too(ada: APIClient, rest: str) -> None:
    survivor, retired = merged()
    assert ada.get(path(retired, rest))["Location"] == path(survivor, rest)


@pytest.mark.parametrize("rest", ["history/", "events/"])
def test_a_retired_id_keeps_its_own_history_and_events(ada: APIClient, rest: str) -> None:
    _, retired = merged()
    answer = ada.get(path(retired, rest))
    assert answer.status_code == 200
    assert answer.json()["results"]


def test_a_retired_id_without_redirect_is_410_with_its_survivor(ada: APIClient) -> None:
    survivor, retired = merged()
    answer = ada.get(path(retired), {"redirect": "false"})
    assert answer.status_code == 410
    assert answer.json()["survivor_id"] == str(survivor)


def test_a_retired_id_whose_records_were_parted_is_300_with_candidates(ada: APIClient) -> None:
    retired = scattered()
    answer = ada.get(path(retired))
    assert answer.status_code == 300
    said = answer.json()
    assert said["lead"] == "ambiguous"
    assert len(said["candidates"]) == 2
    assert {candidate["status"] for candidate in said["candidates"]} == {"active"}


def test_an_erased_party_is_410_and_says_no_more(ada: APIClient, ann: UUID) -> None:
    Party.objects.filter(id=ann).update(status="erased")
    answer = ada.get(path(ann))
    assert answer.status_code == 410
    assert "survivor_id" not in answer.json()


def test_lineage_names_winner_rule_reason_and_losers(ada: APIClient) -> None:
    take_in("1", a_person("Ann Smith", gender="female"))
    take_in("9", a_person("Ann Smith", gender="f"), source="dnb")
    decide(left=record_id("crm", "1"), right=record_id("dnb", "9"), judgement=Judgement.MATCH, actor="user:ada")
    party = take_in("1", a_person("Ann Smith", gender="female"))
    results = {entry["attribute"]: entry for entry in ada.get(path(party, "lineage/")).json()["results"]}
    gender = results["gender"]
    assert gender["golden"] == "f"
    assert gender["rule"] == "source_trust"
    assert [(value["value"], value["won"]) for value in gender["values"]] == [("f", True), ("female", False)]
    assert gender["values"][0]["records"][0]["source"] == "dnb"
    assert gender["reason"]


def test_sources_show_each_record_as_it_came(ada: APIClient, ann: UUID) -> None:
    (record,) = ada.get(path(ann, "sources/")).json()["results"]
    assert record["source"] == "crm"
    assert record["key"] == "1"
    assert record["attributes"]["emails"] == ["ann.smith@example.org"]
    assert record["raw_location"] == "test:1"


def test_history_tells_versions_with_what_changed_and_who_decided(ada: APIClient) -> None:
    survivor, _ = merged()
    moments = ada.get(path(survivor, "history/")).json()["results"]
    assert {"golden", "joined", "absorbed", "decided"} <= {moment["kind"] for moment in moments}
    assert [moment["at"] for moment in moments] == sorted((moment["at"] for moment in moments), reverse=True)
    decided = next(moment for moment in moments if moment["kind"] == "decided")
    assert decided["actor"] == "user:ada"
    assert decided["reason"] == "same person"
    newest = next(moment for moment in moments if moment["kind"] == "golden")
    assert {change["attribute"] for change in newest["changes"]} >= {"names"}


@pytest.mark.django_db(transaction=True)
def test_known_at_gives_the_state_as_the_hub_knew_it_then(ada: APIClient) -> None:
    before_all = timezone.now()
    party = take_in("1", a_person("Ann Smith"))
    then = timezone.now()
    take_in("1", a_person("Ann Brown"))
    assert ada.get(path(party)).json()["name"] == "Ann Brown"
    old = ada.get(path(party), {"known_at": then.isoformat()})
    assert old.status_code == 200
    assert old.json()["name"] == "Ann Smith"
    assert "ETag" not in old
    (record,) = ada.get(path(party, "sources/"), {"known_at": then.isoformat()}).json()["results"]
    assert record["attributes"]["names"][0]["full"] == "Ann Smith"
    lineage = ada.get(path(party, "lineage/"), {"known_at": then.isoformat()}).json()["results"]
    assert lineage[0]["golden"][0]["full"] == "Ann Smith"
    assert ada.get(path(party), {"known_at": before_all.isoformat()}).status_code == 404


def test_known_at_before_a_merge_shows_both_parties(ada: APIClient) -> None:
    take_in("1", a_person("Ann Smith"))
    take_in("2", a_person("Anne Smith"))
    then = timezone.now().isoformat()
    survivor, retired = merged()
    for party in (survivor, retired):
        answer = ada.get(path(party), {"known_at": then})
        assert answer.status_code == 200
        assert answer.json()["id"] == str(party)
    after = timezone.now().isoformat()
    assert ada.get(path(retired), {"known_at": after}).status_code == 308


@pytest.mark.parametrize("text", ["yesterday", "2026-01-05T09:00:00", "2999-01-01T00:00:00Z", "2026-13-45T99:00:00Z"])
def test_a_known_at_that_is_no_past_time_is_refused(ada: APIClient, ann: UUID, text: str) -> None:
    answer = ada.get(path(ann), {"known_at": text})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "known_at"


def test_the_hierarchy_runs_from_the_ultimate_parent_down(ada: APIClient) -> None:
    duns = {"scheme": "duns", "country": "", "valid": True}
    company: dict[str, Any] = {"source": "dnb", "kind": "organisation"}
    above = {"type": "global_ultimate", "scheme": "duns", "value": "123456780", "share": "60.5"}
    top = take_in("T", a_company("Northwind Holding", identifiers=[{**duns, "value": "123456780"}]), **company)
    before = timezone.now().isoformat()
    child = take_in("C", a_company("Northwind Traders", relations=[above]), **company)
    group = ada.get(path(child, "hierarchy/")).json()
    assert (group["total"], group["cycle"]) == (2, [])
    shown = [(member["id"], member["depth"], member["share"]) for member in group["results"]]
    assert shown == [(str(top), 0, None), (str(child), 1, "60.5")]
    assert ada.get(path(top, "hierarchy/"), {"known_at": before}).json()["total"] == 1
    (relation,) = ada.get(path(child, "relationships/")).json()["results"]
    assert (relation["direction"], relation["label"]) == ("to", "Global ultimate")
    assert relation["other"] == str(top)
    (relation,) = ada.get(path(top, "relationships/")).json()["results"]
    assert (relation["direction"], relation["label"]) == ("from", "Global subsidiary")
    assert ada.get(path(top, "relationships/"), {"known_at": before}).json()["results"] == []


def test_a_party_without_relations_is_a_group_of_one(ada: APIClient, ann: UUID) -> None:
    (member,) = ada.get(path(ann, "hierarchy/")).json()["results"]
    assert member["id"] == str(ann)


def test_a_list_goes_on_where_the_page_before_ended(ada: APIClient) -> None:
    for number in range(5):
        take_in(str(number), a_person(f"Ann Smith {number}"))
    names: list[str] = []
    address: str | None = "/api/v1/parties/?limit=2&party_type=individual"
    while address:
        page = ada.get(address).json()
        names.extend(party["name"] for party in page["results"])
        address = page["next"]
    assert names == [f"Ann Smith {number}" for number in reversed(range(5))]


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"}, {"limit": "1001"}, {"limit": "x"}, {"cursor": "rubbish"}, {"identifier": "lei"},
        {"identifier": "shoe_size:42"}, {"changed_since": "monday"}, {"quality_lt": "low"}, {"party_type": "ghost"},
        {"cursor": "WyJsYXRlc3QiLCAxLCAyXQ"},
    ],
)  # fmt: skip
def test_a_bad_filter_is_400_and_names_its_field(ada: APIClient, query: dict[str, str]) -> None:
    answer = ada.get("/api/v1/parties/", query)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == next(iter(query))


@pytest.mark.parametrize(
    ("rest", "budget"),
    [
        ("", 6),
        ("sources/", 5),
        ("lineage/", 5),
        ("history/", 9),
        ("relationships/", 5),
        ("hierarchy/", 6),
        ("events/", 5),
        ("pins/", 5),
    ],
)
def test_no_resource_of_a_party_costs_more_queries_than_its_budget(
    ada: APIClient, rest: str, budget: int, django_assert_max_num_queries: Any
) -> None:
    survivor, _ = merged()
    ada.get(path(survivor))
    with django_assert_max_num_queries(budget):
        assert ada.get(path(survivor, rest)).status_code == 200
