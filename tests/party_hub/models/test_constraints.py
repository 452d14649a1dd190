"""Every constraint of what is derived, broken once: the database itself says no."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import DatabaseError

from party_hub import models as m
from tests.factories import SourceRecordFactory, a_party

from .breaking import refuses

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LATER = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def pair():
    """Two source records, lower id first."""
    return sorted((SourceRecordFactory(), SourceRecordFactory()), key=lambda record: record.id)


def belongs(record, party, start=NOW, end=None):
    return m.Membership.objects.create(record=record, party=party, span=(start, end))


def test_a_party_has_a_known_status():
    refuses("party_known_status", lambda: m.Party.objects.create(party_type="individual", status="asleep"))


def test_a_retired_party_says_since_when():
    refuses("party_retired_at_when_retired", lambda: m.Party.objects.create(party_type="individual", status="retired"))


def test_a_live_party_has_not_retired():
    refuses("party_retired_at_when_retired", lambda: m.Party.objects.create(party_type="individual", retired_at=NOW))


def test_a_redirect_is_there_once():
    one, two = a_party(), a_party()
    m.Redirect.objects.create(retired=one, survivor=two)
    refuses("redirect_once", lambda: m.Redirect.objects.create(retired=one, survivor=two))


def test_a_redirect_does_not_lead_to_itself():
    party = a_party()
    refuses("redirect_leads_elsewhere", lambda: m.Redirect.objects.create(retired=party, survivor=party))


def test_a_record_is_in_one_party_at_a_time():
    record = SourceRecordFactory()
    belongs(record, a_party(), NOW)
    refuses("membership_one_party_at_a_time", lambda: belongs(record, a_party(), LATER))


def test_a_record_may_change_party():
    record = SourceRecordFactory()
    belongs(record, a_party(), NOW, LATER)
    belongs(record, a_party(), LATER)
    assert record.memberships.count() == 2


def test_a_membership_lasts_some_time():
    refuses("membership_span_not_empty", lambda: belongs(SourceRecordFactory(), a_party(), NOW, NOW))


def linked(pair, score=0.9):
    return m.Link.objects.create(left=pair[0], right=pair[1], score=score, model_version="m")


def test_a_link_is_there_once(pair):
    linked(pair)
    refuses("link_once", lambda: linked(pair))


def test_a_link_keeps_the_lower_id_left(pair):
    refuses("link_left_before_right", lambda: linked(pair[::-1]))


def test_a_links_score_is_a_probability(pair):
    refuses("link_score_is_probability", lambda: linked(pair, 1.2))


def test_quality_ends_at_100():
    golden = a_party().golden
    refuses("golden_quality_0_to_100", lambda: m.GoldenRecord.objects.filter(pk=golden.pk).update(quality=101))


def test_a_party_has_an_identifier_once():
    party = a_party()
    given = {"party": party, "scheme_id": "passport", "value": "C01X00T47", "country": "DE"}
    m.PartyIdentifier.objects.create(**given)
    refuses("party_identifier_once", lambda: m.PartyIdentifier.objects.create(**given))


def test_an_event_id_is_used_once():
    given = {"topic": "t", "key": "k", "type": "party.created", "correlation_id": UUID(int=1), "event_id": UUID(int=2)}
    m.OutboxEvent.objects.create(**given)
    refuses("event_id", lambda: m.OutboxEvent.objects.create(**given))


@pytest.mark.parametrize("statement", ["UPDATE {table} SET actor = 'x'", "DELETE FROM {table}", "TRUNCATE {table}"])
def test_the_audit_trail_only_grows(statement):
    m.AuditEntry.objects.create(actor="user:ada", verb="merge", subject_type="party", subject_id="1")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table="party_hub_auditentry"))


def test_every_constraint_of_the_kernel_is_broken_by_some_test():
    text = "".join(file.read_text() for file in Path(__file__).parent.parent.rglob("test_*.py"))
    names = {
        constraint.name
        for model in apps.get_app_config("party_hub").get_models()
        for constraint in model._meta.constraints
        if model.__module__.startswith("party_hub.models")
    }
    assert {name for name in names if name not in text} == set()
