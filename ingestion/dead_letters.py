"""Dead letters: what waits there, and how it gets another chance."""

import time
from uuid import uuid4

from party_hub.actions.audit import audit
from party_hub.events import kafka
from party_hub.events.catalog import Topic

from .listener import TOPICS

# A consumer group remembers which letters were replayed; its lag is what waits.
GROUP = "party-hub-dead-letters"
_PATIENCE = 5.0  # seconds without a letter after which there is none
_BATCH = 500


class Undelivered(RuntimeError):
    """The broker did not take a letter; those from it on wait for the next replay."""


def waiting_dead_letters() -> int:
    """How many were not replayed yet."""
    return kafka.lag(GROUP, [Topic.DEAD_LETTERS])[Topic.DEAD_LETTERS]


def replay_dead_letters(*, actor: str, limit: int = 10_000) -> int:
    """Send letters that were not replayed yet to the topic they came from, their own bytes under their own key.

    Gives how many. An event that is known by its id changes nothing, and one that is still bad becomes a new letter, so
    only those that were there when it began are sent. Raises Undelivered.
    """
    left, replayed, quiet_since = min(limit, waiting_dead_letters()), 0, time.monotonic()
    with kafka.Consumer(GROUP, [Topic.DEAD_LETTERS]) as letters, kafka.Producer() as producer:
        while left and time.monotonic() - quiet_since < _PATIENCE:
            batch = letters.poll(min(left, _BATCH), 0.5)
            if not batch:
                continue
            again = [
                kafka.Message(_came_from(one), (one.key or b"").decode("utf-8", "replace"), one.value) for one in batch
            ]
            failed = [reason for reason in producer.deliver(again) if reason]
            if failed:
                raise Undelivered(f"{len(failed)} letters were not delivered: {failed[0]}")
            letters.commit()
            left, replayed, quiet_since = left - len(batch), replayed + len(batch), time.monotonic()
    if replayed:
        audit(
            act=uuid4(),
            actor=actor,
            verb="replay_dead_letters",
            subject_type="topic",
            subject_id=str(Topic.DEAD_LETTERS),
            letters=replayed,
        )
    return replayed


def _came_from(letter: kafka.Received) -> str:
    topic = letter.headers.get("topic", b"").decode()
    return topic if topic in TOPICS else Topic.RECORDS
