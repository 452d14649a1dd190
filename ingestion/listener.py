"""The listener: events of `party.records`, and news of files in `party.files`, into the hub.

In small batches, at least once, each taken in once. The database commits first, then the broker: a crash between the
two brings the batch again, and the ids of its events are known by then. What can never be taken in goes to the
dead-letter topic with the reason, where it lay, and its original bytes.
"""

import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Self

from django.db import InterfaceError, OperationalError, connection
from kombu.exceptions import OperationalError as QueueFailure

from party_hub.domain.canonical.json_text import from_json
from party_hub.events.catalog import Topic
from party_hub.events.kafka import Consumer, Message, Producer, Received

from .intake import BadEvent, decode, take_in
from .notifications import request_notified

GROUP = "party-hub-listener"
TOPICS = (Topic.RECORDS, Topic.FILES)
ACTOR = "system:listener"
_LONGEST_PAUSE = 30.0
_JOINING = 30.0  # seconds; others may have all there is to read
_LOG = logging.getLogger(__name__)


class Undelivered(RuntimeError):
    """The dead-letter topic did not take a message; the batch comes again."""


class Listener:
    """A member of the listeners' group. `run` works until `stop`; `drain` until nothing has come for a while."""

    def __init__(self, batch: int = 500) -> None:
        self._batch, self._stopped = batch, False
        self._consumer = Consumer(GROUP, TOPICS)
        self._producer = Producer()
        self.taken = self.refused = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()
        self._producer.close()

    def stop(self) -> None:
        """End after the batch in hand."""
        self._stopped = True

    def run(self) -> None:
        """Take events in until told to stop."""
        while not self._stopped:
            self._step(timeout=1.0)

    def drain(self, patience: float = 5.0) -> None:
        """Take in what waits; end once nothing has come for `patience` seconds since it joined the group."""
        begun = quiet_since = time.monotonic()
        while not self._stopped and time.monotonic() - quiet_since < patience:
            came = self._step(timeout=0.5)
            if came or (not self._consumer.has_joined and time.monotonic() - begun < _JOINING):
                quiet_since = time.monotonic()

    def _step(self, timeout: float) -> bool:
        received = self._consumer.poll(self._batch, timeout)
        if not received:
            return False
        pause = 0.5
        while not self._try(received):  # the database is away: hold the batch and wait for it
            if self._stopped:
                return False
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        self._consumer.commit()
        return True

    def _try(self, received: Sequence[Received]) -> bool:
        try:
            self._handle(received)
        except (OperationalError, InterfaceError) as problem:
            _LOG.warning(
                "The database is away; the batch waits",
                extra={"events": len(received), "problem": type(problem).__name__},
            )
            connection.close_if_unusable_or_obsolete()
            return False
        return True

    def _handle(self, received: Sequence[Received]) -> None:
        events: list[dict[str, Any]] = []
        places: list[Received] = []
        dead: list[Message] = []
        for message in received:
            if message.topic == Topic.FILES:
                dead += _request_files(message)
                continue
            try:
                events.append(decode(message.value))
                places.append(message)
            except BadEvent as problem:
                dead.append(_dead_letter(message, str(problem)))
        if events:
            dead += self._take_in(events, places)
        failed = [reason for reason in self._producer.deliver(dead) if reason] if dead else []
        if failed:
            raise Undelivered(f"{len(failed)} dead letters were not delivered: {failed[0]}")
        self.taken += len(received) - len(dead)
        self.refused += len(dead)
        if dead:
            _LOG.warning(
                "Events went to the dead-letter topic", extra={"refused": len(dead), "received": len(received)}
            )

    def _take_in(self, events: list[dict[str, Any]], places: list[Received]) -> list[Message]:
        location = [f"kafka:{place.topic}/{place.partition}/{place.offset}" for place in places]
        try:
            taken = take_in(events, actor=ACTOR, location=location)
        except QueueFailure:
            # The records are in and wait; the sweep finds them.
            _LOG.warning("The task queue is away; the records wait for the sweep", extra={"events": len(events)})
            taken = take_in(events, actor=ACTOR, location=location)
        if taken.unread:
            _LOG.warning(
                "Values of events were left out: nothing could be made of them", extra={"fields": taken.unread}
            )
        return [_dead_letter(places[at], reason) for at, reason in taken.refused.items()]


def _request_files(message: Received) -> list[Message]:
    """Ask for the runs of the files that have arrived; a dead letter where one cannot be had.

    A file at a watched place is found within a minute all the same, so nothing waits for S3 here.
    """
    try:
        notified = request_notified(said=from_json((message.value or b"").decode()), actor=ACTOR)
    except (ValueError, RecursionError) as problem:  # BadNotification, no JSON, no UTF-8
        return [_dead_letter(message, f"This is no notification: {problem}")]
    told = "; ".join(f"{url}: {reason}" for url, reason in notified.passed_over.items())
    return [_dead_letter(message, told)] if told else []


def _dead_letter(message: Received, reason: str) -> Message:
    headers = {
        "reason": reason,
        "topic": message.topic,
        "partition": str(message.partition),
        "offset": str(message.offset),
        "refused_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    return Message(Topic.DEAD_LETTERS, (message.key or b"").decode("utf-8", "replace"), message.value, headers)
