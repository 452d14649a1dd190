"""The relay: order, at least once, one at a time, and what happens when something dies."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID, uuid4

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, transaction

from party_hub.events.kafka import Message, Producer, read_whole
from party_hub.events.relay import RELAY_LOCK, NotDelivered, Relay, waiting
from party_hub.models import OutboxEvent

from .conftest import published

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_topics")]


def put(key: UUID, version: int, *, tombstone: bool = False) -> OutboxEvent:
    return OutboxEvent.objects.create(
        topic="party.golden", key=str(key), type="party.updated", party_version=version,
        payload=None if tombstone else {"partyId": str(key)}, correlation_id=uuid4(),
    )  # fmt: skip


def versions(key: UUID) -> list[int | None]:
    return [event["partyversion"] if event else None for event in published(key=key)]


class DyingProducer(Producer):
    """Delivers everything, then the process dies before it can note so."""

    def deliver(self, messages: Sequence[Message]) -> list[str | None]:
        super().deliver(messages)
        raise KeyboardInterrupt


class LosingProducer(Producer):
    """Does not get the first message of a batch through."""

    def deliver(self, messages: Sequence[Message]) -> list[str | None]:
        return ["Local: Message timed out", *super().deliver(messages[1:])]


class DeafProducer(Producer):
    """Gets nothing through."""

    def deliver(self, messages: Sequence[Message]) -> list[str | None]:
        return ["Local: Message timed out"] * len(messages)


def test_events_of_a_party_arrive_in_the_order_of_its_versions() -> None:
    parties = [uuid4() for _ in range(20)]
    for version in range(1, 11):
        for party in parties:
            put(party, version)
    with Relay(batch=37) as relay:
        assert relay.drain() == 200
    assert waiting() == 0
    arrived: dict[str, list[int]] = defaultdict(list)
    for event in published():
        assert event is not None
        arrived[event["subject"]].append(event["partyversion"])
    assert arrived == {str(party): list(range(1, 11)) for party in parties}


def test_the_message_is_a_cloudevent_with_the_promised_key_and_headers() -> None:
    party = uuid4()
    event = put(party, 7)
    with Relay() as relay:
        relay.drain()
    (message,) = read_whole("party.golden")
    assert message.key == str(party).encode()
    assert message.headers["ce_type"] == b"party.updated"
    assert message.headers["ce_id"] == str(event.event_id).encode()
    assert message.headers["correlation_id"] == str(event.correlation_id).encode()
    assert message.value is not None
    envelope = json.loads(message.value)
    assert envelope["specversion"] == "1.0"
    assert envelope["id"] == str(event.event_id)
    assert envelope["subject"] == str(party)
    assert envelope["partyversion"] == 7


def test_a_tombstone_has_a_key_and_no_value() -> None:
    party = uuid4()
    put(party, 1)
    put(party, 2, tombstone=True)
    with Relay() as relay:
        relay.drain()
    assert versions(party) == [1, None]


def test_an_event_is_sent_again_when_the_relay_dies_between_sending_and_marking() -> None:
    party = uuid4()
    put(party, 1)
    put(party, 2)
    with pytest.raises(KeyboardInterrupt), Relay(connect=DyingProducer) as relay:
        relay.drain()
    assert waiting() == 2
    with Relay() as relay:
        relay.drain()
    assert versions(party) == [1, 2, 1, 2]
    assert waiting() == 0


def test_what_the_broker_did_not_confirm_is_not_overtaken_for_good_by_its_successor() -> None:
    late, other = uuid4(), uuid4()
    put(late, 1)
    put(late, 2)
    put(other, 1)
    with Relay(connect=LosingProducer) as relay:
        assert relay.relay_batch() == 1
    assert set(OutboxEvent.objects.filter(published_at=None).values_list("key", flat=True)) == {str(late)}
    with Relay() as relay:
        relay.drain()
    assert versions(late)[-2:] == [1, 2]
    assert versions(other) == [1]


def test_a_broker_that_takes_nothing_is_told_and_loses_nothing() -> None:
    put(uuid4(), 1)
    with Relay(connect=DeafProducer) as relay, pytest.raises(NotDelivered):
        relay.relay_batch()
    assert waiting() == 1


def test_an_event_of_a_change_that_rolled_back_is_never_sent() -> None:
    party = uuid4()
    with transaction.atomic():
        put(party, 1)
        transaction.set_rollback(True)
    with Relay() as relay:
        assert relay.drain() == 0
    assert versions(party) == []


def test_a_second_relay_waits_while_one_works() -> None:
    put(uuid4(), 1)
    database = connection.settings_dict
    other = psycopg2.connect(
        host=database["HOST"], port=database["PORT"], user=database["USER"], password=database["PASSWORD"],
        dbname=database["NAME"],
    )  # fmt: skip
    with other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RELAY_LOCK])
        with Relay() as relay:
            assert relay.relay_batch() == 0
        other.rollback()
    other.close()
    with Relay() as relay:
        assert relay.relay_batch() == 1


def test_a_running_relay_sends_what_comes_and_stops_when_told() -> None:
    relay = Relay(pause=0.05)
    result: list[int] = []

    def work() -> None:
        result.append(relay.run())
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    party = uuid4()
    put(party, 1)
    deadline = time.monotonic() + 20
    while waiting() and time.monotonic() < deadline:
        time.sleep(0.05)
    relay.stop()
    thread.join(20)
    assert not thread.is_alive()
    assert result == [1]
    assert versions(party) == [1]


def test_the_command_ends_on_sigterm_with_its_work_done(hub_env: dict[str, str]) -> None:
    party = uuid4()
    put(party, 1)
    process = subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "relay_events"],
        env={**hub_env, "KAFKA_TOPIC_PREFIX": settings.KAFKA_TOPIC_PREFIX}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while waiting() and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert output.strip() == "1 events published"
    assert versions(party) == [1]
