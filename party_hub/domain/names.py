"""Names as they are searched: Latin script, small letters, no accents."""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rigour.text.translit import ascii_text


def _in_ascii(name: str) -> str:
    """`name` in ASCII. Accents come off quickly; only what has no plain letter underneath needs a transliterator."""
    if name.isascii():
        return name
    bare = "".join([char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char)])
    return bare if bare.isascii() else ascii_text(name)


@lru_cache(maxsize=65_536)
def search_form(name: str) -> str:
    """`name` transliterated to Latin letters, in small letters, white space folded."""
    return " ".join(_in_ascii(name).casefold().split())


def search_names(names: Iterable[Mapping[str, str]]) -> str:
    """The search forms of all names, each once, a line each, in order."""
    return "\n".join(dict.fromkeys([search_form(name["full"]) for name in names if name.get("full")]))
