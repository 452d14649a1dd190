"""The vocabulary of the sample: one TOML file a country, read into lists whose order is their rank.

A word is a pair: as written at home, and in Latin letters. `native=latin` gives both; a word alone is transliterated.
In names, `m/f` gives the two forms of a gendered name; one letter after the slash replaces or follows the last.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from rigour.text.translit import ascii_text

from .chance import Skewed

_HERE = Path(__file__).parent


class Word(NamedTuple):
    """A word at home and in Latin letters."""

    native: str
    latin: str


class Family(NamedTuple):
    """A family name as a man and as a woman bear it."""

    male: Word
    female: Word


class City(NamedTuple):
    """A city with its region and the pattern of its postcodes."""

    name: Word
    region: Word
    postcode: str


@dataclass(frozen=True)
class Country:
    """What a country's parties are made of."""

    code: str
    weight: float
    script: str
    written: list[str]
    family_first: bool
    legal_first: bool
    male: Skewed[Word]
    female: Skewed[Word]
    family: Skewed[Family]
    streets: Skewed[Word]
    street_forms: Skewed[Word]
    units: Skewed[Word]
    cities: Skewed[City]
    phones: list[str]
    mail: Skewed[str]
    legal: Skewed[list[Word]]
    trades: Skewed[Word]
    sons: Word


def _word(text: str, latin_script: bool) -> Word:
    native, _, latin = text.strip().partition("=")
    return Word(native, latin or (native if latin_script else ascii_text(native)))


def _words(text: str, latin_script: bool) -> list[Word]:
    return [_word(part, latin_script) for part in text.split(",") if part.strip()]


def _family(text: str, latin_script: bool) -> Family:
    male, _, female = text.strip().partition("/")
    if len(female) == 1:
        female = male[:-1] + female if male.endswith("i") else male + female
    first = _word(male, latin_script)
    return Family(first, _word(female, latin_script) if female else first)


def _join(root: Word, ending: Family) -> Family:
    return Family(
        Word(root.native + ending.male.native, root.latin + ending.male.latin),
        Word(root.native + ending.female.native, root.latin + ending.female.latin),
    )


def _families(data: dict[str, Any], latin_script: bool) -> list[Family]:
    """The listed names by rank, then the long tail: each root with each ending, root by root in turn."""
    listed = [_family(part, latin_script) for part in data["family"].split(",")]
    roots = _words(data["roots"], latin_script)
    endings = [_family(part, latin_script) for part in data["endings"].split(",") if part.strip()]
    tail = [
        _join(root, endings[(turn + at) % len(endings)])
        for turn in range(len(endings))
        for at, root in enumerate(roots)
    ]
    return listed + tail


def _city(text: str, latin_script: bool) -> City:
    name, region, postcode = text.split("|")
    return City(_word(name, latin_script), _word(region, latin_script), postcode)


def _read(path: Path) -> Country:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    script = data.get("script", "Latn")
    latin = script == "Latn"
    return Country(
        code=data["code"],
        weight=data["weight"],
        script=script,
        written=data["written"],
        family_first=data.get("family_first", False),
        legal_first=data.get("legal_first", False),
        male=Skewed(_words(data["male"], latin), slope=1.0, shift=6),
        female=Skewed(_words(data["female"], latin), slope=1.0, shift=6),
        family=Skewed(_families(data, latin), slope=0.9, shift=6),
        streets=Skewed(_words(data["streets"], latin), slope=0.6),
        street_forms=Skewed([_word(form, latin) for form in data["street_forms"]], slope=1.0, shift=1.5),
        units=Skewed([_word(unit, latin) for unit in data["units"]]),
        cities=Skewed([_city(city, latin) for city in data["cities"]], slope=0.9, shift=2),
        phones=data["phones"],
        mail=Skewed([domain.strip() for domain in data["mail"].split(",")], slope=1.0, shift=1),
        legal=Skewed([[_word(way, latin) for way in group.split("|")] for group in data["legal"]], slope=1.2, shift=1),
        trades=Skewed(_words(data["trades"], latin), slope=0.6),
        sons=_word(data["sons"], latin),
    )


@cache
def countries() -> dict[str, Country]:
    """Every country by its code, in the order of the codes."""
    found = (_read(path) for path in sorted((_HERE / "countries").glob("*.toml")))
    return {country.code: country for country in found}


@cache
def nicknames() -> dict[str, list[str]]:
    """Short names by the name they stand for."""
    data: dict[str, list[str]] = tomllib.loads((_HERE / "nicknames.toml").read_text(encoding="utf-8"))
    return data


@cache
def words() -> dict[str, list[str]]:
    """Parts of company names, industries and sectors."""
    data: dict[str, str] = tomllib.loads((_HERE / "words.toml").read_text(encoding="utf-8"))
    return {name: text.split(", ") for name, text in data.items()}
