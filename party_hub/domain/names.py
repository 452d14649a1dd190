"""Names as they are searched: Latin script, small letters, no accents."""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rigour.text.translit import ascii_text, maybe_ascii

# Words come again and again, and to write one in Latin letters takes a hundred times as long as to look it up.
_known_word = lru_cache(maxsize=100_000)(maybe_ascii)


def in_latin_letters(text: str) -> str:
    """As rigour's `ascii_text` but for capitals, where a text does not mix alphabets: these it goes through word by
    word; what is in other scripts it needs as a whole.
    """
    found = " ".join([word if word.isascii() else _known_word(word) for word in text.split(" ")])
    return found if found.isascii() else ascii_text(text)


def _in_ascii(name: str) -> str:
    """`name` in ASCII. Accents come off quickly; only what has no plain letter underneath needs a transliterator."""
    if name.isascii():
        return name
    bare = "".join([char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char)])
    return bare if bare.isascii() else in_latin_letters(name)


@lru_cache(maxsize=65_536)
def search_form(name: str) -> str:
    """`name` transliterated to Latin letters, in small letters, white space folded."""
    return " ".join(_in_ascii(name).casefold().split())


def search_names(names: Iterable[Mapping[str, str]]) -> str:
    """The search forms of all names, each once, a line each, in order."""
    return "\n".join(dict.fromkeys([search_form(name["full"]) for name in names if name.get("full")]))
