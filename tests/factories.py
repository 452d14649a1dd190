"""Test data: believable source records, and parties made of them.

`a_person()` and `a_company()` give canonical attributes; `SourceRecordFactory(attributes=…)` stores a record;
`party_of(record, record)` makes one party of them with its golden record; `a_suggestion(record, record)` lets the match
model be unsure about two.
"""

import hashlib
import json
from datetime import UTC, datetime
from itertools import pairwise
from math import log
from typing import Any

import factory
from factory.django import DjangoModelFactory

from matching.models import Band, CandidatePair
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.domain.attributes import kind_of
from party_hub.domain.identity import record_id
from party_hub.models import Link, Party, SourceRecord

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


def party_of(*records: SourceRecord) -> Party:
    """The party that these records make up: joined by the links that a match run would have found, then resolved."""
    for left, right in pairwise(sorted(records, key=lambda record: record.id)):
        Link.objects.get_or_create(left=left, right=right, defaults={"score": 0.99, "model_version": "test"})
    resolve_parties(records=[record.id for record in records], actor="system:match")
    return party_holding(records[0])


def party_holding(record: SourceRecord) -> Party:
    """The party that the record belongs to now."""
    return Party.objects.select_related("golden").get(memberships__record=record, memberships__span__upper_inf=True)


def a_party(full: str = "Ann Smith", *, source: str = "crm", **attributes: Any) -> Party:
    """A party of one record: an individual of this name."""
    return party_of(SourceRecordFactory(source_id=source, attributes=a_person(full, **attributes)))


def a_suggestion(one: SourceRecord, other: SourceRecord, probability: float = 0.7) -> CandidatePair:
    """A candidate pair in the review band."""
    left, right = sorted((one, other), key=lambda record: record.id)
    return CandidatePair.objects.create(
        left=left,
        right=right,
        kind=kind_of(left.party_type).value,
        model_version="test",
        total=log(probability / (1 - probability)),
        probability=probability,
        contributions=[],
        band=Band.REVIEW,
    )
