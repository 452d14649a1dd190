"""Events in: each once, in order, the bad ones to the dead-letter topic with the reason; over the real broker."""

import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from django.db import OperationalError

from ingestion import listener as listening
from ingestion.dead_letters import replay_dead_letters, waiting_dead_letters
from ingestion.intake import BadEvent, decode, take_in
from ingestion.listener import Listener, Undelivered
from ingestion.models import SeenEvent
from party_hub.events.catalog import Topic
from party_hub.events.kafka import Message, Producer, ensure_topics, read_whole
from party_hub.models import AuditEntry, SourceRecord, SourceSystem, UnresolvedRecord
from tests.ingestion.conftest import BAD_LEI


def event(id: str = "e1", key: str = "A1", name: str = "Acme", **more: Any) -> dict[str, Any]:
    """An upsert."""
    base = {"id": id, "source": "events", "key": key, "op": "upsert", "effective_at": "2026-05-01T10:00:00Z"}
    return {**base, "attributes": {"names": [{"full": name}]}, **more}


def send(*values: dict[str, Any] | bytes) -> None:
    """Put events, or bytes that should be some, on the topic that the listener reads."""
    encoded = [value if isinstance(value, bytes) else json.dumps(value).encode() for value in values]
    with Producer() as producer:
        assert producer.deliver([Message(Topic.RECORDS, "k", value) for value in encoded]) == [None] * len(encoded)


def heard(batch: int = 500) -> Listener:
    """A listener that has taken in what waited."""
    with Listener(batch) as listener:
        listener.drain(patience=4)
    return listener


@pytest.fixture
def topics(settings: Any, request: pytest.FixtureRequest) -> None:
    """Topics of this test alone."""
    settings.KAFKA_TOPIC_PREFIX += f"listener{abs(hash(request.node.nodeid)) % 10**8}."
    ensure_topics()


# -- One event --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"no json", "The event is no JSON: "),
        (b"[1]", "The event is no JSON object."),
        (b"\xff{}", "The event is not UTF-8: invalid start byte at byte 0."),
        (None, "The event is no JSON: "),
        (b'{"id": "1"}', "The event has no source."),
        (b'{"id": 7, "source": "events", "key": "k", "op": "upsert"}', "The event's id is no text."),
        (b'{"id": "1", "source": "events", "key": "k", "op": "upsert"}', "The event has no attributes."),
        pytest.param(b"[" * 100_000, "The event is no JSON: ", id="nested too deep"),
    ],
)
def test_what_is_no_event_says_why(data: bytes | None, says: str) -> None:
    with pytest.raises(BadEvent) as problem:
        decode(data)
    assert str(problem.value).startswith(says)


@pytest.mark.django_db
def test_events_become_source_records_once_and_in_order() -> None:
    first = take_in([event("e1"), event("e2", name="Acme Two"), event("e1", name="again")], actor="system:test")
    assert (first.changed, first.repeated, len(first.records)) == (2, 1, 1)
    record = SourceRecord.objects.get(key="A1")
    assert (record.version, record.attributes["names"][0]["full"]) == (2, "Acme Two")
    assert record.raw_location == "event:e2"
    again = take_in([event("e1"), event("e2")], actor="system:test")
    assert (again.changed, again.repeated) == (0, 2)
    assert UnresolvedRecord.objects.count() == 1


@pytest.mark.django_db
def test_a_withdrawal_closes_the_record_and_may_come_first() -> None:
    gone = {"op": "withdraw", "effective_at": "2026-05-02T10:00:00Z", "attributes": None}
    take_in([event("e1"), event("e2", **gone), event("e3", key="A2", **gone)], actor="system:test")
    assert SourceRecord.objects.exclude(withdrawn_at=None).count() == 2


@pytest.mark.django_db
def test_bad_events_are_refused_alone() -> None:
    taken = take_in(
        [
            event("e1"),
            event("e2", source="ldap"),
            event("e3", attributes={"names": [{"full": "Acme"}], "lei": BAD_LEI}),
            event("e4", attributes={"names": [{"full": "Ann"}], "date_of_birth": "1984-02-31"}),
            event("e5", effective_at="soon"),
            event("e6", party_type="ghost"),
            event("e7", key="A7"),
        ],
        actor="system:test",
    )
    assert taken.refused == {
        1: "'ldap' is no source system of the hub.",
        2: "The check digits of the LEI are wrong.",
        3: "'1984-02-31' is no date that exists.",
        4: "'soon' is no point in time that exists.",
        5: "'ghost' is no party type of this feed (person, individual, organisation, legal_entity).",
    }
    assert set(SourceRecord.objects.values_list("key", flat=True)) == {"A1", "A7"}
    assert SeenEvent.objects.count() == 2


