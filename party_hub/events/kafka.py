"""The one door to Kafka: topics, a producer that reports what arrived, a consumer that commits what was done, lag."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from confluent_kafka import OFFSET_BEGINNING, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Consumer as _Consumer
from confluent_kafka import Producer as _Producer
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]
from django.conf import settings

from .catalog import Topic

KafkaFailure = KafkaException  # so that callers can catch it without importing the library


# The newest event of a party is enough to know it, so these two keep one a key.
COMPACTED = (Topic.GOLDEN, Topic.REFERENCE)
PARTITIONS: Mapping[Topic, int] = {
    Topic.GOLDEN: 6,
    Topic.REFERENCE: 1,
    Topic.RECORDS: 6,
    Topic.FILES: 1,
    Topic.DEAD_LETTERS: 1,
}


@dataclass(frozen=True, slots=True)
class Message:
    """A message to send. `topic` is without prefix; no value makes it a tombstone."""

    topic: str
    key: str
    value: bytes | None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it lay in the broker, its bytes untouched. `topic` is without prefix."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, bytes]


def name_of(topic: str) -> str:
    """The topic's name in this environment."""
    return f"{settings.KAFKA_TOPIC_PREFIX}{topic}"


def _connection(**options: Any) -> dict[str, Any]:
    # What librdkafka would log itself reaches the caller as an error.
    return {"bootstrap.servers": settings.KAFKA_BOOTSTRAP_SERVERS, "log_level": 2, **options}


def ensure_topics(replication: int | None = None) -> list[str]:
    """Create the topics that are missing; returns their names. `replication` None takes the broker's default."""
    admin = AdminClient(_connection())
    existing = admin.list_topics(timeout=10).topics
    missing = [topic for topic in Topic if name_of(topic) not in existing]
    if not missing:
        return []
    brokers = len(admin.list_topics(timeout=10).brokers)
    new = [
        NewTopic(
            name_of(topic),
            num_partitions=PARTITIONS[topic],
            replication_factor=replication or min(3, max(1, brokers)),
            config={"cleanup.policy": "compact" if topic in COMPACTED else "delete"},
        )
        for topic in missing
    ]
    for future in admin.create_topics(new, operation_timeout=20).values():
        try:
            future.result(timeout=30)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:  # another process was quicker
                raise
    return [name_of(topic) for topic in missing]


def broker_count(timeout: float = 5) -> int:
    """How many brokers answer. Raises `KafkaFailure` where none does."""
    return len(AdminClient(_connection()).list_topics(timeout=timeout).brokers)


