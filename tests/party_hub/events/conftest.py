"""Facts to tell of, and what the broker holds of them."""

import json
from typing import Any

import pytest

from party_hub.events.kafka import read_whole

__all__ = ["published"]


def published(topic: str = "party.golden", key: object = None) -> list[dict[str, Any] | None]:
    """What lies in the topic, as JSON, None for a tombstone; of one key where it is given."""
    return [
        json.loads(message.value) if message.value is not None else None
        for message in read_whole(topic)
        if key is None or message.key == str(key).encode()
    ]


@pytest.fixture
def own_topics(settings: Any, request: pytest.FixtureRequest) -> str:
    """Topics of this test alone; gives their prefix."""
    settings.KAFKA_TOPIC_PREFIX += f"{abs(hash(request.node.nodeid)) % 10**8}."
    prefix: str = settings.KAFKA_TOPIC_PREFIX
    return prefix
