"""Texts in the reader's language, each looked up in the catalogues once: a page says the same few a hundred times."""

from functools import lru_cache

from django.utils import translation


def gettext(text: str) -> str:
    """As Django's."""
    return _said(text, translation.get_language())


@lru_cache(maxsize=4096)
def _said(text: str, _language: str | None) -> str:
    return translation.gettext(text)
