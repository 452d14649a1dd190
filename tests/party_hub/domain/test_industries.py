"""Codes of NACE are known without their scheme wherever there is no doubt which is meant."""

import pytest

from party_hub.domain.canonical.items import single
from party_hub.domain.industries import industry


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("64.19", "nace:64.19"),  # both revisions call it other monetary intermediation
        ("K64.19", "nace:64.19"),  # section K holds banks in Rev. 2 …
        ("k 6419", "nace:64.19"),
        ("L64.19", "nace21:64.19"),  # … and L does in Rev. 2.1
        ("K64", "nace:64"),
        ("01.1", "nace:01.1"),
    ],
)
def test_a_code_without_its_scheme_is_that_of_nace(text: str, code: str) -> None:
    assert industry(text) == code


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("6419", "plain digits are SIC's as well"),
        ("64", "so are two"),
        ("10.51", "the revisions mean different dairies by it"),
        ("A64.19", "no bank is in section A"),
        ("64.99.1", "a national code is finer"),
        ("00.00", "there is none"),
        ("sic:6022", "it names its scheme"),
        ("Banking", "it is a word"),
    ],
)
def test_a_code_that_leaves_a_doubt_stays_as_its_source_said_it(text: str, why: str) -> None:
    assert industry(text) == text, why


def test_every_door_takes_them() -> None:
    assert single("industry_code", "K64.19", ()) == "nace:64.19"
