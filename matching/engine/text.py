"""Small pure functions that bring one text to its comparison form. Results are for comparing, never for keeping."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from rigour.text import metaphone

from matching.engine.vocabulary.words import PLACEHOLDERS
from party_hub.domain.names import in_latin_letters

_SEPARATORS = re.compile(r"[^0-9a-z]+")
_DROPPED = re.compile(r"[.'`’ʼ]")
# The same for ASCII, where a table is faster.
_ASCII = [chr(code) for code in range(128)]
_PLAIN = {ord(sign): sign.lower() if sign.isalnum() else None if sign in ".'`" else " " for sign in _ASCII}
_DIGITS = {ord(sign): sign if sign.isdigit() else None for sign in _ASCII}
_FOLDS = (
    ("ae", "a"),
    ("oe", "o"),
    ("ue", "u"),
    ("ph", "f"),
    ("sch", "s"),
    ("sh", "s"),
    ("ck", "k"),
    ("kh", "h"),
    ("zh", "z"),
    ("y", "i"),
    ("w", "v"),
)


def _no_mark(character: str) -> bool:
    return not unicodedata.combining(character)


def plain(text: str) -> str:
    """Lower-case Latin letters and digits, single spaces: other scripts are transliterated, marks taken off."""
    if not text.isascii():
        text = "".join(filter(_no_mark, unicodedata.normalize("NFKD", text)))
        if not text.isascii():
            text = in_latin_letters(text)
            if not text.isascii():
                return _SEPARATORS.sub(" ", _DROPPED.sub("", text.lower())).strip()
    return " ".join(text.translate(_PLAIN).split())


def words(text: str) -> list[str]:
    """The words of a text in comparison form; none where it only holds a place ("n/a")."""
    form = plain(text)
    return [] if form in PLACEHOLDERS else form.split()


def digits(text: str) -> str:
    """The decimal digits of a text, in any script."""
    if text.isascii():
        return text.translate(_DIGITS)
    return "".join(str(int(character)) for character in text if character.isdecimal())


def holds_place(code: str) -> bool:
    """True for a code that only fills a field: one sign over and over, or digits in a row (999999999, 123456789)."""
    if len(set(code)) <= 1:
        return True
    return code.isdigit() and len(code) > 4 and (code in "01234567890123456789" or code in "98765432109876543210")


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """How a word sounds, roughly: metaphone over common spelling variants folded together; a short word stands for
    itself."""
    if len(word) < 3 or word.isdigit():
        return word
    return metaphone(fold(word)) or word


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """A word with usual transliteration variants folded and doubled letters taken once."""
    for variant, kept in _FOLDS:
        word = word.replace(variant, kept)
    return re.sub(r"(.)\1+", r"\1", word)


def _nickname_groups(lines: Iterable[str]) -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(lines):
        for name in line.split("#")[0].split():
            groups.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in groups.items()}


NICKNAMES = _nickname_groups((Path(__file__).parent / "vocabulary" / "nicknames.txt").read_text().splitlines())
_NO_GROUP: frozenset[int] = frozenset()


def nickname_groups(name: str) -> frozenset[int]:
    """Numbers of the nickname groups that a given name belongs to; two that share one may be one person's."""
    return NICKNAMES.get(name, _NO_GROUP)
