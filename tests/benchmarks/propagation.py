"""How long it takes from a steward's answer until another system sees its event: web, relay and broker as they run."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

SEEN_WITHIN = 30.0  # seconds after which an event counts as lost


def seconds_until_seen(answer: Callable[[], str | None], times: int) -> list[float]:
    """Answers so often, each time waiting for the event that tells it. `answer` gives the act, None where it became
    none. Raises TimeoutError where an event does not come.
    """
    taken: list[float] = []
    with _relay(), _consumer() as consumer:
        while len(taken) <= times:
            begun = time.perf_counter()
            act = answer()
            if act is not None:
                _wait_for(consumer, act)
                taken.append(time.perf_counter() - begun)
    return taken[1:]  # the first one waited for the relay to start


def _wait_for(consumer: Any, act: str) -> None:
    deadline = time.monotonic() + SEEN_WITHIN
    while time.monotonic() < deadline:
        message = consumer.poll(1.0)
        if message is not None and message.error() is None and act.encode() in (message.value() or b""):
            return
    raise TimeoutError(f"No event of act {act} came within {SEEN_WITHIN:.0f} s.")


@contextmanager
def _relay() -> Iterator[None]:
    from party_hub.events.relay import Relay

    with Relay() as before:
        before.drain()
    with subprocess.Popen([sys.executable, "manage.py", "relay_events"], stdout=subprocess.DEVNULL) as relay:
        try:
            yield
        finally:
            relay.terminate()


@contextmanager
def _consumer() -> Iterator[Any]:
    """Reads what is published from now on."""
    from confluent_kafka import Consumer, TopicPartition
    from django.conf import settings

    from party_hub.events.catalog import Topic
    from party_hub.events.kafka import PARTITIONS

    topic = f"{settings.KAFKA_TOPIC_PREFIX}{Topic.GOLDEN}"
    consumer = Consumer({"bootstrap.servers": settings.KAFKA_BOOTSTRAP_SERVERS, "group.id": "bench"})
    parts = [TopicPartition(topic, number) for number in range(PARTITIONS[Topic.GOLDEN])]
    for part in parts:
        part.offset = consumer.get_watermark_offsets(part, timeout=10)[1]
    consumer.assign(parts)
    try:
        yield consumer
    finally:
        consumer.close()
