"""What is true at a glance is what python-stdnum calls true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import get_cc_module
from stdnum.cn import ric

from party_hub.domain import check_digits
from party_hub.domain.check_digits import true_at_a_glance
from party_hub.domain.identifiers import normalise

MODULES = sorted(check_digits._AT_A_GLANCE)
SHAPES = (
    r"\d{9,11}", r"\d{13}", r"(GB|DE)\d{9}", r"[A-Z]{5}\d{4}[A-Z]", r"\d{8}[A-Z]", r"[A-Z]\d{7}[\dA-J]",
    r"\d{7}(000|0\d\d|1[0-2]\d)\d",
    r"(11|44|31|65)01\d\d(19|20)\d\d(0[1-9]|1[0-3])([0-2]\d|3[0-2])\d{3}[\dX]",
)  # fmt: skip


def of_the_library(value: str, country: str, name: str) -> bool:
    module = get_cc_module(country.lower(), name)
    assert module
    return bool(module.is_valid(value))


@given(value=st.one_of(*(st.from_regex(shape, fullmatch=True) for shape in SHAPES), st.text(max_size=20)))
def test_no_number_is_true_at_a_glance_that_the_library_does_not_take(value: str) -> None:
    for country, name in MODULES:
        if true_at_a_glance(value, country, (name,)):
            assert of_the_library(value, country, name)


@pytest.mark.parametrize(
    ("country", "name", "value"),
    [
        ("CN", "ric", "110101198004131328"),
        ("DE", "stnr", "18181508155"),
        ("DE", "vat", "DE136695976"),
        ("ES", "nif", "54362315K"),
        ("ES", "nif", "A13585625"),
        ("FR", "nif", "0701987765493"),
        ("FR", "siren", "552008443"),
        ("GB", "utr", "1955839661"),
        ("GB", "vat", "GB980780684"),
        ("IN", "pan", "ACUPA7085R"),
        ("IT", "iva", "00743110157"),
        ("NL", "bsn", "111222333"),
        ("PL", "nip", "8567346215"),
        ("US", "tin", "536904399"),
    ],
)
def test_a_true_number_is_told_at_a_glance_and_one_with_another_last_sign_is_as_the_library_says(
    country: str, name: str, value: str
) -> None:
    assert true_at_a_glance(value, country, (name,))
    for last in "0123456789X":
        other = value[:-1] + last
        assert not true_at_a_glance(other, country, (name,)) or of_the_library(other, country, name)


@pytest.mark.parametrize("value", ["078051120", "457555462", "219099999", "666123456", "000123456", "123006789"])
def test_a_number_that_was_never_given_to_anybody_is_left_to_the_library(value: str) -> None:
    assert not true_at_a_glance(value, "US", ("tin",))


def test_a_number_of_a_county_that_its_province_does_not_have_is_false() -> None:
    stem = "11999919800413132"
    found = normalise("tax_id", stem + ric.calc_check_digit(f"{stem}0"), "CN")
    assert found
    assert found.valid is False


@pytest.mark.parametrize("value", ["110101198002301328", "990101198004131328"])
def test_a_day_or_a_place_that_does_not_exist_is_not_true_at_a_glance(value: str) -> None:
    assert not true_at_a_glance(value, "CN", ("ric",))
