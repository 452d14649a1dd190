"""Facts come in: every version is kept, nothing is written twice, an older one never overwrites a newer one."""

import itertools
import json
from itertools import permutations

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from party_hub.actions.errors import NotFound
from party_hub.actions.register_records import IncomingRecord, Registered, register_records
from party_hub.models import SourceRecord, SourceRecordVersion, UnresolvedRecord

JAN, FEB, MAR = (f"2026-0{month}-01T00:00:00Z" for month in (1, 2, 3))


def test_a_new_record_is_created_and_waits_to_be_matched(world):
    assert world.register("crm:1") == Registered(created=1)
    assert UnresolvedRecord.objects.get().record_id == world.id("crm:1")


def test_the_same_content_again_changes_nothing(world):
    world.register("crm:1", JAN)
    assert world.register("crm:1", JAN) == Registered(unchanged=1)
    assert SourceRecord.objects.get().version == 1


def test_the_same_content_of_a_later_day_is_a_version_so_that_the_past_stays_as_it_was(world):
    world.register("crm:1", JAN)
    world.resolve()
    assert world.register("crm:1", MAR) == Registered(unchanged=1)
    assert UnresolvedRecord.objects.get().version == SourceRecord.objects.get().version == 2
    assert SourceRecord.objects.get().effective_at.month == 3
    former = SourceRecordVersion.objects.get()
    assert (former.version, former.effective_at.month) == (1, 1)
    assert world.register("crm:1", FEB) == Registered(unchanged=1)
    assert SourceRecord.objects.get().version == 2


def test_the_order_of_json_keys_is_no_change(world):
    world.register("crm:1", JAN, status="active", country="GB")
    attributes = SourceRecord.objects.get().attributes
    text = json.dumps(dict(reversed(attributes.items())), indent=3)
    incoming = IncomingRecord("1", "organisation", text, "elsewhere:9", JAN)
    assert register_records(source="crm", records=[incoming], actor="x") == Registered(unchanged=1)


def test_a_change_keeps_the_former_version(world):
    world.register("crm:1", JAN, legal_form="Ltd")
    assert world.register("crm:1", FEB, legal_form="PLC") == Registered(updated=1)
    record = SourceRecord.objects.get()
    assert (record.version, record.attributes["legal_form"]) == (2, "PLC")
    assert [(old.version, old.attributes["legal_form"]) for old in record.versions.all()] == [(1, "Ltd")]


def test_a_late_version_is_kept_but_does_not_overwrite(world):
    world.register("crm:1", FEB, legal_form="PLC")
    assert world.register("crm:1", JAN, legal_form="Ltd") == Registered(late=1)
    assert SourceRecord.objects.get().attributes["legal_form"] == "PLC"
    assert SourceRecordVersion.objects.get().attributes["legal_form"] == "Ltd"


def test_a_late_version_that_comes_again_is_known(world):
    world.register("crm:1", FEB, legal_form="PLC")
    world.register("crm:1", JAN, legal_form="Ltd")
    assert world.register("crm:1", JAN, legal_form="Ltd") == Registered(unchanged=1)


def test_a_record_that_is_gone_is_withdrawn_and_can_come_back(world):
    world.register("crm:1", JAN)
    assert world.withdraw("crm:1", FEB) == Registered(withdrawn=1)
    assert SourceRecord.objects.get().withdrawn_at is not None
    assert world.register("crm:1", MAR) == Registered(updated=1)
    assert SourceRecord.objects.get().withdrawn_at is None


def test_a_withdrawal_that_overtakes_its_record_still_counts(world):
    world.withdraw("crm:1", FEB)
    assert world.register("crm:1", JAN) == Registered(late=1)
    assert SourceRecord.objects.get().withdrawn_at is not None


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_of_arrival_does_not_change_what_stands(world, order):
    story = [(JAN, "Ltd"), (FEB, "PLC"), (MAR, "Ltd")]
    for index in order:
        effective_at, legal_form = story[index]
        world.register("crm:1", effective_at, legal_form=legal_form)
    record = SourceRecord.objects.get()
    assert (record.attributes["legal_form"], record.effective_at.month) == ("Ltd", 3)


def test_several_versions_in_one_batch_are_applied_one_after_another(world):
    batch = [
        IncomingRecord("1", "organisation", json.dumps({"names": [{"full": name}]}), "f:1", moment)
        for name, moment in (("A", JAN), ("B", FEB), ("C", MAR))
    ]
    assert register_records(source="crm", records=batch, actor="x") == Registered(created=1, updated=2)
    assert SourceRecord.objects.get().attributes["names"][0]["full"] == "C"
    assert SourceRecordVersion.objects.count() == 2


@pytest.mark.parametrize(
    "name", ['Quote " Ltd', "Back\\slash", "\\N", "Tab\there", "Line\nbreak", "بنك", "株式会社", "a,b;c"]
)
def test_any_text_comes_through_unharmed(world, name):
    world.register("crm:1", names=[{"full": name}])
    assert SourceRecord.objects.get().attributes["names"][0]["full"] == name


def test_an_unknown_source_is_refused_with_what_to_do(db):
    with pytest.raises(NotFound, match="Add it in the admin"):
        register_records(source="nobody", records=[], actor="x")


@pytest.mark.parametrize(
    ("record", "error"),
    [
        (IncomingRecord("", "organisation", "{}", "f:1", None), IntegrityError),
        (IncomingRecord("1", "robot", "{}", "f:1", None), IntegrityError),
        (IncomingRecord("1", "organisation", "{", "f:1", None), DatabaseError),
    ],
)
def test_one_bad_record_stops_the_batch_and_nothing_is_written(world, record, error):
    good = IncomingRecord("9", "organisation", "{}", "f:1", None)
    with pytest.raises(error), transaction.atomic():
        register_records(source="crm", records=[good, record], actor="x")
    assert not SourceRecord.objects.exists()


@pytest.mark.parametrize("said", ["A-A", "-A-", "ABA", "A--", "AAB", "-AB"])
def test_what_stands_in_the_end_does_not_depend_on_the_order_of_arrival(world, said):
    """`said` is what the source says one after another: a name, or that the record is gone."""
    statements = [
        IncomingRecord("1", "organisation", json.dumps({"names": [{"full": name}]}), "f:1", moment, name == "-")
        for name, moment in zip(said, (JAN, FEB, MAR), strict=True)
    ]
    ends = set()
    for order in permutations(statements):
        for statement in order:
            register_records(source="crm", records=[statement], actor="x")
        end = SourceRecord.objects.get()
        ends.add((end.withdrawn_at or end.content_hash, end.effective_at))
        SourceRecordVersion.objects.all().delete()
        UnresolvedRecord.objects.all().delete()
        end.delete()
    assert len(ends) == 1
