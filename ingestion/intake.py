"""Events in: from a decoded message to registered source records, each event once, each bad one with its reason.

The listener, and whoever has single records to bring in, come through here; the mapping is the one that files go
through.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.utils import DataError, IntegrityError

from ingestion.feeds import adapter_of
from ingestion.mapping.kernel import map_objects
from party_hub.actions.register_records import IncomingRecord, register_records
from party_hub.chain import Step, hand_over
from party_hub.domain.canonical.json_text import from_json
from party_hub.domain.canonical.record import LEI_IS_FALSE
from party_hub.domain.identity import record_id
from party_hub.models import SourceSystem

from .actions import new_events

_REQUIRED = ("id", "source", "key", "op")
_LONGEST_ID = 200


class BadEvent(ValueError):
    """The event cannot be taken in, ever; the text says why."""


@dataclass
class TakenIn:
    """What became of a batch: records that changed, events seen before, and why others were refused (by position).

    `unread` counts, by field, the values of which nothing could be made, and which were left out.
    """

    changed: int = 0
    repeated: int = 0
    records: list[UUID] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)


def decode(data: bytes | None) -> dict[str, Any]:
    """The event in a message. Raises BadEvent for what is no JSON object or lacks what every event has."""
    try:
        event = from_json((data or b"").decode("utf-8"))
    except UnicodeDecodeError as problem:
        raise BadEvent(f"The event is not UTF-8: {problem.reason} at byte {problem.start}.") from problem
    except (ValueError, RecursionError) as problem:
        raise BadEvent(f"The event is no JSON: {problem}.") from problem
    if not isinstance(event, dict):
        raise BadEvent("The event is no JSON object.")
    for name in _REQUIRED:
        value = event.get(name)
        if not isinstance(value, str) or not value.strip():
            raise BadEvent(f"The event has no {name}." if value in (None, "") else f"The event's {name} is no text.")
    if len(event["id"]) > _LONGEST_ID:
        raise BadEvent(f"The event's id is longer than {_LONGEST_ID} signs.")
    if "\x00" in event["id"]:
        raise BadEvent("The event's id holds a zero byte.")
    if event["op"] == "upsert" and not isinstance(event.get("attributes"), dict):
        raise BadEvent("The event has no attributes.")
    return event


def take_in(events: Sequence[Mapping[str, Any]], *, actor: str, location: Sequence[str] = ()) -> TakenIn:
    """Register decoded events in their order and hand the records over to be resolved. An event seen before
    changes nothing.

    `location` says of each where it came from. One that PostgreSQL refuses is refused alone; the others are taken in.
    """
    where = list(location) or [f"event:{event['id']}" for event in events]
    try:
        return _take_in(events, actor, where)
    except (DataError, IntegrityError):
        if len(events) == 1:
            return TakenIn(
                refused={
                    0: "The database refuses the record: a value is out of range or holds a sign that no text may have."
                }
            )
    whole = TakenIn()
    for at, event in enumerate(events):
        one = take_in([event], actor=actor, location=where[at : at + 1])
        whole.changed += one.changed
        whole.repeated += one.repeated
        whole.records += one.records
        whole.unread += one.unread
        whole.refused.update((at, reason) for reason in one.refused.values())
    return whole


@transaction.atomic
def _take_in(events: Sequence[Mapping[str, Any]], actor: str, where: Sequence[str]) -> TakenIn:
    taken = TakenIn()
    known = set(SourceSystem.objects.values_list("code", flat=True))
    adapter = adapter_of("events")
    good: list[tuple[int, dict[str, Any]]] = []
    for at, row in enumerate(map_objects(adapter, events).to_pylist()):
        reason = row["problem_reason"]
        if row["source"] not in known:
            reason = f"{row['source'][:40]!r} is no source system of the hub."
        elif row["lei_valid"] is False:
            reason = reason or LEI_IS_FALSE
        if reason:
            taken.refused[at] = reason
        else:
            good.append((at, row))
    fresh = new_events(ids=[(row["source"], events[at]["id"]) for at, row in good])
    rows: list[tuple[int, dict[str, Any]]] = []
    for at, row in good:  # the first of several with one id counts
        name = (row["source"], events[at]["id"])
        if name in fresh:
            fresh.discard(name)
            rows.append((at, row))
            taken.unread.update(filter(None, (row["unread"] or "").split(", ")))
    taken.repeated = len(good) - len(rows)
    by_source = sorted(rows, key=lambda item: item[1]["source"])  # stable: the order within a source stays
    for source, group in groupby(by_source, key=lambda item: item[1]["source"]):
        incoming = [_incoming(row, where[at]) for at, row in group]
        taken.changed += register_records(source=source, records=incoming, actor=actor).changed
        taken.records += dict.fromkeys(record_id(source, record.key) for record in incoming)
    if taken.changed:
        hand_over(Step.RESOLVE_RECORDS, records=[str(record) for record in taken.records])
    return taken


def _incoming(row: Mapping[str, Any], where: str) -> IncomingRecord:
    return IncomingRecord(
        row["key"], row["party_type"], row["attributes"], where, row["effective_at"], row["withdrawn"]
    )
