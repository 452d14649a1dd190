"""What the journeys share: a browser, topics of their own, and a consumer as a downstream system writes one."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition
from django.conf import settings as project
from playwright.sync_api import Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from party_hub.events.catalog import Topic
from party_hub.events.kafka import PARTITIONS, ensure_topics
from party_hub.events.relay import Relay
from tests.browser import Hub

Read = Callable[[], list[tuple[str, dict[str, Any] | None]]]


@pytest.fixture
def hub(page: Page, live_server: LiveServer) -> Iterator[Hub]:
    """The hub in a real browser, which has nothing to complain about."""
    seen = Hub(page, live_server)
    yield seen
    assert seen.complaints == []


@pytest.fixture
def published(settings: Settings, request: pytest.FixtureRequest) -> Iterator[Read]:
    """Relays the outbox, then reads on from where it stopped: (key, envelope), None for a tombstone."""
    settings.KAFKA_TOPIC_PREFIX = f"{project.KAFKA_TOPIC_PREFIX}{request.node.name.partition('[')[0]}."
    ensure_topics()
    topic = f"{settings.KAFKA_TOPIC_PREFIX}{Topic.GOLDEN}"
    consumer = Consumer({"bootstrap.servers": project.KAFKA_BOOTSTRAP_SERVERS, "group.id": topic})
    # Assigned by hand, as for one reader of the whole topic: a group takes its time to agree on who reads what.
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in range(PARTITIONS[Topic.GOLDEN])])

    def read() -> list[tuple[str, dict[str, Any] | None]]:
        expected, found = Relay().drain(), []
        while len(found) < expected:
            message = consumer.poll(20)
            assert message is not None, f"{len(found)} of {expected} events came"
            assert message.error() is None
            key, value = message.key(), message.value()
            found.append((key.decode() if key else "", json.loads(value) if value else None))
        return found

    yield read
    consumer.close()
