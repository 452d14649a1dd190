"""Facts that come in as Arrow are the same facts as those that come one by one."""

import json
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from django.db import DatabaseError, transaction

from party_hub.actions.register_records import (
    IncomingRecord,
    Registered,
    register_batches,
    register_records,
    register_staged,
    stage_batches,
)
from party_hub.models import SourceRecord, UnresolvedRecord

SCHEMA = pa.schema(
    [
        ("withdrawn", pa.bool_()),
        ("effective_at", pa.timestamp("us", tz="UTC")),
        *((name, pa.string()) for name in ("attributes", "party_type", "raw_location", "key")),
    ]
)
JAN, FEB = datetime(2026, 1, 1, 8, 30, 15, 250_000, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


def said(key, name="Acme", effective_at=JAN, *, location="file:///in/crm.csv#2", withdrawn=False):
    return IncomingRecord(
        key, "organisation", json.dumps({"names": [{"full": name}]}), location, effective_at, withdrawn
    )


def in_batches(*records, size=2):
    rows = [record._asdict() for record in records]
    return [pa.RecordBatch.from_pylist(rows[at : at + size], schema=SCHEMA) for at in range(0, len(rows), size)]


def register(*records):
    return register_batches(source="crm", batches=in_batches(*records), actor="x")


ODD = ['Quote " Ltd', "Back\\slash", "\\N", "\\.", "Tab\there", "Line\nbreak\r", "بنك", "株式会社", "a,b;c"]


def test_batches_and_single_records_are_the_same_to_the_hub(world):
    records = [said(f"K{at}", name, None if at % 3 == 0 else JAN) for at, name in enumerate(ODD)]
    assert register(*records) == Registered(created=len(ODD))
    assert register_records(source="crm", records=records, actor="x") == Registered(unchanged=len(ODD))
    assert [record.attributes["names"][0]["full"] for record in SourceRecord.objects.order_by("key")] == ODD
    assert UnresolvedRecord.objects.count() == len(ODD)


@pytest.mark.parametrize("text", ODD)
def test_keys_and_places_come_through_unharmed(world, text):
    register(said(text, location=f"file:///in/{text}#7"))
    record = SourceRecord.objects.get()
    assert (record.key, record.raw_location) == (text, f"file:///in/{text}#7")


def test_moments_keep_their_fraction_of_a_second(world):
    register(said("1", effective_at=JAN))
    assert SourceRecord.objects.get().effective_at == JAN


def test_each_becomes_what_it_would_become_alone(world):
    register(said("same"), said("newer"), said("gone"))
    found = register(
        said("same"), said("newer", "Acme PLC", FEB), said("gone", effective_at=FEB, withdrawn=True), said("new")
    )
    assert found == Registered(created=1, updated=1, unchanged=1, withdrawn=1)
    assert set(SourceRecord.objects.filter(withdrawn_at=None).values_list("key", "version")) == {
        ("same", 1),
        ("newer", 2),
        ("new", 1),
    }


def test_no_batches_are_no_records(world):
    assert register() == Registered()


def test_one_bad_record_stops_all_batches_and_nothing_is_written(world):
    bad = said("3")._replace(attributes="{")
    with pytest.raises(DatabaseError), transaction.atomic():
        register(said("1"), said("2"), bad)
    assert not SourceRecord.objects.exists()
    assert not UnresolvedRecord.objects.exists()


def test_what_was_staged_is_taken_but_for_rows_that_are_set_aside_meanwhile(world):
    rows = [said("1", location="a#2"), said("2", location="a#3"), said("2", "Acme PLC", FEB, location="a#4")]
    stage_batches(source="crm", batches=in_batches(*rows))
    assert not SourceRecord.objects.exists()
    assert register_staged(source="crm", without=["a#3", "a#9"], actor="x") == Registered(created=2)
    assert set(SourceRecord.objects.values_list("key", "raw_location", "version")) == {("1", "a#2", 1), ("2", "a#4", 1)}


def test_what_was_staged_is_taken_once(world):
    stage_batches(source="crm", batches=in_batches(said("1")))
    register_staged(source="crm", actor="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        register_staged(source="crm", actor="x")
    stage_batches(source="crm", batches=in_batches(said("2")))
    stage_batches(source="crm", batches=in_batches(said("3")))
    assert register_staged(source="crm", actor="x") == Registered(created=1)
    assert set(SourceRecord.objects.values_list("key", flat=True)) == {"1", "3"}
