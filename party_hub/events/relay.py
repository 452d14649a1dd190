"""The relay: takes events out of the outbox and puts them on Kafka, in order per party, at least once.

An event is marked as published only when the broker has confirmed it, in the transaction that read it; a crash in
between sends it again. An advisory lock lets one relay work at a time, so that two never overtake each other; a second
one waits and takes over when the first is gone. Ids of the outbox are drawn under the lock that serialises changes of
parties, so their order is the order of a party's versions.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Self

from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.db.models.functions import Now

from party_hub.models import OutboxEvent

from .envelope import as_bytes, headers
from .kafka import KafkaFailure, Message, Producer, ensure_topics

log = logging.getLogger(__name__)
RELAY_LOCK = 727_020
LONGEST_WAIT = 30.0


class Relay:
    """Relays until told to stop. `deliver` is the producer's; tests put a failing one in its place."""

    def __init__(self, *, batch: int = 2_000, pause: float = 0.2, connect: Callable[[], Producer] = Producer) -> None:
        """`batch` events go in one transaction; `pause` is how many seconds it rests when there is nothing to do."""
        self._batch = batch
        self._pause = pause
        self._connect = connect
        self._producer: Producer | None = None
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Finish the batch in hand and end. May be called from a signal handler."""
        self._stopping.set()

    def run(self) -> int:
        """Relay until stopped; gives how many events were published. Outlives broker and database going away."""
        published, wait = 0, self._pause
        while not self._stopping.is_set():
            try:
                sent = self.relay_batch()
                published += sent
                wait = self._pause
            except (KafkaFailure, NotDelivered, OperationalError, InterfaceError) as error:
                log.warning("relay waits", extra={"seconds": wait, "cause": type(error).__name__, "detail": str(error)})
                self.disconnect()
                close_old_connections()
                sent, wait = 0, min(wait * 2, LONGEST_WAIT)
            if not sent:
                self._stopping.wait(wait)
        self.disconnect()
        return published

    def drain(self) -> int:
        """Relay all that waits, then return; gives how many events were published."""
        published = 0
        while sent := self.relay_batch():
            published += sent
        return published

    @transaction.atomic
    def relay_batch(self) -> int:
        """Publish the next events; gives their number, 0 also while another relay is at work. Raises `NotDelivered`."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [RELAY_LOCK])
            if not cursor.fetchone()[0]:
                return 0
        events = list(OutboxEvent.objects.filter(published_at__isnull=True).order_by("id")[: self._batch])
        if not events:
            return 0
        confirmed, problem = self._send(events)
        OutboxEvent.objects.filter(id__in=confirmed).update(published_at=Now())
        if problem and not confirmed:
            raise NotDelivered(problem)
        return len(confirmed)

    def _send(self, events: Sequence[OutboxEvent]) -> tuple[list[int], str]:
        """The ids of those that arrived, their predecessors of the same key too; and what went wrong with others."""
        messages = [Message(event.topic, event.key, as_bytes(event), headers(event)) for event in events]
        outcomes = self._connected().deliver(messages)
        confirmed: list[int] = []
        failed: set[str] = set()
        problem = ""
        for event, outcome in zip(events, outcomes, strict=True):
            if outcome is not None:
                failed.add(event.key)
                problem = problem or outcome
            elif event.key not in failed:
                confirmed.append(event.id)
        if problem:
            log.warning("events not delivered", extra={"keys": len(failed), "detail": problem})
            self.disconnect()  # an idempotent producer does not recover from everything
        return confirmed, problem

    def _connected(self) -> Producer:
        if self._producer is None:
            ensure_topics()
            self._producer = self._connect()
        return self._producer

    def disconnect(self) -> None:
        """Let go of the producer; the next batch makes another."""
        if self._producer is not None:
            self._producer.close()
            self._producer = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.disconnect()


class NotDelivered(Exception):
    """The broker took none of a batch. All of it stays in the outbox."""


def waiting() -> int:
    """How many events are still to be published."""
    return OutboxEvent.objects.filter(published_at__isnull=True).count()
