"""Delimited text (CSV): cells may be quoted, and hold delimiters, doubled quotes and line ends within their quotes.

Rows count as a spreadsheet counts them: the header is 1, and a blank line is a row that is passed over.
"""

import csv
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from ingestion.mapping.adapter import Format

from .chunk import CHUNK, Chunk, Chunks, Rows

csv.field_size_limit(sys.maxsize)  # a long cell is a matter of the row, not of the file


class _Feed:
    """Gives the parser its lines, and knows how far into the file it has come."""

    def __init__(self, lines: Iterable[bytes], encoding: str):
        self._lines, self._encoding = iter(lines), encoding
        self._pending: list[str] = []
        self.at = 0

    def line(self) -> bytes:
        """The next line as it is; b"" at the end."""
        line = next(self._lines, b"")
        self.at += len(line)
        return line

    def give_back(self, line: bytes) -> None:
        """Let the parser have this line next."""
        # A lone carriage return ends a line too.
        self._pending += reversed(list(io.StringIO(line.decode(self._encoding), newline="")))

    @property
    def drained(self) -> bool:
        """True where the parser has had all of the lines that were given back."""
        return not self._pending

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self._pending:
            line = self.line()
            if not line:
                raise StopIteration
            self.give_back(line)
        return self._pending.pop()


def chunks(path: Path, layout: Format, progress: Callable[[int], None] = lambda done: None) -> list[Chunk]:
    """The chunks of the rows below the header. `progress` is told how many bytes are done."""
    with path.open("rb") as file:
        feed = _Feed(file, layout.encoding)
        parser = csv.reader(feed, delimiter=layout.delimiter)
        line = 0
        for row in parser:  # the header may have blank lines before it
            line += 1
            if row:
                break
        found, told = Chunks(feed.at, line + 1), 0
        while text := feed.line():
            rows = 1
            if b'"' in text or text.count(b"\r") > text.endswith(b"\r\n"):
                feed.give_back(text)
                rows = 0
                while not feed.drained:
                    next(parser)
                    rows += 1
            found.rows_end(feed.at, rows)
            if feed.at - told >= CHUNK:
                told = feed.at
                progress(told)
        return found.close(feed.at)


def read(data: bytes, chunk: Chunk, layout: Format, columns: Sequence[str], wanted: Sequence[str]) -> Rows:
    """The rows of a chunk; what has not as many cells as the header is broken."""
    text = data.decode(layout.encoding)
    parsed = list(csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter))
    width, first_line = len(columns), chunk.first_line
    at = [columns.index(column) for column in wanted]
    odd = {place for place, row in enumerate(parsed) if len(row) != width}
    if not odd:
        by_column = list(zip(*parsed, strict=True))
        lines = list(range(first_line, first_line + len(parsed)))
        return Rows(lines, [list(by_column[place]) if by_column else [] for place in at])
    good = [row for place, row in enumerate(parsed) if place not in odd]
    by_column = list(zip(*good, strict=True)) or [()] * width
    lines = [first_line + place for place in range(len(parsed)) if place not in odd]
    broken = [
        (first_line + place, row_text)
        for place, row_text in _texts(text, layout)
        if place in odd and row_text.strip("\r\n")
    ]
    return Rows(lines, [list(by_column[place]) for place in at], broken)


def _texts(text: str, layout: Format) -> Iterator[tuple[int, str]]:
    """Each row's place and its text as it stands in the file."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    for place, _ in enumerate(csv.reader(lines(), delimiter=layout.delimiter)):
        yield place, "".join(taken).rstrip("\r\n")
        taken.clear()
