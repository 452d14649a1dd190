"""Comparison forms of the canonical columns, each computed once a distinct value.

Forms serve comparison only; what is stored keeps the source's spelling. A value that only fills a field becomes None,
which counts as missing and never as a difference.
"""

import re
from functools import lru_cache

import pycountry
from nameparser.config import CONSTANTS
from rigour.names import remove_org_types

from matching.engine.text import digits, holds_place, plain, words
from matching.engine.vocabulary.words import (
    ARTICLES,
    COUNTRY_NAMES,
    GENERATIONS,
    JOINERS,
    LEGAL_LEFTOVERS,
    ORGANISATION_WORDS,
    PLACEHOLDERS,
    STREET_ENDINGS,
    STREET_WORDS,
    SUFFIXES,
    UNIT_WORDS,
)

TITLES = frozenset(CONSTANTS.titles) | {
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "herr",
    "frau",
    "mme",
    "mlle",
    "sig",
    "sra",
    "sr",
}
# Titles that are as often names stay where they are.
_NAMES_TOO = frozenset(
    [
        "king",
        "prince",
        "duke",
        "earl",
        "baron",
        "major",
        "dean",
        "bishop",
        "pope",
        "marshall",
        "chancellor",
        "judge",
        "knight",
        "abbot",
        "page",
        "pastor",
    ]
)


# Fixed rather than taken from the clock: a form must not change with the day on which it is made.
_CENTURY_TURNS = 27


@lru_cache(maxsize=50_000)
def person_name(
    full: str, given: str, middle: str, family: str
) -> tuple[str | None, str | None, str | None, str | None]:
    """Given, middle and family name and generation ("2" for Jr) out of whichever of the four texts are there.

    Honorifics and suffixes go; "Family, Given Middle" is understood; name parts win over the full name.
    """
    tokens, generation = _undecorated(full)
    first, more = _known_part(given)[0], words(middle)
    last, other_generation = _known_part(family)
    generation = generation or other_generation
    if not first and not last and "," in full:
        before, _, after = full.partition(",")
        last, first = words(before), _undecorated(after)[0]
        first, more = first[:1], more or first[1:]
    rest = [token for token in tokens if token not in first and token not in last]
    if not first and rest:
        first, rest = rest[:1], rest[1:]
    if not last and rest:
        last, rest = rest[-1:], rest[:-1]
    more = more or rest
    return " ".join(first) or None, " ".join(more) or None, " ".join(last) or None, generation


def _undecorated(text: str) -> tuple[list[str], str | None]:
    """Words of a name without honorifics in front and suffixes behind, and the generation that a suffix told."""
    tokens, generation = words(text), None
    while (
        len(tokens) > 0
        and tokens[0] in TITLES
        and tokens[0] not in _NAMES_TOO
        and (len(tokens) > 1 or tokens[0] != "sr")
    ):
        tokens = tokens[1:]
    while len(tokens) > 1 and (tokens[-1] in SUFFIXES or tokens[-1] in GENERATIONS):
        generation = GENERATIONS.get(tokens[-1], generation)
        tokens = tokens[:-1]
    return tokens, generation


# Parts of names come again and again, whole names do not.
_known_part = lru_cache(maxsize=100_000)(_undecorated)


_NOT_FIRST = LEGAL_LEFTOVERS | ARTICLES


def organisation_name(text: str) -> str | None:
    """The distinguishing words of an organisation's name: no legal form, article or joiner; usual abbreviations spelled
    alike."""
    form = plain(text.replace("&", " and "))
    if not form or form in PLACEHOLDERS:
        return None
    tokens = [token for token in remove_org_types(form).split() if token not in JOINERS]
    while len(tokens) > 1 and tokens[-1] in LEGAL_LEFTOVERS:
        tokens = tokens[:-1]
    while len(tokens) > 1 and tokens[0] in _NOT_FIRST:
        tokens = tokens[1:]
    core = [ORGANISATION_WORDS.get(token, token) for token in tokens]
    return " ".join(core) or form


