"""A listener that is killed again and again, on a stream with repetitions, disorder and garbage, loses nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingestion.actions import create_run
from ingestion.listener import GROUP
from ingestion.loading import load
from party_hub.events.catalog import Topic
from party_hub.events.kafka import ensure_topics, lag
from party_hub.models import UnresolvedRecord
from tests.faults.event_stream import facts, forget, letters, send, stream, take_in

pytestmark = [pytest.mark.spark, pytest.mark.django_db(transaction=True)]


def test_a_listener_killed_three_times_ends_where_a_clean_load_of_the_events_ends(
    hub_env: dict[str, str], settings: Any, tmp_path: Path
) -> None:
    settings.KAFKA_TOPIC_PREFIX += "killed."
    ensure_topics()
    sent = stream(5_000)
    file = tmp_path / "events.jsonl"
    file.write_text("".join(f"{json.dumps(one)}\n" for one in sent.clean), encoding="utf-8")
    settings.LAKE_URL = (tmp_path / "lake").as_uri()
    assert load(create_run(feed="events", location=str(file), actor="user:dan")).quarantined == 0
    expected = facts()
    forget()
    send(sent.messages)
    take_in({**hub_env, "KAFKA_TOPIC_PREFIX": settings.KAFKA_TOPIC_PREFIX}, sent, kills=(0.1, 0.4, 0.7), batch=100)
    assert facts() == expected
    assert UnresolvedRecord.objects.count() == len(expected)
    assert len(letters()) == sent.garbage
    assert lag(GROUP, [Topic.RECORDS]) == {Topic.RECORDS: 0}
