"""Identifiers of parties: their schemes, how each is normalised, and whether its check digits hold (python-stdnum)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from stdnum import get_cc_module, lei
from stdnum.exceptions import ValidationError

_SEPARATORS = re.compile(r"[\s\-./\\]+")
# What sources write where they know nothing: one digit repeated, a run of digits, or words to that effect.
_PLACEHOLDER = re.compile(
    r"^(?:(.)\1*|0?123456789\d*|987654321\d*|n/?a|none|null|nil|unknown|tbd|test|missing)$", re.IGNORECASE
)

# The modules of python-stdnum that know a country's tax ids, tried in this order; a value is valid if one accepts it.
_TAX_MODULES: dict[str, tuple[str, ...]] = {
    "AU": ("tfn", "abn"), "BR": ("cpf", "cnpj"), "CA": ("sin", "bn"), "CH": ("uid", "ssn"), "CN": ("uscc", "ric"),
    "DE": ("idnr", "stnr", "vat"), "ES": ("nif", "cif", "vat"), "FR": ("nif", "siren", "vat"), "GB": ("utr", "vat"),
    "GR": ("vat",), "IE": ("pps", "vat"), "IN": ("pan",), "IT": ("codicefiscale", "iva"), "JP": ("cn",), "MX": ("rfc",),
    "NL": ("bsn", "vat"), "PL": ("pesel", "nip"), "RU": ("inn",), "SE": ("personnummer", "orgnr", "vat"),
    "TR": ("tckimlik", "vkn"), "US": ("tin",),
}  # fmt: skip
_NATIONAL_MODULES: dict[str, tuple[str, ...]] = {
    "BR": ("cpf",), "CN": ("ric",), "ES": ("nif",), "FR": ("nir",), "IT": ("codicefiscale",), "NL": ("bsn",),
    "PL": ("pesel",), "SE": ("personnummer",), "TR": ("tckimlik",), "US": ("ssn",),
}  # fmt: skip

# What the issuer of an LEI says of one that no longer stands for anybody (LEI-CDF RegistrationStatus, small letters).
WITHDRAWN_STATUSES = frozenset(["merged", "duplicate", "annulled", "cancelled", "retired"])


@dataclass(frozen=True)
class Scheme:
    """A kind of identifier. `one_per_party`: a party has one for life, so two that differ speak against a match."""

    code: str
    name: str
    one_per_party: bool = False
    personal: bool = False
    national: bool = False


SCHEMES: dict[str, Scheme] = {
    scheme.code: scheme
    for scheme in (
        Scheme("lei", "Legal Entity Identifier", one_per_party=True),
        Scheme("duns", "D-U-N-S number"),
        Scheme("tax_id", "Tax id", one_per_party=True, personal=True, national=True),
        Scheme("national_id", "National id", one_per_party=True, personal=True, national=True),
        Scheme("passport", "Passport", personal=True, national=True),
        Scheme("registration_number", "Registration number", national=True),
        Scheme("markit_id", "Markit entity id"),
        Scheme("red_code", "Markit RED code"),
    )
}


@dataclass(frozen=True)
class Identifier:
    """A normalised identifier; `valid` is None where nothing is known that could check it."""

    scheme: str
    value: str
    country: str
    valid: bool | None


def is_placeholder(value: str) -> bool:
    """True for what stands where a number is missing: 000000000, 999-99-9999, n/a …"""
    return _stands_for_nothing(_SEPARATORS.sub("", value))


def _stands_for_nothing(text: str) -> bool:
    return _PLACEHOLDER.match(text or "-") is not None


@cache
def _checks(modules: tuple[str, ...], country: str) -> tuple[Callable[[str], str], ...]:
    found = (get_cc_module(country.lower(), name) for name in modules)
    return tuple(module.validate for module in found if module is not None)


def _accepted(value: str, checks: tuple[Callable[[str], Any], ...]) -> bool | None:
    if not checks:
        return None
    for check in checks:
        try:
            check(value)
        except ValidationError:
            continue
        return True
    return False


def _by_pattern(value: str, pattern: str) -> bool:
    return re.fullmatch(pattern, value) is not None


_BASE_36 = str.maketrans({letter: str(at) for at, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10)})


def _is_lei(value: str) -> bool:
    """ISO 7064 mod 97-10 on capitals and digits: what python-stdnum does, without its look at each sign."""
    return int(value.translate(_BASE_36)) % 97 == 1


def _validity(scheme: str, value: str, country: str) -> bool | None:
    match scheme:
        case "lei":
            return _is_lei(value) if value.isascii() and value.isalnum() else _accepted(value, (lei.validate,))
        case "duns":  # nine digits; the old check digit was given up in 2006
            return _by_pattern(value, r"\d{9}")
        case "red_code":  # six characters for an entity, nine with the obligation
            return _by_pattern(value, r"[0-9A-Z]{6}(?:[0-9A-Z]{3})?")
        case "tax_id":
            return _accepted(value, _checks(_TAX_MODULES.get(country, ()), country))
        case "national_id":
            return _accepted(value, _checks(_NATIONAL_MODULES.get(country, ()), country))
        case _:
            return None


def normalise(scheme: str, value: str, country: str = "") -> Identifier | None:
    """The identifier without separators, in capitals, checked; None where the value is a placeholder or empty.

    Raises KeyError for a scheme that is not in `SCHEMES`.
    """
    known = SCHEMES[scheme]
    text = (value if value.isalnum() else _SEPARATORS.sub("", value)).upper()
    if not text or _stands_for_nothing(text):
        return None
    country = country.upper() if known.national else ""
    return Identifier(scheme, text, country, _validity(scheme, text, country))
