"""What a new hub knows of the world."""

import pytest

from party_hub.models import Country, Currency, Industry, Language, LegalForm

pytestmark = pytest.mark.django_db


def test_a_new_hub_knows_every_country_and_every_legal_form():
    assert Country.objects.count() >= 249
    assert LegalForm.objects.count() >= 3428


@pytest.mark.parametrize(
    ("code", "country", "jurisdiction", "abbreviation"),
    [("2HBR", "DE", "", "GmbH"), ("HZEH", "US", "Delaware", "LLC"), ("0OCP", "VN", "", "")],
)
def test_a_legal_form_says_where_it_holds(code, country, jurisdiction, abbreviation):
    form = LegalForm.objects.get(code=code)
    assert (form.country_id, form.jurisdiction, form.abbreviation) == (country, jurisdiction, abbreviation)


def test_a_new_hub_knows_every_currency_and_language():
    assert Currency.objects.get(code="CHF").number == "756"
    assert Currency.objects.count() >= 170
    assert Language.objects.get(short="de").name == "German"
    assert Language.objects.count() >= 7_900


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("sic:6022", "State commercial banks"),
        ("nace:64.19", "Other monetary intermediation"),
        ("nace21:62.10", "Computer programming activities"),
        ("naics:522110", "Commercial Banking"),
    ],
)
def test_an_industry_is_known_by_the_code_of_its_classification(code, title):
    assert Industry.objects.get(code=code).title == title
