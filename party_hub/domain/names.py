"""Names as they are searched: Latin script, small letters, no accents."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from rigour.text.translit import ascii_text


@lru_cache(maxsize=65_536)
def search_form(name: str) -> str:
    """`name` transliterated to Latin letters, in small letters, white space folded."""
    return " ".join(ascii_text(name).casefold().split())


def search_names(names: Iterable[Mapping[str, str]]) -> str:
    """The search forms of all names, each once, a line each, in order."""
    return "\n".join(dict.fromkeys(search_form(name["full"]) for name in names if name.get("full")))
