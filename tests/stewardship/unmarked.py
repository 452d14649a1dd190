"""Finds what a template says without marking it for translation."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import DebugLexer, Token, TokenType

NOT_READ = {"script", "style", "kbd", "code"}
READ_ALOUD = {"aria-label", "title", "placeholder", "alt"}
WORD = re.compile(r"[^\W\d_]{2,}")
# A text that is handed to a component or stands in for nothing: include … title="…", |default:"…".
LITERAL = re.compile(r"""\b(?:title|text|label|unit|(?<!type\|)default|default_if_none|yesno)[=:]"([^"]*)\"""")


class _Reader(HTMLParser):
    """Collects what people read or hear of a page whose template tags were taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in NOT_READ:
            self.inside.append(tag)
        self.said += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.said.append(data)


def unmarked(template: Path) -> list[str]:
    """The texts of a template that have words and are not marked, in their order."""
    tokens = list(DebugLexer(template.read_text()).tokenize())
    reader = _Reader()
    reader.feed("".join(token.contents for token in _outside_marks(tokens) if token.token_type is TokenType.TEXT))
    literals = [
        text for token in tokens if token.token_type is not TokenType.TEXT for text in LITERAL.findall(token.contents)
    ]
    return [" ".join(text.split()) for text in (*reader.said, *literals) if WORD.search(text)]


def _outside_marks(tokens: list[Token]) -> Iterator[Token]:
    within = False
    for token in tokens:
        if token.token_type is TokenType.BLOCK:
            begins = token.contents.startswith("blocktrans")
            within = begins or (within and not token.contents.startswith("endblocktrans"))
        elif not within:
            yield token
