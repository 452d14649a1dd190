"""Identifiers of parties: their schemes, how each is normalised, and whether its check digits hold (python-stdnum)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from stdnum import get_cc_module, lei
from stdnum.exceptions import ValidationError

from .check_digits import true_at_a_glance

_SEPARATORS = re.compile(r"[\s\-./\\]+")
# What sources write where they know nothing, besides one sign repeated: a run of digits, or words to that effect.
_RUNS = ("0123456789", "123456789", "987654321")
_WORDS = frozenset(["NA", "NONE", "NULL", "NIL", "UNKNOWN", "TBD", "TEST", "MISSING"])
_DUNS = re.compile(r"\d{9}")
_RED_CODE = re.compile(r"[0-9A-Z]{6}(?:[0-9A-Z]{3})?")

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


class Identifier(NamedTuple):
    """A normalised identifier; `valid` is None where nothing is known that could check it."""

    scheme: str
    value: str
    country: str
    valid: bool | None


def is_placeholder(value: str) -> bool:
    """True for what stands where a number is missing: 000000000, 999-99-9999, n/a …"""
    return _stands_for_nothing(_SEPARATORS.sub("", value).upper())


def _stands_for_nothing(text: str) -> bool:
    return text.count(text[:1]) >= len(text) or text in _WORDS or (text.startswith(_RUNS) and text.isdecimal())


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
        except (ValidationError, KeyError):  # ric raises the latter where a province has no such county
            continue
        return True
    return False


def _checked(value: str, country: str, modules: tuple[str, ...]) -> bool | None:
    return true_at_a_glance(value, country, modules) or _accepted(value, _checks(modules, country))


_BASE_36 = str.maketrans({letter: str(at) for at, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10)})


def _is_lei(value: str) -> bool:
    """ISO 7064 mod 97-10 on capitals and digits: what python-stdnum does, without its look at each sign."""
    return int(value.translate(_BASE_36)) % 97 == 1


def _validity(scheme: str, value: str, country: str) -> bool | None:
    match scheme:
        case "lei":
            return _is_lei(value) if value.isascii() and value.isalnum() else _accepted(value, (lei.validate,))
        case "duns":  # nine digits; the old check digit was given up in 2006
            return _DUNS.fullmatch(value) is not None
        case "red_code":  # six characters for an entity, nine with the obligation
            return _RED_CODE.fullmatch(value) is not None
        case "tax_id":
            return _checked(value, country, _TAX_MODULES.get(country, ()))
        case "national_id":
            return _checked(value, country, _NATIONAL_MODULES.get(country, ()))
        case _:
            return None


def normalise(scheme: str, value: str, country: str = "") -> Identifier | None:
    """The identifier without separators, in capitals, checked; None where the value is a placeholder or empty.

    Raises KeyError for a scheme that is not in `SCHEMES`.
    """
    return _normalised(scheme, value, country.upper()) if SCHEMES[scheme].national else _worldwide(scheme, value)


def _normalised(scheme: str, value: str, country: str) -> Identifier | None:
    text = (value if value.isalnum() else _SEPARATORS.sub("", value)).upper()
    return None if _stands_for_nothing(text) else Identifier(scheme, text, country, _validity(scheme, text, country))


@lru_cache(maxsize=65_536)
def _worldwide(scheme: str, value: str) -> Identifier | None:
    """Cached, since relations name again and again who else is in the feed."""
    return _normalised(scheme, value, "")
