"""Single values: countries, dates, phones, e-mails, hosts, scripts."""

from datetime import UTC, date, datetime

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from party_hub.domain.canonical import values


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Deutschland", "DE"),
        ("U.S.A.", "US"),
        ("gbr", "GB"),
        ("England", "GB"),
        ("مصر", "EG"),
        ("日本", "JP"),
        ("US-DE", "US"),
        ("Atlantis", ""),
        ("", ""),
        ("ZZ", ""),
    ],
)
def test_a_country_is_known_by_code_or_by_name_in_its_own_language(text: str, code: str) -> None:
    assert values.country(text) == code


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("020 7946 0018", "GB", "+442079460018"),
        ("+44 (0)20 7946 0018", "", "+442079460018"),
        ("0049 89 9000648", "US", "+49899000648"),
        ("+39 06 12345678", "", "+390612345678"),
        ("٠١٠ ١٢٣٤ ٥٦٧٨", "EG", "+201012345678"),
        ("12 34 56 7", "", "1234567"),
        ("000000", "US", ""),
        ("+1 999 999 9999", "US", ""),
        ("ask reception", "GB", ""),
    ],
)
def test_a_phone_number_becomes_e164_where_it_can_be_read(text: str, region: str, number: str) -> None:
    assert values.phone(text, region) == number


@given(st.from_regex(r"\+[1-9][0-9]{0,2}[ -]?[0-9]{2,4}[ -]?[0-9]{3,9}", fullmatch=True))
def test_the_quick_way_with_phone_numbers_agrees_with_the_library(text: str) -> None:
    quick = values._international(values.digits_of(text))
    if quick:
        number = phonenumbers.parse(text, None)
        assert phonenumbers.is_possible_number(number)
        assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == quick


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="1985-02-30 is no date that exists"):
        values.day("1985-02-30")


@pytest.mark.parametrize("text", ["1900-01-01", "9999-12-31", "0000-00-00"])
def test_a_day_that_stands_for_none_is_none(text: str) -> None:
    assert values.day(text) is None


def test_days_and_moments_are_read_in_the_ways_that_feeds_write_them() -> None:
    assert values.day("20240229", ("%Y%m%d",)) == date(2024, 2, 29)
    assert values.day("31.12.1980", ("%d.%m.%Y",)) == date(1980, 12, 31)
    assert values.day("2019-06-18T14:32:00.000Z") == date(2019, 6, 18)
    assert values.moment("2019-06-18T14:32:00+02:00") == datetime(2019, 6, 18, 12, 32, tzinfo=UTC)
    assert values.moment("2019-06-18") == datetime(2019, 6, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ann@Example.COM", "ann@example.com"),
        ("mailto:a@b.example", "a@b.example"),
        ("none@none.com", ""),
        ("a@b", ""),
        ("x", ""),
    ],
)
def test_an_e_mail_address_is_in_small_letters_or_not_at_all(text: str, address: str) -> None:
    assert values.email(text) == address


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://www.Example.com/about?x=1", "example.com"),
        ("example.co.uk", "example.co.uk"),
        ("not a host", ""),
        ("http://[", ""),
    ],
)
def test_a_web_address_is_its_host(text: str, host: str) -> None:
    assert values.website(text) == host


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Müller", "Latn"),
        ("Иванов", "Cyrl"),
        ("佐藤", "Hani"),
        ("さくら銀行", "Jpan"),
        ("Παππάς", "Grek"),
        ("ООО Alpha", "Latn"),
        ("123", ""),
    ],
)
def test_a_script_is_that_of_most_letters(text: str, script: str) -> None:
    assert values.script(text) == script


@pytest.mark.parametrize("text", ["n/a", " N.A. ", "unknown", "-", "\u00a0", "\\N", "\ufeff"])
def test_words_for_nothing_are_nothing(text: str) -> None:
    assert values.clean(text) == ""


@pytest.mark.parametrize("name", ["Null", "Na", "Nan", "Nil"])
def test_people_called_like_nothing_keep_their_names(name: str) -> None:
    assert values.clean(name) == name


@pytest.mark.parametrize(
    ("text", "number"), [("1,200", 1200), ("42", 42), ("12.0", 12), ("3.500.000", 3_500_000), ("about 5", None)]
)
def test_numbers_are_whole(text: str, number: int | None) -> None:
    assert values.number(text) == number
