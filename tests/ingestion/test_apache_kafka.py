"""What holds on the broker from a wheel holds on Apache Kafka itself: the same tests, where Maven Central answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.embedded import apache_kafka, maven
from tests.faults.event_stream import letters, send, stream
from tests.ingestion.test_listener import (  # noqa: F401
    heard,
    test_dead_letters_get_another_chance_each_once_and_with_their_own_bytes,
    test_the_listener_takes_in_what_waits_and_dead_letters_the_rest,
    test_what_was_committed_does_not_come_again_and_what_was_not_does,
    topics,
)
from tests.party_hub.events.conftest import own_topics  # noqa: F401
from tests.party_hub.events.test_relay import (  # noqa: F401
    test_a_tombstone_has_a_key_and_no_value,
    test_an_event_is_sent_again_when_the_relay_dies_between_sending_and_marking,
    test_events_of_a_party_arrive_in_the_order_of_its_versions,
    test_the_message_is_a_cloudevent_with_the_promised_key_and_headers,
)

pytestmark = [
    pytest.mark.maven,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_topics"),
]
HOME = Path(__file__).resolve().parent.parent.parent / ".hub" / "apache-kafka"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where Apache Kafka listens; skipped by name where it cannot be had."""
    try:
        with apache_kafka.broker(HOME, tmp_path_factory.mktemp("kafka")) as found:
            yield found
    except maven.CannotBeHad as problem:
        pytest.skip(f"no Apache Kafka: {problem}")


@pytest.fixture(autouse=True)
def _on_apache_kafka(address: str, settings: Any) -> None:
    settings.KAFKA_BOOTSTRAP_SERVERS = address


@pytest.mark.usefixtures("topics")
def test_a_stream_with_repetitions_disorder_and_garbage_is_taken_in() -> None:
    sent = stream(500)
    send(sent.messages)
    assert heard().refused == sent.garbage == len(letters())
