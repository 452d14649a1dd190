"""Stored survivorship rules, as survivorship takes them."""

import pytest
from django.core.exceptions import ValidationError

from party_hub.actions.rebuild_golden import rule_book, rule_of
from party_hub.domain.rules import Rule, Strategy
from party_hub.models import AttributeTrust, SurvivorshipRule

pytestmark = pytest.mark.django_db


def test_a_stored_rule_is_taken_with_all_its_parts():
    stored = SurvivorshipRule.objects.create(
        attribute="ticker", party_type="organisation", strategy="most_recent", then=["longest"],
        excluded_sources=["crm"], verified_only=True, first_only=True, half_life=30, doubt=50, follows="names",
    )  # fmt: skip
    rule = Rule(
        (Strategy.MOST_RECENT, Strategy.LONGEST), frozenset({"crm"}), verified_only=True, first_only=True,
        half_life=30, doubt=50, follows="names",
    )  # fmt: skip
    assert rule_of(stored) == rule
    assert rule_book().rule("ticker", "organisation") == rule
    assert rule_book().rule("ticker", "legal_entity") == Rule()


def test_trust_in_single_attributes_is_taken():
    AttributeTrust.objects.create(source_id="crm", attribute="phones", trust=99)
    assert rule_book().trust == {("crm", "phones"): 99}


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"excluded_sources": ["crm", "nobody"]}, "There is no source system nobody."),
        ({"follows": "status"}, "That attribute follows another one itself"),
        ({"attribute": "addresses", "follows": "names"}, "Another attribute follows this one"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_with_the_reason(parts, said):
    SurvivorshipRule.objects.filter(attribute="status").update(follows="addresses")
    with pytest.raises(ValidationError, match=said):
        SurvivorshipRule(**{"attribute": "ticker", "strategy": "longest"} | parts).clean()
