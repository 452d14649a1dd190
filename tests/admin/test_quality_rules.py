"""What breaking a rule of a feed costs is decided in the admin, with history, audit, and no way to a nonsense."""

import pytest
from django.test import Client
from django.urls import reverse

from ingestion.adapters import adapter_in_force
from ingestion.mapping.adapter import Severity
from ingestion.models import Feed, QualityRule
from ingestion.quality.actions import make_rules_known
from party_hub.models import AuditEntry
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def dan() -> Client:
    client = Client()
    client.force_login(people.dan(), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def crm() -> Feed:
    feed = Feed.objects.get(name="crm")
    make_rules_known(feed=feed, adapter=adapter_in_force(feed))
    return feed


def page_of(crm: Feed, code: str) -> tuple[QualityRule, str]:
    rule = QualityRule.objects.get(feed=crm, code=code)
    return rule, reverse("admin:ingestion_qualityrule_change", args=[rule.pk])


def test_an_administrator_decides_what_a_broken_rule_costs(dan: Client, crm: Feed) -> None:
    rule, page = page_of(crm, "lei_valid:be_in_set")
    assert dan.post(page, {"severity": Severity.STOP}).status_code == 302
    rule.refresh_from_db()
    assert rule.severity == Severity.STOP
    assert rule.history.first().history_user == people.dan()
    entry = AuditEntry.objects.get(verb="set_severity")
    assert (entry.actor, entry.subject_id) == ("user:dan", "crm")
    in_force = {one.code: one.severity for one in adapter_in_force(crm).rules}
    assert in_force[rule.code] is Severity.STOP


@pytest.mark.parametrize(
    ("code", "severity", "says"),
    [
        ("problem_reason:be_null", Severity.WARN, "Such a row cannot come in"),
        ("key:be_unique", Severity.WARN, "Such a row cannot come in"),
        ("run:volume", Severity.QUARANTINE, "about the whole file"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(dan: Client, crm: Feed, code: str, severity: str, says: str) -> None:
    rule, page = page_of(crm, code)
    before = rule.severity
    answer = dan.post(page, {"severity": severity})
    assert answer.status_code == 200
    assert says in answer.content.decode()
    rule.refresh_from_db()
    assert rule.severity == before


def test_rules_are_neither_added_nor_deleted_by_hand(dan: Client, crm: Feed) -> None:
    assert dan.get(reverse("admin:ingestion_qualityrule_add")).status_code == 403
    rule, _ = page_of(crm, "lei_valid:be_in_set")
    assert dan.post(reverse("admin:ingestion_qualityrule_delete", args=[rule.pk]), {"post": "yes"}).status_code == 403
    assert "The check digits" in dan.get(reverse("admin:ingestion_qualityrule_changelist")).content.decode()
