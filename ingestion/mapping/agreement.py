"""Does what a record says of itself agree? The consistency dimension of quality: two of its values against each other.

Each check gives True or False, and None where one of the two is missing or nothing is known that could tell.
"""

import csv
import re
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import party_hub

Row = Mapping[str, Any]
_LEGAL_FORMS = Path(party_hub.__file__).parent / "reference_data" / "legal_forms.csv"
# How a country writes its postcodes: digits, or a pattern. After the postal addressing sheets of the Universal Postal
# Union, https://www.upu.int/en/postal-solutions/programmes-services/addressing-solutions.
_DIGITS = {
    4: ("AT", "AU", "BE", "BG", "CH", "CY", "DK", "HU", "LI", "LU", "NO", "NZ", "PH", "SI", "ZA"),
    5: ("DE", "EE", "ES", "FI", "FR", "HR", "ID", "IT", "KR", "MA", "MC", "MX", "MY", "SM", "TH", "TR", "UA"),
    6: ("CN", "RO", "RU", "SG", "VN"),
}
_PATTERNS = {
    **{country: rf"\d{{{digits}}}" for digits, countries in _DIGITS.items() for country in countries},
    **dict.fromkeys(("CZ", "GR", "SE", "SK"), r"\d{3} ?\d{2}"),
    "BR": r"\d{5}-?\d{3}",
    "CA": r"[A-Z]\d[A-Z] ?\d[A-Z]\d",
    "GB": r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|GIR ?0AA",
    "IE": r"[A-Z]\d[\dW] ?[A-Z\d]{4}",
    "IN": r"\d{3} ?\d{3}",
    "JP": r"\d{3}-?\d{4}",
    "LT": r"(LT-)?\d{5}",
    "LV": r"(LV-)?\d{4}",
    "NL": r"\d{4} ?[A-Z]{2}",
    "PL": r"\d{2}-?\d{3}",
    "PT": r"\d{4}-?\d{3}",
    "US": r"\d{5}([- ]?\d{4})?",
}
_PREFIX = re.compile(r"[A-Z]{1,2}-(?=\d)")  # D-10115, as it was written across borders


@lru_cache(maxsize=65_536)
def postcode_of(country: str, postcode: str) -> bool | None:
    """Whether this can be a postcode of the country (ISO 3166-1 alpha-2)."""
    pattern = _PATTERNS.get(country)
    if pattern is None or not postcode:
        return None
    text = postcode.upper()
    return bool(re.fullmatch(pattern, text) or re.fullmatch(pattern, _PREFIX.sub("", text, count=1)))


@cache
def _countries_of_forms() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    with _LEGAL_FORMS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["code"], set()).add(row["country"])
    return {code: frozenset(countries) for code, countries in found.items()}


def form_of(country: str, legal_form: str) -> bool | None:
    """Whether the legal form, as a code of ISO 20275, is one of the country."""
    countries = _countries_of_forms().get(legal_form)
    return None if countries is None or not country or not all(countries) else country in countries


def _first_address(row: Row) -> Row:
    addresses = row.get("addresses")
    return addresses[0] if addresses else {}


def _postcode(row: Row, tax_country: str | None, moment: datetime | None) -> bool | None:
    address = _first_address(row)
    return postcode_of(address.get("country") or row.get("country", ""), address.get("postcode", ""))


def _address(row: Row, tax_country: str | None, moment: datetime | None) -> bool | None:
    there, here = _first_address(row).get("country"), row.get("country")
    return there == here if there and here else None


def _tax_id(row: Row, tax_country: str | None, moment: datetime | None) -> bool | None:
    here = row.get("country")
    return tax_country == here if tax_country and here else None


def _legal_form(row: Row, tax_country: str | None, moment: datetime | None) -> bool | None:
    return form_of(row.get("country", ""), row.get("legal_form", ""))


def _incorporation(row: Row, tax_country: str | None, moment: datetime | None) -> bool | None:
    since = row.get("date_of_incorporation")
    return since <= moment.date().isoformat() if since and moment else None


# By canonical column: what is compared, given a row, the country of its tax id, and when it takes effect.
AGREEMENTS: dict[str, Callable[[Row, str | None, datetime | None], bool | None]] = {
    "postcode_agrees": _postcode,
    "address_agrees": _address,
    "tax_id_agrees": _tax_id,
    "legal_form_agrees": _legal_form,
    "incorporation_agrees": _incorporation,
}


def agreements(
    asked: Container[str],
    rows: Sequence[Row],
    tax_countries: Sequence[str | None],
    moments: Sequence[datetime | None],
) -> dict[str, list[bool | None]]:
    """The columns of `AGREEMENTS` that are asked for, of canonical rows."""
    return {
        column: [agrees(*row) for row in zip(rows, tax_countries, moments, strict=True)]
        for column, agrees in AGREEMENTS.items()
        if column in asked
    }
