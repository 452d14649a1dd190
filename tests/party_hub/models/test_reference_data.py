"""What a new hub knows of the world."""

import pytest

from party_hub.models import Country, LegalForm

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
