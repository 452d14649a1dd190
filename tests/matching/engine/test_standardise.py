"""Comparison forms."""

import pytest

from matching.engine import standardise as forms


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("General Ricky Byrne Haking", "General", "", "Haking"), ("ricky", "byrne", "haking", None)),
        (("Gomez, Gladys Maria", "", "", ""), ("gladys", "maria", "gomez", None)),
        (("Gladys M Gomez Jr", "", "", ""), ("gladys", "m", "gomez", "2")),
        (("", "José", "", "García López"), ("jose", None, "garcia lopez", None)),
        (("", "Мария", "", "Петрова"), ("mariia", None, "petrova", None)),
        (("n/a", "", "", ""), (None, None, None, None)),
    ],
)
def test_a_persons_name_comes_apart(parts: tuple[str, str, str, str], expected: tuple[str | None, ...]) -> None:
    assert forms.person_name(*parts)[1:] == expected[1:]
    assert (forms.person_name(*parts)[0] or "")[:4] == (expected[0] or "")[:4]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Müller GmbH & Co. KG", "muller"),
        ("Foo S.A. de C.V.", "foo"),
        ("The Acme Intl Tech Pvt. Ltd.", "acme international technologies"),
        ("LLC", "llc"),
        ("N/A", None),
    ],
)
def test_an_organisation_is_known_by_its_own_words(text: str, expected: str | None) -> None:
    assert forms.organisation_name(text) == expected


@pytest.mark.parametrize("text", ["1973-07-26", "26.07.1973", "07/26/1973", "26/07/1973", "19730726", "7/26/73"])
def test_a_date_is_read_in_every_usual_writing(text: str) -> None:
    assert forms.calendar_date(text) == "19730726"


@pytest.mark.parametrize("text", ["1900-01-01", "n/a", "9999-12-31", "31", "2020-13-45", ""])
def test_a_date_that_holds_a_place_is_missing(text: str) -> None:
    assert forms.calendar_date(text) is None


@pytest.mark.parametrize("text", ["999-99-9999", "123456789", "000000000", "n/a", "X"])
def test_an_identifier_that_holds_a_place_is_missing(text: str) -> None:
    assert forms.code(text) is None


def test_phones_are_the_same_in_every_writing() -> None:
    assert (
        len({forms.phone(text) for text in ("+1 212 555 0147", "(212) 555-0147", "2125550147", "0012125550147")}) == 1
    )
    assert forms.phone("0000000000") is None


def test_mailboxes_at_gmail_know_no_dots_and_tags() -> None:
    assert forms.email("Ann.Smith+shop@GoogleMail.com") == forms.email("annsmith@gmail.com") == "annsmith@gmail.com"
    assert forms.email("none@none.com") is None


def test_an_address_is_house_street_and_unit() -> None:
    assert forms.address("12 North Main Street, Suite 300") == ("12", "n main st", "300")
    assert forms.address("Bahnhofstraße 12")[:2] == forms.address("Bahnhof Strasse 12")[:2] == ("12", "bahnhof st")
    assert forms.address("60 2nd Ave") == ("60", "2nd ave", None)


@pytest.mark.parametrize("text", ["Germany", "DE", "DEU", "Deutschland", "germany"])
def test_a_country_has_one_code(text: str) -> None:
    assert forms.country(text) == "de"
