"""A snapshot tells a consumer that starts anew all there is to know, on Kafka and in the lake."""

import io
import json
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.core.management import call_command

from ingestion.golden_zone import LATEST, publish_to_lake
from ingestion.lake import open_lake
from party_hub.actions.merge_parties import merge_parties
from party_hub.actions.publish_snapshot import publish_snapshot
from party_hub.events.contract import event_problems
from party_hub.events.envelope import envelope
from party_hub.events.relay import Relay
from party_hub.models import OutboxEvent, Party
from tests.factories import a_person
from tests.party_hub.api.conftest import take_in

from .conftest import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def three() -> None:
    """Two live parties and a retired one."""
    one, two, _ = (take_in(key, a_person(f"Ann Smith {key}")) for key in "123")
    merge_parties(parties=[one, two], actor="user:ada", reason="same person")


def newest(events: list[dict[str, Any] | None]) -> dict[str, dict[str, Any]]:
    """What a compacted topic keeps: the last of each key, without what says how it came about."""
    kept = {event["subject"]: event for event in events if event}
    return {key: {"version": event["partyversion"], **bare(event["data"])} for key, event in kept.items()}


def bare(data: dict[str, Any]) -> dict[str, Any]:
    how = ("decision", "changedAttributes", "xrefsMoved", "retiredIds", "keptId", "newIds")
    return {name: value for name, value in data.items() if name not in how}


@pytest.mark.usefixtures("three")
def test_a_snapshot_ends_in_the_same_state_as_the_events_before_it() -> None:
    told = [envelope(event) for event in OutboxEvent.objects.order_by("id")]
    before = newest(list(told))
    for state in before.values():
        if state["status"] != "retired":
            state.pop("survivorId", None)
    OutboxEvent.objects.all().delete()
    assert publish_snapshot(actor="system:test") == 3
    events = [envelope(event) for event in OutboxEvent.objects.order_by("id")]
    for event in events:
        assert event_problems(event) == []
    assert newest(list(events)) == before


@pytest.mark.usefixtures("three")
def test_a_snapshot_twice_has_the_same_versions() -> None:
    publish_snapshot(actor="system:test")
    publish_snapshot(actor="system:test")
    versions = dict(Party.objects.values_list("id", "version"))
    for event in OutboxEvent.objects.order_by("-id")[:6]:
        assert event.party_version == versions[next(party for party in versions if str(party) == event.key)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_topics", "three")
def test_the_command_fills_a_topic_that_has_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    OutboxEvent.objects.all().delete()
    call_command("publish_snapshot", "--json")
    assert json.loads(capsys.readouterr().out)["events"] == 3
    with Relay() as relay:
        relay.drain()
    types = sorted(event["type"] for event in published() if event)
    assert types == ["party.redirected", "party.updated", "party.updated"]


@pytest.mark.usefixtures("three")
def test_the_lake_holds_every_live_golden_record_with_its_xrefs() -> None:
    snapshot = publish_to_lake()
    assert snapshot.parties == 2
    lake = open_lake()
    prefix = json.loads(lake.get_bytes(LATEST) or b"")["snapshot"]
    manifest = lake.manifest(prefix)
    assert manifest
    (file,) = manifest["files"]
    rows = pq.read_table(io.BytesIO(lake.get_bytes(f"{prefix}/{file['name']}") or b"")).to_pylist()
    assert {row["party_id"] for row in rows} == {
        str(party) for party in Party.objects.filter(status="active").values_list("id", flat=True)
    }
    merged = next(row for row in rows if row["record_count"] == 2)
    assert json.loads(merged["xrefs"]) == [{"source": "crm", "key": "1"}, {"source": "crm", "key": "2"}]
    assert json.loads(merged["values"])["date_of_birth"] == "1984-03-12"


def test_a_hub_without_parties_gives_an_empty_set(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("publish_snapshot", "--lake", "--json")
    assert json.loads(capsys.readouterr().out)["parties"] == 0
