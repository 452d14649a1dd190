"""Every constraint of the party model, broken once: the database itself says no."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from party_hub import models as m
from tests.factories import SourceRecordFactory, a_party
from tests.people import ada

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LATER = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def pair():
    """Two source records, lower id first."""
    return sorted((SourceRecordFactory(), SourceRecordFactory()), key=lambda record: record.id)


def refuses(constraint, create):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        create()


def belongs(record, party, start=NOW, end=None):
    return m.Membership.objects.create(record=record, party=party, span=(start, end))


def test_trust_ends_at_100():
    refuses("source_system_trust_0_to_100", lambda: m.SourceSystem.objects.create(code="x", name="X", trust=101))


def test_a_country_code_is_two_capitals():
    refuses("country_code_is_two_capitals", lambda: m.Country.objects.create(code="xx", name="X"))


def test_a_legal_form_code_has_four_characters():
    refuses("legal_form_code_is_elf", lambda: m.LegalForm.objects.create(code="AB", name="X"))


def test_an_attribute_has_one_rule():
    refuses(
        "survivorship_rule_one_per_attribute",
        lambda: m.SurvivorshipRule.objects.create(attribute="names", party_type="", strategy="longest"),
    )


def test_a_rule_names_a_strategy_that_exists():
    refuses(
        "survivorship_rule_known_strategy",
        lambda: m.SurvivorshipRule.objects.create(attribute="ticker", strategy="coin_toss"),
    )


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("survivorship_rule_known_ties", {"then": ["coin_toss"]}),
        ("survivorship_rule_doubt_to_100", {"doubt": 101}),
        ("survivorship_rule_half_life_from_1", {"half_life": 0}),
        ("survivorship_rule_follows_another", {"follows": "ticker"}),
    ],
)
def test_every_part_of_a_rule_has_its_bounds(constraint, wrong):
    refuses(constraint, lambda: m.SurvivorshipRule.objects.create(attribute="ticker", strategy="longest", **wrong))


def test_trust_in_an_attribute_is_said_once():
    m.AttributeTrust.objects.create(source_id="crm", attribute="names", trust=100)
    refuses(
        "attribute_trust_one_per_source",
        lambda: m.AttributeTrust.objects.create(source_id="crm", attribute="names", trust=1),
    )


def test_trust_in_an_attribute_ends_at_100():
    refuses(
        "attribute_trust_0_to_100",
        lambda: m.AttributeTrust.objects.create(source_id="dnb", attribute="names", trust=101),
    )


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


def related(parent, child, record, kind="ultimate_parent"):
    return m.Relationship.objects.create(parent=parent, child=child, record=record, kind=kind)


def test_a_relationship_is_there_once():
    parent, child, record = a_party(), a_party(), SourceRecordFactory()
    related(parent, child, record)
    refuses("relationship_once", lambda: related(parent, child, record))


def test_nobody_is_their_own_parent():
    party = a_party()
    refuses("relationship_between_two", lambda: related(party, party, SourceRecordFactory()))


def test_a_relationship_is_of_a_known_kind():
    parent, child = a_party(), a_party()
    refuses("relationship_known_kind", lambda: related(parent, child, SourceRecordFactory(), "aunt"))


def test_an_event_id_is_used_once():
    given = {"topic": "t", "key": "k", "type": "party.created", "correlation_id": UUID(int=1), "event_id": UUID(int=2)}
    m.OutboxEvent.objects.create(**given)
    refuses("event_id", lambda: m.OutboxEvent.objects.create(**given))


@pytest.mark.parametrize("statement", ["UPDATE {table} SET actor = 'x'", "DELETE FROM {table}", "TRUNCATE {table}"])
def test_the_audit_trail_only_grows(statement):
    m.AuditEntry.objects.create(actor="user:ada", verb="merge", subject_type="party", subject_id="1")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table="party_hub_auditentry"))


def test_a_waiting_record_waits_once():
    record = SourceRecordFactory()
    m.UnresolvedRecord.objects.create(record=record, version=1)
    refuses("party_hub_unresolvedrecord_pkey", lambda: m.UnresolvedRecord.objects.create(record=record, version=2))


def token(scopes):
    given = {"user": ada(), "name": "reader", "hint": "phub_a", "hash": "0" * 64, "expires_at": LATER}
    return m.ApiToken.objects.create(scopes=scopes, **given)


def test_a_token_has_known_scopes_only():
    refuses("api_token_known_scopes", lambda: token(["everything"]))


def test_a_token_is_good_for_something():
    refuses("api_token_has_scope", lambda: token([]))


def retired(record, reason="test entry"):
    return m.Retirement.objects.create(record=record, reason=reason, author="user:ada")


def test_a_record_is_retired_once():
    record = SourceRecordFactory()
    retired(record)
    refuses("retirement_one_live_per_record", lambda: retired(record))


def test_a_retirement_has_a_reason():
    refuses("retirement_has_reason", lambda: retired(SourceRecordFactory(), ""))


def test_every_constraint_of_the_kernel_is_broken_by_some_test():
    text = "".join(file.read_text() for file in Path(__file__).parent.parent.rglob("test_*.py"))
    names = {
        constraint.name
        for model in apps.get_app_config("party_hub").get_models()
        for constraint in model._meta.constraints
        if model.__module__.startswith("party_hub.models")
    }
    assert {name for name in names if name not in text} == set()
