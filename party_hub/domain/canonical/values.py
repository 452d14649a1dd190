"""Single values made canonical. Each function takes a cleaned text and gives the canonical value, "" where there is
none.

What takes long and comes again and again in a feed is cached: countries, regions, dates, names in foreign scripts.
"""

import re
import unicodedata
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from urllib.parse import urlsplit

import phonenumbers
import pycountry
from rigour.territories import lookup_territory
from rigour.text.scripts import text_scripts

# What people write where they know nothing: in any field, and where it cannot be a name (Null, Na and Nan are people).
_NOTHING = frozenset(
    [
        *("n/a", "n.a.", "n.a", "#n/a", "unknown", "unbekannt", "tbd", "-", "--", "---", ".", "?", "??", "(none)"),
        *("(null)", "\\n", "undefined", "not available", "not applicable", "to be defined"),
    ]
)
_VAGUE = frozenset(["na", "none", "null", "nil", "nan", "missing", "xx", "xxx", "test"])
# Signs without a look that turn the direction of what follows, on whatever page it stands, or hide within a word.
_UNSEEN = dict.fromkeys([0x200B, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF])
_NO_DATES = frozenset(["0000-00-00", "00000000", "0", "9999-12-31", "99991231", "1900-01-01", "19000101", "01.01.1900"])
_NOBODY = frozenset(["none", "no", "test", "noreply", "no-reply", "nobody", "unknown", "na"])  # before the @
_NOWHERE = frozenset(["none", "noemail", "nomail", "unknown"])  # after it
_EMAIL = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\"]+\.[^@\s.,;<>()\"]{2,}")
_HOST = re.compile(r"(?=.{4,253}$)([^\s./:@_]([^\s./:@]{0,61}[^\s./:@])?\.)+[^\s./:@\d]{2,}")
# Names of countries at home, and others that are no ISO name.
_COUNTRY_NAMES = {
    "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB", "great britain": "GB",
    "usa": "US", "us": "US",
    "united states of america": "US", "america": "US", "deutschland": "DE", "österreich": "AT", "schweiz": "CH",
    "suisse": "CH", "svizzera": "CH",
    "españa": "ES", "italia": "IT", "polska": "PL", "nederland": "NL", "the netherlands": "NL", "holland": "NL",
    "belgië": "BE", "belgique": "BE",
    "sverige": "SE", "norge": "NO", "danmark": "DK", "suomi": "FI", "éire": "IE", "republic of ireland": "IE",
    "ελλάδα": "GR", "hellas": "GR",
    "россия": "RU", "russia": "RU", "україна": "UA", "türkiye": "TR", "turkey": "TR", "brasil": "BR", "méxico": "MX",
    "perú": "PE", "日本": "JP",
    "中国": "CN", "pr china": "CN", "prc": "CN", "mainland china": "CN", "台灣": "TW", "한국": "KR",
    "south korea": "KR",
    "korea": "KR", "مصر": "EG",
    "uae": "AE", "bharat": "IN", "česko": "CZ", "czech republic": "CZ", "magyarország": "HU", "hong kong sar": "HK",
}  # fmt: skip
_SCRIPTS = {
    "Latin": "Latn", "Cyrillic": "Cyrl", "Greek": "Grek", "Arabic": "Arab", "Hebrew": "Hebr", "Han": "Hani",
    "Hiragana": "Jpan", "Katakana": "Jpan",
    "Hangul": "Kore", "Devanagari": "Deva", "Thai": "Thai", "Georgian": "Geor", "Armenian": "Armn", "Bengali": "Beng",
    "Tamil": "Taml",
}  # fmt: skip
_PLAIN_HOST = re.compile(r"(?:https?://)?([a-z\d.-]+)/?", re.ASCII)
_NO_DIGIT = re.compile(r"\D")
_ASCII_DIGITS = {sign: sign if chr(sign).isdigit() else None for sign in range(128)}
_PLAIN_NUMBER = re.compile(r"\+[\d ()./-]+", re.ASCII)
_LETTER = re.compile(r"[A-Za-z]")
_LARGEST_NUMBER = 2**53  # what JSON carries whole from one program to another
_GENDERS = {
    "m": "male",
    "male": "male",
    "f": "female",
    "w": "female",
    "female": "female",
    "x": "other",
    "d": "other",
    "other": "other",
}


def clean(text: str) -> str:
    """`text` composed (NFC), white space folded, without unseen signs; "" where it stands for nothing."""
    text = " ".join((text if text.isascii() else unicodedata.normalize("NFC", text.translate(_UNSEEN))).split())
    return "" if len(text) < 15 and text.casefold() in _NOTHING else text


def known(text: str) -> str:
    """A cleaned text that is no name; "" where it is a word for nothing."""
    return "" if len(text) < 8 and text.casefold() in _VAGUE else text


@cache
def _iso_countries() -> dict[str, str]:
    names: dict[str, str] = {}
    for country in pycountry.countries:
        for field in ("alpha_2", "alpha_3", "name", "official_name", "common_name"):
            name = getattr(country, field, None)
            if name:
                names[name.casefold()] = country.alpha_2
    return names | _COUNTRY_NAMES | {"xk": "XK"}


@lru_cache(maxsize=4096)
def country(text: str) -> str:
    """The ISO 3166-1 alpha-2 code of a country's code or name, in whatever language; "" where none is meant."""
    folded = text.casefold().strip()
    code = _iso_countries().get(folded) or _iso_countries().get(folded.replace(".", ""))
    if code or len(folded) < 3:
        return code or ""
    if re.fullmatch(r"[a-z]{2}-[a-z0-9]{1,3}", folded):  # a subdivision, ISO 3166-2
        return _iso_countries().get(folded[:2], "")
    territory = lookup_territory(text)
    return _iso_countries().get(territory.code[:2], "") if territory else ""


