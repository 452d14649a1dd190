"""Every constraint of the facts, broken once: source records, decisions, pins, retirements."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from party_hub import models as m
from tests.factories import SourceRecordFactory, a_party

from .breaking import refuses

pytestmark = pytest.mark.django_db


NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def pair():
    """Two source records, lower id first."""
    return sorted((SourceRecordFactory(), SourceRecordFactory()), key=lambda record: record.id)


def test_a_source_has_one_record_a_key():
    record = SourceRecordFactory()
    refuses(
        "source_record_one_per_key",
        lambda: SourceRecordFactory(key=record.key, id=UUID(int=1)),
    )


def test_a_record_needs_a_key():
    refuses("source_record_has_key", lambda: SourceRecordFactory(key=""))


def test_a_record_needs_a_known_party_type():
    refuses("source_record_known_party_type", lambda: SourceRecordFactory(party_type="robot"))


def test_versions_of_a_record_count_from_one():
    refuses("source_record_version_from_1", lambda: SourceRecordFactory(version=0))


def test_a_version_is_kept_once():
    record = SourceRecordFactory()

    def keep():
        m.SourceRecordVersion.objects.create(
            record=record, version=1, party_type="individual", attributes={}, content_hash="", raw_location="",
            received_at=NOW, effective_at=NOW,
        )  # fmt: skip

    keep()
    refuses("source_record_version_once", keep)


def decided(pair, judgement="match", **more):
    return m.Decision.objects.create(
        left=pair[0], right=pair[1], judgement=judgement, origin="steward", author="user:ada", **more
    )


def test_a_pair_has_one_live_decision(pair):
    decided(pair)
    refuses("decision_one_live_per_pair", lambda: decided(pair, "no_match"))


def test_a_retracted_decision_makes_room(pair):
    decided(pair, retracted_at=NOW, retracted_by="user:ada")
    decided(pair, "no_match")
    assert m.Decision.objects.count() == 2


def test_a_decision_keeps_the_lower_id_left(pair):
    refuses("decision_left_before_right", lambda: decided(pair[::-1]))


def test_a_decision_is_one_of_three(pair):
    refuses("decision_known_judgement", lambda: decided(pair, "perhaps"))


def test_who_retracts_is_named(pair):
    refuses("decision_retracted_by_somebody", lambda: decided(pair, retracted_at=NOW))


def pinned(party, **more):
    given = {"attribute": "country", "value": "GB", "reason": "register", "author": "user:ada"} | more
    return m.Pin.objects.create(party=party, **given)


def test_an_attribute_has_one_live_pin():
    party = a_party()
    pinned(party)
    refuses("pin_one_live_per_attribute", lambda: pinned(party, value="FR"))


def test_a_pin_needs_a_reason():
    party = a_party()
    refuses("pin_has_reason", lambda: pinned(party, reason=""))


def test_a_pin_sets_a_value_or_forbids_somebody():
    refuses("pin_sets_or_forbids", lambda: pinned(a_party(), value=None))
    record = SourceRecordFactory()
    refuses("pin_sets_or_forbids", lambda: pinned(a_party(), value=None, source_id="crm", record=record))


@pytest.mark.parametrize("value", [None, "GB"])
def test_a_statement_is_forbidden_once(value):
    party = a_party()
    pinned(party, value=value, source_id="crm")
    refuses("pin_forbids_once", lambda: pinned(party, value=value, source_id="crm"))
    pinned(party, value="FR", source_id="crm")


def test_a_waiting_record_waits_once():
    record = SourceRecordFactory()
    m.UnresolvedRecord.objects.create(record=record, version=1)
    refuses("party_hub_unresolvedrecord_pkey", lambda: m.UnresolvedRecord.objects.create(record=record, version=2))


def retired(record, reason="test entry"):
    return m.Retirement.objects.create(record=record, reason=reason, author="user:ada")


def test_a_record_is_retired_once():
    record = SourceRecordFactory()
    retired(record)
    refuses("retirement_one_live_per_record", lambda: retired(record))


def test_a_retirement_has_a_reason():
    refuses("retirement_has_reason", lambda: retired(SourceRecordFactory(), ""))
