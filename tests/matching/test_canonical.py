"""Canonical columns: SQL for many and Python for one say the same."""

import pytest

from matching.canonical import as_table, canonical_row, canonical_table
from party_hub.models import SourceRecord
from tests.factories import SourceRecordFactory

pytestmark = pytest.mark.django_db

ATTRIBUTES = [
    {},
    {"names": [{"full": 'Ann "Annie" Smith,\nJr', "given": "Ann", "family": "Smith"}], "date_of_birth": "1980-01-02"},
    {"names": [{"given": "Мария"}], "emails": ["a@b.co", "c@d.co"], "phones": ["+442079460958"], "country": "GB"},
    {
        "names": [{"full": "Acme \\N Ltd", "type": "legal"}, {"full": "Acme", "type": "trade"}],
        "identifiers": [
            {"scheme": "lei", "value": "529900T8BM49AURSDO55", "country": "", "valid": True},
            {"scheme": "tax_id", "value": "12", "country": "GB", "valid": False},
            {"scheme": "tax_id", "value": "34", "country": "DE", "valid": True},
            {"scheme": "red_code", "value": "ABCDEF"},
        ],
        "addresses": [
            {"full": "1 High St", "street": "1 High St", "city": "York", "postcode": "YO1", "country": ""},
            {"city": "Leeds"},
        ],
        "country": "FR",
        "websites": ["acme.example"],
    },
]


def test_sql_and_python_give_the_same_columns() -> None:
    for attributes in ATTRIBUTES:
        SourceRecordFactory(attributes=attributes)
    stored = SourceRecord.objects.order_by("id")
    rows = [canonical_row(str(one.pk), one.source_id, one.party_type, one.attributes) for one in stored]
    assert canonical_table().to_pylist() == as_table(rows).to_pylist()


def test_only_the_records_asked_for_are_read() -> None:
    one, _ = SourceRecordFactory(), SourceRecordFactory()
    assert canonical_table([one.pk]).column("record_id").to_pylist() == [str(one.pk)]
    assert canonical_table([]).num_rows == 0
