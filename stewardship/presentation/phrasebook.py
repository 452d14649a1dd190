"""Sentences that other rooms keep in English, known again and said in the reader's language.

A phrase is a text with places, `%(place)s`, as translators know it. What fills the places is read out of the English
sentence and put into the translated one.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from .wording import gettext

# The text, where needed after the regular expression by which it is known.
Phrase = str | tuple[str, str]
_PLACE = re.compile(r"%\((\w+)\)s")
_ANYTHING = ".+?"


class Phrasebook:
    """Phrases, the first that fits being the one. A phrase stands where `end`, a regular expression, comes after it.

    `shapes` are regular expressions of what a place may hold, where that is not just anything; `words` say what is in
    a place, which otherwise stays as it is.
    """

    def __init__(
        self,
        phrases: Iterable[Phrase],
        *,
        end: str,
        shapes: Mapping[str, str] | None = None,
        words: Mapping[str, Callable[[str], str]] | None = None,
    ):
        self._phrases, self._end, self._shapes, self._words = phrases, end, shapes or {}, words or {}

    def find(self, said: str, at: int = 0) -> tuple[str, int] | None:
        """The phrase that begins at `at`, in the reader's language, and where it ends; None where none is known."""
        for pattern, text in self._known:
            if found := pattern.match(said, at):
                places = {name: self._words.get(name, str)(held) for name, held in found.groupdict().items()}
                return (gettext(text) % places if places else gettext(text)), found.end()
        return None

    @cached_property
    def _known(self) -> list[tuple[re.Pattern[str], str]]:
        phrases = ((self._shape(one), one) if isinstance(one, str) else one for one in self._phrases)
        return [(re.compile(f"(?:{pattern}){self._end}"), text) for pattern, text in phrases]

    def _shape(self, text: str) -> str:
        """The regular expression of a phrase."""
        parts = _PLACE.split(text)  # text, place, text, place, …, text
        return "".join(
            f"(?P<{part}>{self._shapes.get(part, _ANYTHING)})" if at % 2 else re.escape(part.replace("%%", "%"))
            for at, part in enumerate(parts)
        )
