"""Test data: believable source records, and parties made of them.

`a_person()` and `a_company()` give canonical attributes; `SourceRecordFactory(attributes=…)` stores a record;
`party_of(record, record)` makes one party of them with its golden record.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import factory
from django.db import connection
from factory.django import DjangoModelFactory

from party_hub.domain.identity import record_id
from party_hub.domain.quality import quality_score
from party_hub.domain.survivorship import RuleBook, Testimony, build_golden
from party_hub.models import GoldenRecord, Party, PartyIdentifier, SourceRecord

LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def a_person(full: str = "Ann Smith", **more: Any) -> dict[str, Any]:
    """Canonical attributes of an individual: by default with birthday, address and e-mail."""
    given, _, family = full.partition(" ")
    return {
        "names": [{"full": full, "given": given, "family": family, "type": "legal", "script": "Latn"}],
        "date_of_birth": "1984-03-12",
        "addresses": [
            {"full": "14 Mill Lane, Leeds, LS1 4DY", "street": "14 Mill Lane", "city": "Leeds", "postcode": "LS1 4DY"}
            | {"country": "GB", "type": "residential"}
        ],
        "emails": [f"{given}.{family or 'x'}@example.org".lower()],
        "country": "GB",
        **more,
    }


def a_company(full: str = "Northwind Traders Ltd", **more: Any) -> dict[str, Any]:
    """Canonical attributes of an organisation: by default with address, legal form and telephone."""
    return {
        "names": [{"full": full, "type": "legal", "script": "Latn"}],
        "addresses": [
            {"full": "1 Poultry, London, EC2R 8EJ", "street": "1 Poultry", "city": "London", "postcode": "EC2R 8EJ"}
            | {"country": "GB", "type": "headquarters"}
        ],
        "phones": ["+442079460018"],
        "legal_form": "Ltd",
        "country": "GB",
        **more,
    }


class SourceRecordFactory(DjangoModelFactory[SourceRecord]):
    """A source record as `register_records` would have stored it."""

    class Meta:
        model = SourceRecord

    source_id = "crm"
    key = factory.Sequence(lambda number: f"C-{number:05}")
    party_type = "individual"
    attributes = factory.LazyFunction(a_person)
    id = factory.LazyAttribute(lambda record: record_id(record.source_id, record.key))
    content_hash = factory.LazyAttribute(
        lambda record: hashlib.sha256(json.dumps(record.attributes, sort_keys=True).encode()).hexdigest()
    )
    raw_location = factory.LazyAttribute(lambda record: f"raw/{record.source_id}/2026-01-05.csv:2")
    effective_at = LONG_AGO


def _testimony(record: SourceRecord) -> Testimony:
    source = record.source
    return Testimony(
        record=record.id,
        source=source.code,
        key=record.key,
        trust=source.trust,
        effective_at=record.effective_at.isoformat(),
        party_type=record.party_type,
        attributes=record.attributes,
    )


def party_of(*records: SourceRecord, rules: RuleBook | None = None) -> Party:
    """One party made of these records, with golden record, identifiers and history."""
    golden = build_golden([_testimony(record) for record in records], rules or RuleBook({}))
    party = Party.objects.create(party_type=golden.party_type)
    for record in records:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO party_hub_membership (record_id, party_id, span) VALUES (%s, %s, tstzrange(now(), NULL))",
                [record.id, party.id],
            )
    name = golden.values["names"][0]["full"] if golden.values.get("names") else "(no name)"
    GoldenRecord.objects.create(
        party=party,
        values=golden.values,
        lineage=golden.lineage,
        name=name,
        search_names=name.casefold(),
        country=golden.values.get("country", ""),
        date_of_birth=golden.values.get("date_of_birth"),
        quality=quality_score(golden.party_type, golden.values),
        source_count=len({record.source_id for record in records}),
        record_count=len(records),
        version=1,
    )
    for identifier in golden.values.get("identifiers", []):
        PartyIdentifier.objects.create(
            party=party,
            scheme_id=identifier["scheme"],
            value=identifier["value"],
            country=identifier.get("country", ""),
        )
    return party


def a_party(full: str = "Ann Smith", *, source: str = "crm", **attributes: Any) -> Party:
    """A party of one record: an individual of this name."""
    return party_of(SourceRecordFactory(source_id=source, attributes=a_person(full, **attributes)))
