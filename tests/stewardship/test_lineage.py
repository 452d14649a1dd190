"""The graph behind a golden value: from the value back to the run, the line, the rule and the decisions."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from ingestion.models import FeedRun, RunState
from party_hub.actions.forbid_value import Statement, forbid_value
from party_hub.actions.merge_parties import merge_parties
from party_hub.actions.pin_value import pin_value
from party_hub.models import Party, SurvivorshipRule
from party_hub.queries import profile
from stewardship.presentation.lineage import DRAWN, EdgeKind, LineageGraph, Node, NodeKind, draw, in_words
from stewardship.queries.lineage import lineage_graph
from tests.factories import SourceRecordFactory, a_company, a_party, party_of
from tests.party_hub.api.conftest import client_of
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db
PLACE = "s3://hub/raw/crm/7/crm.csv"


def loaded(**more: Any) -> FeedRun:
    """A run of the CRM's feed, whose file landed at `PLACE`."""
    counts = {"landed": 1, "accepted": 1, "created": 1, "finished_at": timezone.now(), "state": RunState.SUCCEEDED}
    return FeedRun.objects.create(
        feed_id="crm", location="crm.csv", requested_by="user:dan", raw_location=PLACE, **counts, **more
    )


@pytest.fixture
def party() -> Party:
    """Northwind, whom the CRM's file and an event of D&B know under two legal forms."""
    loaded()
    crm = SourceRecordFactory(party_type="organisation", attributes=a_company(), raw_location=f"{PLACE}#12", version=3)
    dnb = SourceRecordFactory(
        source_id="dnb", party_type="organisation", attributes=a_company(legal_form="PLC"), raw_location="event:e-77"
    )
    return party_of(crm, dnb)


def graph_of(party: Party, attribute: str = "legal_form", **more: Any) -> LineageGraph:
    found = profile(party.pk, known_at=more.get("known_at"))
    assert found is not None
    return lineage_graph(found, attributes=[attribute], **{"known_at": None, "personal": True, **more})


def of_kind(graph: LineageGraph, kind: NodeKind) -> list[Node]:
    return [node for node in graph.nodes.values() if node.kind is kind]


def test_a_value_leads_to_its_record_run_file_and_line(party: Party) -> None:
    graph = graph_of(party)
    (run,) = of_kind(graph, NodeKind.RUN)
    records = of_kind(graph, NodeKind.RECORD)
    crm = next(record for record in records if record.source == "crm")
    assert "version 3" in crm.note
    assert run.page == f"/feeds/{FeedRun.objects.get().pk}/"
    (line,) = graph.into(crm, EdgeKind.HOLDS)
    assert (line.label, line.note) == ("crm.csv", "line 12")
    assert graph.into(line, EdgeKind.BROUGHT) == [run]
    dnb = next(record for record in records if record.source == "dnb")
    assert [node.label for node in graph.into(dnb, EdgeKind.HOLDS)] == ["event:e-77"]


def test_every_losing_value_and_the_rule_in_its_version_are_there(party: Party) -> None:
    SurvivorshipRule.objects.filter(attribute="legal_form").delete()
    rule = SurvivorshipRule.objects.create(attribute="legal_form", party_type="", strategy="longest")
    rule.strategy = "most_recent"
    rule.save()
    graph = graph_of(party)
    golden = graph.nodes["golden:legal_form"]
    assert len(graph.into(golden, EdgeKind.WON)) == len(graph.into(golden, EdgeKind.LOST)) == 1
    (chose,) = graph.into(golden, EdgeKind.CHOSE)
    assert "most recent" in chose.label
    assert "version 2" in chose.note
    assert "built in" in graph_of(party, "country").into(graph_of(party, "country").nodes["golden:country"],
                                                        EdgeKind.CHOSE)[0].note  # fmt: skip


def test_it_tells_what_put_a_record_into_the_party(party: Party, ada: User) -> None:
    other = party_of(SourceRecordFactory(source_id="markit", party_type="organisation", attributes=a_company()))
    assert [node.note for node in of_kind(graph_of(party), NodeKind.LINK)] == ["held the same with 99 %"]
    merge_parties(parties=[party.pk, other.pk], actor="user:ada", reason="One register number.")
    survivor = Party.objects.get(status="active")
    (decision,) = of_kind(graph_of(survivor), NodeKind.DECISION)
    assert "ada" in decision.label
    assert "One register number." in decision.note


