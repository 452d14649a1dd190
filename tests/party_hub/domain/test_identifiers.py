"""Identifiers: normalised, checked, placeholders dropped."""

import pytest

from party_hub.domain.identifiers import Identifier, is_placeholder, normalise


def test_separators_go_and_letters_become_capitals():
    assert normalise("lei", "5493 001k-jtii gc8y 1r12") == Identifier("lei", "5493001KJTIIGC8Y1R12", "", True)


def test_a_wrong_check_digit_is_said():
    found = normalise("lei", "5493001KJTIIGC8Y1R13")
    assert found
    assert found.valid is False


@pytest.mark.parametrize(
    ("country", "value", "valid"),
    [
        ("US", "536-90-4399", True),
        ("DE", "36574261809", True),
        ("NL", "111222333", True),
        ("NL", "111222334", False),
        ("FR", "552 008 443", True),
    ],
)
def test_tax_ids_are_checked_by_their_country(country, value, valid):
    found = normalise("tax_id", value, country)
    assert found
    assert (found.country, found.valid) == (country, valid)


def test_what_cannot_be_checked_is_neither_valid_nor_invalid():
    found = normalise("passport", "C01X00T47", "DE")
    assert found
    assert found.valid is None


@pytest.mark.parametrize("value", ["000000000", "999-99-9999", "123456789", "n/a", "NONE", "unknown", "", "  "])
def test_placeholders_are_no_identifiers(value):
    assert normalise("tax_id", value, "US") is None


def test_a_real_number_is_no_placeholder():
    assert not is_placeholder("536904399")


def test_an_unknown_scheme_is_an_error():
    with pytest.raises(KeyError):
        normalise("shoe_size", "44")