@pytest.mark.django_db
def test_values_of_which_nothing_can_be_made_are_counted_once_an_event() -> None:
    odd = {"names": [{"full": "Acme"}], "emails": ["x", "y"], "phones": ["z"]}
    events = [event("e1", attributes=odd), event("e2", attributes=odd), event("e3"), event("e1", attributes=odd)]
    assert take_in(events, actor="system:test").unread == {"emails": 2, "phones": 2}


@pytest.mark.django_db
def test_one_that_postgresql_refuses_does_not_take_the_others_with_it() -> None:
    far = "9999-12-31T23:59:59-14:00"  # in UTC, a year that Python cannot write
    deep = {"names": [{"full": "x" * 200_000}]}
    taken = take_in(
        [event("e1"), event("e2", key="A2", effective_at=far), event("e3", key="A3", attributes=deep)],
        actor="system:test",
    )
    assert set(taken.refused) == {1}
    assert SourceRecord.objects.count() == 2


@pytest.mark.django_db
def test_what_came_is_handed_over_to_be_resolved(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as handed_over:
        take_in([event("e1")], actor="system:test")
    assert len(handed_over) == 1
    with django_capture_on_commit_callbacks() as handed_over:
        take_in([event("e1")], actor="system:test")
    assert handed_over == []


# -- Over the broker --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_listener_takes_in_what_waits_and_dead_letters_the_rest(topics: None) -> None:
    send(event("e1"), b"no json", event("e1"), event("e2", key="A2", source="ldap"), event("e3", key="A3"))
    listener = heard(batch=2)
    assert (listener.taken, listener.refused) == (3, 2)
    assert set(SourceRecord.objects.values_list("key", flat=True)) == {"A1", "A3"}
    dead = {one.headers["reason"].decode(): one for one in read_whole(Topic.DEAD_LETTERS)}
    assert set(dead) == {
        "The event is no JSON: Expecting value: line 1 column 1 (char 0).",
        "'ldap' is no source system of the hub.",
    }
    letter = next(one for one in dead.values() if one.value == b"no json")
    assert (letter.headers["topic"], letter.headers["offset"]) == (b"party.records", b"1")
    assert SourceRecord.objects.get(key="A3").raw_location.startswith("kafka:party.records/")


@pytest.mark.django_db
def test_dead_letters_get_another_chance_each_once_and_with_their_own_bytes(topics: None) -> None:
    send(event("e1", source="ldap"), b"no json")
    heard()
    assert waiting_dead_letters() == 2
    SourceSystem.objects.create(code="ldap", name="Directory")
    assert replay_dead_letters(actor="user:dan") == 2
    assert heard().refused == 1
    assert SourceRecord.objects.get(source="ldap").key == "A1"
    assert [one.value for one in read_whole(Topic.DEAD_LETTERS)][-1] == b"no json"
    assert waiting_dead_letters() == 1  # the one that is still bad
    entry = AuditEntry.objects.get(verb="replay_dead_letters")
    assert (entry.actor, entry.details) == ("user:dan", {"letters": 2})


@pytest.mark.django_db
def test_what_was_committed_does_not_come_again_and_what_was_not_does(
    topics: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(event("e1"))
    heard()
    send(event("e2", key="A2"), b"{")
    with monkeypatch.context() as patch:  # it dies after the database's commit, before the broker's
        patch.setattr(listening.Producer, "deliver", lambda *_: ["broker away"])
        with pytest.raises(Undelivered, match="1 dead letters were not delivered: broker away"):
            heard()
    assert SourceRecord.objects.count() == 2
    again = heard()
    assert (again.taken, again.refused) == (1, 1)
    assert SourceRecord.objects.get(key="A2").version == 1


@pytest.mark.django_db(transaction=True)
def test_a_batch_waits_while_the_database_is_away(topics: None, monkeypatch: pytest.MonkeyPatch) -> None:
    send(event("e1"))
    failures = [OperationalError("gone"), OperationalError("gone")]

    def flaky(*args: Any, **options: Any) -> Any:
        if failures:
            raise failures.pop()
        return take_in(*args, **options)

    monkeypatch.setattr(listening, "take_in", flaky)
    monkeypatch.setattr(listening.time, "sleep", lambda seconds: None)
    assert heard().taken == 1
    assert SourceRecord.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sigterm_ends_the_listener_after_the_batch_in_hand(
    hub_env: dict[str, str], topics: None, settings: Any
) -> None:
    env = {**hub_env, "KAFKA_TOPIC_PREFIX": settings.KAFKA_TOPIC_PREFIX, "HUB_HOME": os.environ["HUB_HOME"]}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "listen_events"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        send(*(event(f"e{n}", key=f"A{n}") for n in range(20)))
        deadline = time.monotonic() + 60
        while SourceRecord.objects.count() < 20 and time.monotonic() < deadline:
            time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert out.strip() == "20 events taken in, 0 refused."