def calendar_date(text: str) -> str | None:
    """YYYYMMDD of a date in any usual writing; None where there is none to be had.

    A part above 12 tells day from month; else month/day with slashes, day.month with dots. Two-digit years lie in the
    past.
    """
    numbers = re.findall(r"\d+", text)
    if len(numbers) == 1 and len(numbers[0]) == 8:
        numbers = [numbers[0][:4], numbers[0][4:6], numbers[0][6:]]
    if len(numbers) < 3:
        return None
    if len(numbers[0]) == 4:
        year, month, day = (int(number) for number in numbers[:3])
    else:
        month, day, year = (int(number) for number in numbers[:3])
        if "." in text or ("-" in text and month > 12):
            month, day = day, month
        if len(numbers[2]) == 2:
            year += 2000 if year < _CENTURY_TURNS else 1900
    if month > 12 >= day:
        month, day = day, month
    placeholder = (year, month, day) in {
        (1900, 1, 1),
        (1901, 1, 1),
        (1970, 1, 1),
        (9999, 12, 31),
        (9999, 9, 9),
        (1111, 11, 11),
    }
    if placeholder or not (1 <= month <= 12 and 1 <= day <= 31 and 1000 <= year <= 2200):
        return None
    return f"{year:04d}{month:02d}{day:02d}"


def code(text: str) -> str | None:
    """An identifier's letters and digits in upper case; None for one that only fills a field."""
    form = plain(text).replace(" ", "").upper()
    return None if len(form) < 4 or holds_place(form) or form.lower() in PLACEHOLDERS else form


def phone(text: str) -> str | None:
    """The last nine digits of a phone number (all of a shorter one): prefixes and trunk zeros differ by habit."""
    number = digits(text)
    if len(number) < 6 or len(set(number[-7:])) <= 1 or holds_place(number[-9:]):
        return None
    return number[-9:]


def email(text: str) -> str | None:
    """An e-mail address in lower case, without a "+tag" and, at Gmail, without dots."""
    form = text.strip().lower()
    local, at, domain = form.rpartition("@")
    local = local.partition("+")[0]
    if not at or not local or "." not in domain or local in PLACEHOLDERS or local == domain.partition(".")[0]:
        return None
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def website(text: str) -> str | None:
    """The host of a web address, without "www."."""
    host = re.sub(r"^[a-z]+://", "", text.strip().lower()).split("/")[0].split(":")[0]
    host = host.removeprefix("www.")
    return host if "." in host else None


def postcode(text: str) -> str | None:
    """A postcode's letters and digits; a US ZIP+4 is cut to five."""
    form = plain(text.split("-")[0] if re.fullmatch(r"\d{5}-\d{4}", text.strip()) else text).replace(" ", "")
    return None if not form or form in PLACEHOLDERS or holds_place(form) else form


def address(text: str) -> tuple[str | None, str | None, str | None]:
    """House number, street and unit of an address line, usual words abbreviated alike."""
    tokens = plain(text.replace("#", " unit ")).split()
    if not tokens or " ".join(tokens) in PLACEHOLDERS:
        return None, None, None
    street: list[str] = []
    house = unit = None
    skip_next = False
    for position, token in enumerate(tokens):
        if skip_next:
            unit, skip_next = token, False
        elif token in UNIT_WORDS and position + 1 < len(tokens) and any(map(str.isdigit, tokens[position + 1])):
            skip_next = True
        elif token[0].isdigit() and house is None and not token.endswith(("st", "nd", "rd", "th")):
            house = token.lstrip("0") or "0"
        else:
            street.append(_street_word(token))
    return house, " ".join(street) or None, unit


@lru_cache(maxsize=100_000)
def _street_word(token: str) -> str:
    for ending, short in STREET_ENDINGS.items():
        if token.endswith(ending) and len(token) > len(ending) + 2:
            return f"{token.removesuffix(ending)} {short}"
    return STREET_WORDS.get(token, token)


def place(text: str) -> str | None:
    """A city or region in comparison form."""
    return " ".join(words(text)) or None


@lru_cache(maxsize=10_000)
def country(text: str) -> str | None:
    """A country's two-letter code where it can be told, else its name in comparison form."""
    form = plain(text)
    if not form or form in PLACEHOLDERS - {"na"}:
        return None
    if form in COUNTRY_NAMES:
        return COUNTRY_NAMES[form]
    if len(form) == 2:
        return form
    found = pycountry.countries.get(alpha_3=form.upper()) or pycountry.countries.get(name=text.strip().title())
    return found.alpha_2.lower() if found else form