def test_pins_stand_beside_what_they_set_and_silence(party: Party) -> None:
    pin_value(party=party.pk, attribute="legal_form", value="SE", actor="user:ada", reason="Register of 3 March.")
    statement = Statement(source="dnb")
    forbid_value(party=party.pk, attribute="legal_form", statement=statement, actor="user:ada", reason="Outdated.")
    graph = graph_of(party)
    assert {edge.kind for edge in graph.edges.values()} >= {EdgeKind.SET, EdgeKind.SILENCED, EdgeKind.NOT_HEARD}
    assert any("Register of 3 March." in node.note for node in of_kind(graph, NodeKind.PIN))
    assert not of_kind(graph, NodeKind.RULE)


def test_the_graph_of_a_past_day_knows_nothing_of_what_came_later(party: Party) -> None:
    before = timezone.now()
    pin_value(party=party.pk, attribute="legal_form", value="SE", actor="user:ada", reason="Register.")
    then = graph_of(party, known_at=before)
    assert not of_kind(then, NodeKind.PIN)
    assert "SE" not in {node.label for node in then.nodes.values()}


def test_the_page_draws_it_and_says_the_same_as_a_list(party: Party, signed_in: SignedIn) -> None:
    page = signed_in("ben").get(f"/parties/{party.pk}/lineage/?attribute=legal_form").content.decode()
    drawing, _, listed = page.partition('data-testid="lineage-list"')
    for said in (f"/feeds/{FeedRun.objects.get().pk}/", "line 12", "event:e-77", "PLC", "Ltd", "version 3"):
        assert said in drawing
        assert said in listed
    assert 'data-testid="lineage-graph"' in drawing
    profile_page = signed_in("ben").get(f"/parties/{party.pk}/").content.decode()
    assert f"/parties/{party.pk}/lineage/?attribute=legal_form" in profile_page


def test_a_merged_id_leads_on_and_an_unknown_one_is_not_found(party: Party, signed_in: SignedIn) -> None:
    other = party_of(SourceRecordFactory(source_id="markit", party_type="organisation", attributes=a_company()))
    merge_parties(parties=[party.pk, other.pk], actor="user:ada", reason="same")
    survivor = Party.objects.get(status="active")
    retired = other if survivor.pk == party.pk else party
    assert signed_in("ben").get(f"/parties/{retired.pk}/lineage/")["Location"] == f"/parties/{survivor.pk}/lineage/"
    long_ago = (timezone.now() - timedelta(days=900)).date()
    assert signed_in("ben").get(f"/parties/{party.pk}/lineage/?known_at={long_ago}").status_code == 404


def test_rest_tells_the_same_nodes_and_edges(party: Party) -> None:
    address = f"/api/v1/parties/{party.pk}/lineage/graph/"
    said = client_of("ben").get(address, {"attribute": "legal_form"}).json()
    graph = graph_of(party)
    assert [node["id"] for node in said["nodes"]] == list(graph.nodes)
    assert {(edge["start"], edge["end"], edge["kind"]) for edge in said["edges"]} == set(graph.edges)
    everything = client_of("ben").get(address).json()
    assert {node["attribute"] for node in everything["nodes"]} >= {"legal_form", "names", "phones"}
    assert client_of("ben").get(address, {"attribute": "shoe_size"}).status_code == 400


def test_personal_values_are_hidden_in_the_graph_too(signed_in: SignedIn) -> None:
    ann = a_party("Ann Smith")
    address = f"/parties/{ann.pk}/lineage/?attribute=date_of_birth"
    assert "1984-03-12" not in signed_in("ben").get(address).content.decode()
    assert "1984-03-12" in signed_in("ada").get(address).content.decode()


def test_a_large_graph_is_drawn_in_part_and_listed_whole() -> None:
    records = [
        SourceRecordFactory(
            party_type="organisation", attributes=a_company(legal_form=f"Form {number}"), raw_location=f"event:{number}"
        )
        for number in range(DRAWN // 2)
    ]
    graph = graph_of(party_of(*records))
    drawing = draw(graph)
    assert len(drawing.boxes) == DRAWN
    assert drawing.left_out == len(graph.nodes) - DRAWN > 0
    assert len(list(in_words(graph))) == DRAWN // 2
