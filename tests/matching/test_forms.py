"""The forms kept beside the key index are those that standardising gives."""

import pyarrow as pa
import pytest

from matching.actions.run_match import run_match
from matching.canonical import canonical_table
from matching.engine.columns import kind_mask
from matching.engine.prepared import prepare
from matching.forms import forms_of
from matching.models import IndexedRecord, RecordKey
from party_hub.actions.register_records import IncomingRecord, register_records
from party_hub.domain.attributes import Kind
from party_hub.domain.identity import record_id
from tests.matching.test_matching import EVERYBODY, register

pytestmark = pytest.mark.django_db


def fresh(kind: Kind) -> pa.Table:
    """All stored records of a kind, standardised now."""
    table = canonical_table()
    return prepare(table.filter(kind_mask(table, kind)), kind).to_arrow()


def test_kept_forms_are_what_standardising_gives() -> None:
    register(EVERYBODY)
    run_match(actor="system:test")
    ids = [str(record_id("crm", record.key)) for record in EVERYBODY]
    found = forms_of(ids)
    assert {kind: prepared.to_arrow() for kind, prepared in found.items()} == {kind: fresh(kind) for kind in Kind}


def test_a_changed_record_has_its_new_forms_and_a_withdrawn_one_has_none() -> None:
    register(EVERYBODY)
    run_match(actor="system:test")
    first, second = EVERYBODY[:2]
    changed = IncomingRecord(first.key, "individual", '{"names": [{"full": "Zoe Quill"}]}', "t", "2026-02-01T00:00:00Z")
    gone = IncomingRecord(second.key, "individual", "{}", "t", "2026-02-01T00:00:00Z", withdrawn=True)
    register_records(source="crm", records=[changed, gone], actor="system:test")
    run_match(actor="system:test")
    assert not IndexedRecord.objects.filter(record=record_id("crm", second.key)).exists()
    (prepared,) = forms_of([str(record_id("crm", first.key))]).values()
    assert prepared["family"].values.tolist() == ["quill"]


def test_a_record_of_the_index_knows_its_keys_there() -> None:
    register(EVERYBODY)
    run_match(actor="system:test")
    known = {(key, record) for record, keys in IndexedRecord.objects.values_list("record", "keys") for key in keys}
    assert known == set(RecordKey.objects.values_list("key", "record"))
    assert known
