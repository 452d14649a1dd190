"""The word lists of `words.toml`, ready to look words up in."""

import tomllib
from pathlib import Path

_LISTS = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def _words(name: str) -> frozenset[str]:
    return frozenset(_LISTS[name].split())


def _variants(name: str) -> dict[str, str]:
    """Each variant with the form that stands for all."""
    return {variant: form for form, variants in _LISTS[name].items() for variant in variants}


GENERATIONS = _variants("generations")
SUFFIXES = _words("suffixes")
LEGAL_LEFTOVERS = _words("legal_leftovers")
ARTICLES = _words("articles")
JOINERS = _words("joiners")
ORGANISATION_WORDS = _variants("organisation_words")
STREET_WORDS = _variants("street_words")
STREET_ENDINGS = _variants("street_endings")
UNIT_WORDS = _words("unit_words")
PLACEHOLDERS = frozenset(_LISTS["placeholders"])
FREE_MAIL = _words("free_mail")
ROLE_MAILBOXES = _words("role_mailboxes")
COUNTRY_NAMES = _variants("country_names")