@lru_cache(maxsize=4096)
def region(text: str) -> str:
    """A region; an ISO 3166-2 code without its country (US-MA → MA)."""
    return text[3:] if re.fullmatch(r"[A-Z]{2}-[A-Z0-9]{1,3}", text) else text


def digits_of(text: str) -> str:
    """The digits in `text`, whatever script they are in, as 0–9."""
    return text.translate(_ASCII_DIGITS) if text.isascii() else _NO_DIGIT.sub("", unicodedata.normalize("NFKC", text))


def phone(text: str, region_code: str) -> str:
    """E.164 where the number can be read; else its digits. "" for a placeholder or what is no number.

    `region_code` (ISO 3166-1 alpha-2) says where a number without country code would be dialled.
    """
    digits = digits_of(text)
    if len(digits) < 6 or len(set(digits.lstrip("0")[1:])) < 2:
        return ""
    if text.startswith("00"):
        text, plain = "+" + text[2:].lstrip(), digits[2:]
    else:
        plain = digits
    if text.startswith("+") and _PLAIN_NUMBER.fullmatch(text) and (international := _international(plain)):
        return international
    return _dialled(text, region_code) or digits


@lru_cache(maxsize=65_536)
def _dialled(text: str, region_code: str) -> str:
    """E.164 of a number in any spelling; "" where it cannot be one."""
    try:
        number = phonenumbers.parse(text, region_code or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@cache
def _dialling() -> dict[str, tuple[frozenset[int], re.Pattern[str] | None]]:
    """By country code: the lengths of national numbers, and what may stand before them at home."""
    plan = {}
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, regions[0])
        if metadata is not None and metadata.general_desc is not None:
            prefix = metadata.national_prefix_for_parsing
            lengths = frozenset(metadata.general_desc.possible_length)
            plan[str(code)] = lengths, re.compile(prefix) if prefix else None
    return plan


def _international(digits: str) -> str:
    """E.164 of a number written with its country code and nothing doubtful about it; "" where the library must look.

    Reading a number with the library takes longer than all else in a row together, and most are plain.
    """
    plan = _dialling()
    for size in (1, 2, 3):
        known = plan.get(digits[:size])
        if known:
            lengths, prefix = known
            national = digits[size:]
            plain = (
                len(national) in lengths and not national.startswith("0") and not (prefix and prefix.match(national))
            )
            return f"+{digits}" if plain else ""
    return ""


def email(text: str) -> str:
    """An e-mail address in small letters; "" for a placeholder or what is none."""
    address = text.removeprefix("mailto:").strip("<> ").lower()
    if not _EMAIL.fullmatch(address):
        return ""
    name, _, host = address.partition("@")
    return "" if name in _NOBODY or host.partition(".")[0] in _NOWHERE else address


def website(text: str) -> str:
    """The host of a web address, without www.; "" where there is none."""
    if plain := _PLAIN_HOST.fullmatch(text):
        host = plain[1]
    else:
        try:
            host = urlsplit(text if "://" in text else f"//{text}").hostname or ""
        except ValueError:
            return ""
    host = host.removeprefix("www.").rstrip(".")
    return host if _HOST.fullmatch(host) else ""


@lru_cache(maxsize=65_536)
def day(text: str, formats: tuple[str, ...] = ()) -> date | None:
    """A day, written as ISO 8601 (a time after it is dropped) or in one of `formats`; None for a placeholder.

    Raises ValueError for a day that does not exist and for what is no date.
    """
    if text in _NO_DATES:
        return None
    try:
        found = date.fromisoformat(text[:10] if text[10:11] in ("T", " ") else text)
    except ValueError:
        found = _by_formats(text, formats).date()
    return None if found.year <= 1 or (found.year, found.month, found.day) in ((1900, 1, 1), (9999, 12, 31)) else found


@lru_cache(maxsize=65_536)
def moment(text: str, formats: tuple[str, ...] = ()) -> datetime | None:
    """A point in time in UTC, written as ISO 8601 or in one of `formats`; a day alone begins at midnight UTC.

    Raises ValueError for one that does not exist and for what is none.
    """
    if text in _NO_DATES:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _by_formats(text, formats)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _by_formats(text: str, formats: tuple[str, ...]) -> datetime:
    for pattern in formats:
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    raise ValueError(f"{text} is no date that exists")


def script(text: str) -> str:
    """The ISO 15924 code of the script that most of `text` is written in; "" where it has no letters."""
    if text.isascii():
        return "Latn" if _LETTER.search(text) else ""
    return _foreign_script(text)


@lru_cache(maxsize=65_536)
def _foreign_script(text: str) -> str:
    found = text_scripts(text)
    if found & {"Hiragana", "Katakana"}:
        return "Jpan"
    if len(found) > 1:
        letters = [next(iter(text_scripts(sign)), "") for sign in text if sign.isalpha()]
        return _SCRIPTS.get(max(sorted(set(letters)), key=letters.count), "Zyyy") if letters else ""
    return _SCRIPTS.get(next(iter(found)), "Zyyy") if found else ""


def gender(text: str) -> str:
    """male, female or other; "" for anything else."""
    return _GENDERS.get(text.casefold(), "")


def number(text: str) -> int | None:
    """A whole number, thousands set apart by comma, point, space or apostrophe; None for what is none."""
    if not re.fullmatch(r"\d{1,3}([., '’\u00a0]\d{3})+|\d+(\.0+)?", text):
        return None
    found = int(re.sub(r"\D", "", re.sub(r"\.0+$", "", text) if re.fullmatch(r"\d+\.0+", text) else text))
    return found if found <= _LARGEST_NUMBER else None