class Producer:
    """An idempotent producer: what it sends arrives once and in order, or is reported as not arrived."""

    def __init__(self, patience: float = 60) -> None:
        """`patience` is for how many seconds a message is tried before it counts as not arrived."""
        self._patience = patience
        self._producer = _Producer(
            _connection(
                **{
                    "enable.idempotence": True,
                    "linger.ms": 5,
                    "compression.type": "zstd",
                    "message.timeout.ms": int(patience * 1000),
                    "queue.buffering.max.messages": 200_000,
                }
            )
        )

    def deliver(self, messages: Sequence[Message]) -> list[str | None]:
        """Send in order and wait for the broker's word: None for each message that arrived, else why it did not."""
        outcome: list[str | None] = ["no delivery report"] * len(messages)

        def report_to(index: int) -> Any:
            def report(error: KafkaError | None, _: Any) -> None:
                outcome[index] = None if error is None else error.str()

            return report

        for index, message in enumerate(messages):
            self._produce(message, report_to(index))
        self._producer.flush(self._patience + 5)
        return outcome

    def _produce(self, message: Message, report: Any) -> None:
        headers: list[tuple[str, str | bytes | None]] = [(name, text) for name, text in message.headers.items()]
        while True:
            try:
                self._producer.produce(
                    name_of(message.topic), message.value, message.key, on_delivery=report, headers=headers
                )
            except BufferError:  # the queue is full: let some go
                self._producer.poll(0.5)
            else:
                self._producer.poll(0)
                return

    def close(self) -> None:
        """Let go of what was not delivered; the caller still has it."""
        self._producer.purge()
        self._producer.flush(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _received(message: Any) -> Received:
    return Received(
        topic=message.topic().removeprefix(settings.KAFKA_TOPIC_PREFIX),
        partition=message.partition(),
        offset=message.offset(),
        key=message.key(),
        value=message.value(),
        headers=dict(message.headers() or []),
    )


def _consume(consumer: Any, limit: int, timeout: float) -> list[Any]:
    """What is there; waits only for the first. (The library's `consume` waits until the limit is full.)"""
    first = consumer.poll(timeout)
    return [] if first is None else [first, *consumer.consume(limit - 1, 0)]


class Consumer:
    """A member of a consumer group. Reads from the oldest message where the group has no position yet.

    Nothing is committed by itself: `commit` once the work of what `poll` gave is safe, so that a crash repeats it.
    """

    def __init__(self, group: str, topics: Iterable[str]) -> None:
        self._consumer = _Consumer(
            _connection(
                **{
                    "group.id": f"{settings.KAFKA_TOPIC_PREFIX}{group}",
                    "auto.offset.reset": "earliest",
                    "enable.auto.commit": False,
                    "max.poll.interval.ms": 600_000,
                    # A dead member's partitions move on after this long; heartbeats come from a thread of the library.
                    "session.timeout.ms": 6_000,
                    "heartbeat.interval.ms": 1_500,
                }
            )
        )
        self._consumer.subscribe([name_of(topic) for topic in topics])
        self._done: dict[tuple[str, int], int] = {}

    def poll(self, limit: int = 500, timeout: float = 1.0) -> list[Received]:
        """Up to `limit` messages; waits up to `timeout` seconds for the first. Raises `KafkaFailure`."""
        received = []
        for message in _consume(self._consumer, limit, timeout):
            if error := message.error():
                if error.code() in (KafkaError._PARTITION_EOF, KafkaError.UNKNOWN_TOPIC_OR_PART):
                    continue
                raise KafkaException(error)
            received.append(_received(message))
        for one in received:
            self._done[name_of(one.topic), one.partition] = one.offset + 1
        return received

    @property
    def has_joined(self) -> bool:
        """Whether the group has given it anything to read."""
        return bool(self._consumer.assignment())

    def commit(self) -> None:
        """Tell the broker that everything `poll` has given is done. Raises `KafkaFailure`."""
        if self._done:
            offsets = [TopicPartition(topic, partition, offset) for (topic, partition), offset in self._done.items()]
            self._consumer.commit(offsets=offsets, asynchronous=False)
            self._done.clear()

    def close(self) -> None:
        """Leave the group."""
        self._consumer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_whole(topic: str, timeout: float = 10) -> Iterator[Received]:
    """All that lies in the topic now, a partition oldest first, without a consumer group. Raises `KafkaFailure`."""
    reader = _Consumer(_connection(**{"group.id": "none", "enable.auto.commit": False, "enable.partition.eof": True}))
    try:
        metadata = reader.list_topics(timeout=timeout).topics.get(name_of(topic))
        unread = set(metadata.partitions) if metadata else set()
        reader.assign([TopicPartition(name_of(topic), number, OFFSET_BEGINNING) for number in unread])
        while unread:
            messages = _consume(reader, 5_000, timeout)
            if not messages:
                raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
            for message in messages:
                if error := message.error():
                    if error.code() != KafkaError._PARTITION_EOF:
                        raise KafkaException(error)
                    unread.discard(message.partition())
                else:
                    yield _received(message)
    finally:
        reader.close()


def lag(group: str, topics: Iterable[str], timeout: float = 5) -> dict[str, int]:
    """By topic, how many messages the group has still before it. Raises `KafkaFailure`."""
    reader = _Consumer(
        _connection(
            **{
                "group.id": f"{settings.KAFKA_TOPIC_PREFIX}{group}",
                "enable.auto.commit": False,
                "enable.partition.eof": True,
                "auto.offset.reset": "earliest",
            }
        )
    )
    try:
        known = reader.list_topics(timeout=timeout).topics
        return {
            str(topic): _behind(reader, name_of(topic), list(known[name_of(topic)].partitions), timeout)
            if name_of(topic) in known
            else 0
            for topic in topics
        }
    finally:
        reader.close()


def _behind(reader: Any, topic: str, partitions: list[int], timeout: float) -> int:
    """Reads on from the group's position: a broker's word on where a partition ends is only sure in answer to a read.

    (Tansu's ListOffsets names the first message of the last batch.)
    """
    committed = reader.committed([TopicPartition(topic, number) for number in partitions], timeout=timeout)
    starts = {
        position.partition: max(position.offset, reader.get_watermark_offsets(position, timeout=timeout)[0])
        for position in committed
    }
    reader.assign([TopicPartition(topic, number, offset) for number, offset in starts.items()])
    ends: dict[int, int] = {}
    deadline = time.monotonic() + timeout
    while len(ends) < len(starts) and time.monotonic() < deadline:
        for message in _consume(reader, 100, timeout):
            number = message.partition()
            if message.error() and message.error().code() != KafkaError._PARTITION_EOF:
                raise KafkaException(message.error())
            _, ends[number] = reader.get_watermark_offsets(TopicPartition(topic, number), cached=True)
    reader.unassign()
    if len(ends) < len(starts):
        raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
    return sum(max(0, ends[number] - start) for number, start in starts.items())
