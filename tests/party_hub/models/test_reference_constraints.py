"""Every constraint of reference data and tokens, broken once: the database itself says no."""

from datetime import UTC, datetime

import pytest

from party_hub import models as m
from tests.people import ada

from .breaking import refuses

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 7, 1, tzinfo=UTC)


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


def token(scopes):
    given = {"user": ada(), "name": "reader", "hint": "phub_a", "hash": "0" * 64, "expires_at": LATER}
    return m.ApiToken.objects.create(scopes=scopes, **given)


def test_a_token_has_known_scopes_only():
    refuses("api_token_known_scopes", lambda: token(["everything"]))


def test_a_token_is_good_for_something():
    refuses("api_token_has_scope", lambda: token([]))


@pytest.mark.parametrize(
    ("constraint", "row"),
    [
        ("currency_code_is_three_capitals", lambda: m.Currency(code="chf", name="X")),
        ("language_code_is_three_letters", lambda: m.Language(code="DEU", name="X")),
        ("language_short_once", lambda: m.Language(code="qaa", name="X", short="de")),
        ("industry_known_scheme", lambda: m.Industry(code="isic:1", scheme="isic", title="X")),
        ("industry_code_names_its_scheme", lambda: m.Industry(code="nace:1", scheme="sic", title="X")),
    ],
)
def test_a_code_list_takes_its_own_codes_alone(constraint, row):
    refuses(constraint, lambda: row().save(force_insert=True))
