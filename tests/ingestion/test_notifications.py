"""S3 tells that a file has arrived: by REST or over Kafka, one run for each version of an object, on the real S3."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus, urlsplit

import pytest
from django.db import IntegrityError

from ingestion.arrivals import request_arrivals
from ingestion.lake import Lake, open_lake
from ingestion.models import Feed, FeedRun
from ingestion.notifications import BadNotification, objects_in, request_notified
from party_hub.events.catalog import Topic
from party_hub.events.kafka import Message, Producer, read_whole
from tests.ingestion.test_listener import heard, topics  # noqa: F401
from tests.party_hub.api.conftest import client_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/feeds/notifications/"
Notification = dict[str, Any]


def by_s3(bucket: str, *keys: str, event: str = "ObjectCreated:Put") -> Notification:
    """As S3 and MinIO tell it: keys are quoted."""
    records = [
        {"eventName": event, "s3": {"bucket": {"name": bucket}, "object": {"key": quote_plus(key, safe="/")}}}
        for key in keys
    ]
    return {"Records": records}


def by_event_bridge(bucket: str, key: str) -> Notification:
    detail = {"bucket": {"name": bucket}, "object": {"key": key}}
    return {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}


def by_sns(bucket: str, key: str) -> Notification:
    return {"Type": "Notification", "Message": json.dumps(by_s3(bucket, key))}


@pytest.fixture
def watched(settings: Any, tmp_path: Any) -> Lake:
    """The place on S3 that the CRM feed watches."""
    place = open_lake(f"{settings.LAKE_URL}/{tmp_path.name}/inbox")
    place.prepare()
    Feed.objects.filter(pk="crm").update(location=f"{place.url}/")
    return place


@pytest.fixture
def told(watched: Lake) -> Callable[..., Notification]:
    """A notification of objects at that place."""

    def notification(*names: str, form: Callable[..., Notification] = by_s3) -> Notification:
        parts = urlsplit(watched.url)
        return form(parts.netloc, *(f"{parts.path.strip('/')}/{name}" for name in names))

    return notification


@pytest.mark.parametrize("form", [by_s3, by_event_bridge, by_sns])
def test_every_form_names_its_objects(form: Callable[..., Notification]) -> None:
    assert objects_in(form("lake", "in/Größe 1+2.csv")) == ["s3://lake/in/Größe 1+2.csv"]


@pytest.mark.parametrize(
    "said", [{"Event": "s3:TestEvent"}, by_s3("lake", "a.csv", event="ObjectRemoved:Delete"), {"source": "aws.s3"}]
)
def test_what_tells_of_no_arrival_asks_for_nothing(said: Notification) -> None:
    assert objects_in(said) == []


@pytest.mark.parametrize(
    "said",
    [
        [],
        {},
        {"Records": {}},
        {"Records": [{"eventName": "ObjectCreated:Put"}]},
        {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": 7}, "object": {"key": "a"}}}]},
        {"Message": "{"},
        {"Message": json.dumps({"Message": "{}"})},
        {"detail-type": "Object Created", "detail": None},
        by_s3("lake", *(f"{n}.csv" for n in range(1_001))),
    ],
)
def test_what_is_no_notification_says_why(said: Any) -> None:
    with pytest.raises(BadNotification):
        objects_in(said)


def test_an_object_is_loaded_once_whoever_tells_of_it(
    watched: Lake, told: Callable[..., Notification], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestion.arrivals._SETTLED", timedelta(seconds=-2))
    watched.put_bytes(b"x", "a b.csv")
    first = request_notified(said=told("a b.csv"), actor="user:sam")
    assert [run.location for run in first.runs] == [f"{watched.url}/a b.csv"]
    again = request_notified(said=told("a b.csv", form=by_event_bridge), actor="user:sam")
    assert (again.runs, again.repeated) == ([], 1)
    assert request_arrivals(feed=Feed.objects.get(pk="crm"), actor="schedule") == []


def test_an_object_that_is_replaced_arrives_again(watched: Lake, told: Callable[..., Notification]) -> None:
    watched.put_bytes(b"x", "a.csv")
    request_notified(said=told("a.csv"), actor="user:sam")
    watched.put_bytes(b"y", "a.csv")
    assert len(request_notified(said=told("a.csv"), actor="user:sam").runs) == 1


def test_what_nobody_watches_or_is_gone_is_passed_over_and_the_others_are_not(
    watched: Lake, told: Callable[..., Notification]
) -> None:
    watched.put_bytes(b"x", "a.csv")
    said = told("gone.csv", "deeper/b.csv", "c.csv.part", "a.csv")
    notified = request_notified(said=said, actor="user:sam")
    assert [run.location for run in notified.runs] == [f"{watched.url}/a.csv"]
    assert {url.removeprefix(f"{watched.url}/"): reason for url, reason in notified.passed_over.items()} == {
        "gone.csv": f"{watched.url}/gone.csv is not there.",
        "deeper/b.csv": "No feed watches this place.",
        "c.csv.part": "No feed watches this place.",
    }


def test_programs_tell_by_rest(watched: Lake, told: Callable[..., Notification]) -> None:
    watched.put_bytes(b"x", "a.csv")
    answer = client_of("sam").post(ADDRESS, told("a.csv"), format="json")
    (run,) = FeedRun.objects.all()
    shown = {"run": run.pk, "feed": "crm", "location": run.location, "state": "queued"}
    assert (answer.status_code, answer.json()) == (202, {"runs": [shown], "repeated": 0, "passed_over": {}})
    assert run.requested_by == "user:sam"
    assert client_of("sam").post(ADDRESS, {"Records": 1}, format="json").status_code == 400


@pytest.mark.parametrize("name", ["ben", "ada"])
def test_people_without_the_right_do_not(name: str) -> None:
    assert client_of(name).post(ADDRESS, {"Event": "s3:TestEvent"}, format="json").status_code == 403


@pytest.mark.usefixtures("topics")
def test_a_broker_tells_by_the_listener_and_nonsense_goes_to_the_dead_letters(
    watched: Lake, told: Callable[..., Notification]
) -> None:
    watched.put_bytes(b"x", "a.csv")
    sent = [json.dumps(told("a.csv")).encode(), b"{", json.dumps(told("gone.csv")).encode()]
    with Producer() as producer:
        producer.deliver([Message(Topic.FILES, "k", value) for value in [*sent, sent[0]]])
    assert heard().refused == 2
    assert FeedRun.objects.get().location == f"{watched.url}/a.csv"
    letters = list(read_whole(Topic.DEAD_LETTERS))
    assert {one.headers["topic"] for one in letters} == {b"party.files"}
    assert any(b"gone.csv is not there" in one.headers["reason"] for one in letters)


def test_a_version_of_a_file_has_one_run_in_the_database_too() -> None:
    asked = {"feed_id": "crm", "location": "s3://lake/a.csv", "file_version": "etag", "requested_by": "user:dan"}
    FeedRun.objects.create(**asked)
    with pytest.raises(IntegrityError, match="feed_run_once_per_version"):
        FeedRun.objects.create(**asked)
