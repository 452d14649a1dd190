"""Delimited text (CSV): cells may be quoted, and hold delimiters, doubled quotes and line ends within their quotes.

Rows count as a spreadsheet counts them: the header is 1, and a blank line is a row that is passed over.
"""

import csv
import io
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv

from ingestion.mapping.adapter import Format

from .chunk import CHUNK, LONGEST_ROW, Chunk, Chunks, EndlessRow, Rows

csv.field_size_limit(sys.maxsize)  # a long cell is a matter of the row, not of the file


class _Feed:
    """Gives the parser its lines, and knows how far into the file it has come."""

    def __init__(self, lines: Iterable[bytes], encoding: str):
        self._lines, self._encoding = iter(lines), encoding
        self._pending: list[str] = []
        self._row, self._row_at = 1, 0
        self.at = 0

    def line(self) -> bytes:
        """The next line as it is; b"" at the end."""
        line = next(self._lines, b"")
        self.at += len(line)
        return line

    def begin_row(self, number: int, at: int) -> None:
        """Note where the row begins that the parser is at."""
        self._row, self._row_at = number, at

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
            if self.at - self._row_at > LONGEST_ROW:
                raise EndlessRow(self._row)
            self.give_back(line)
        return self._pending.pop()


def chunks(path: Path, layout: Format, progress: Callable[[int], None] = lambda done: None) -> list[Chunk]:
    """The chunks of the rows below the header. `progress` is told how many bytes are done. Raises EndlessRow."""
    with path.open("rb") as file:
        feed = _Feed(iter(lambda: file.readline(LONGEST_ROW), b""), layout.encoding)
        parser = csv.reader(feed, delimiter=layout.delimiter)
        line = 0
        for row in parser:  # the header may have blank lines before it
            line += 1
            if row:
                break
        found, told = Chunks(feed.at, line + 1), 0
        while text := feed.line():
            rows = 1
            line += 1
            if len(text) == LONGEST_ROW:
                raise EndlessRow(line)
            if b'"' in text or text.count(b"\r") > text.endswith(b"\r\n"):
                feed.begin_row(line, feed.at - len(text))
                feed.give_back(text)
                rows = 0
                while not feed.drained:
                    next(parser)
                    rows += 1
                line += rows - 1
            found.rows_end(feed.at, rows)
            if feed.at - told >= CHUNK:
                told = feed.at
                progress(told)
        return found.close(feed.at)


def read(
    data: bytes,
    chunk: Chunk,
    layout: Format,
    columns: Sequence[str],
    wanted: Sequence[str],
    lines: Container[int] | None = None,
) -> Rows:
    """The rows of a chunk, of `lines` alone where they are given; what has not as many cells as the header is
    broken.
    """
    if rows := _at_once(data, chunk, layout, columns, wanted, lines):
        return rows
    text = data.decode(layout.encoding)
    parser = csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter)
    numbered = enumerate(parser, chunk.first_line)
    parsed = [(line, row) for line, row in numbered if lines is None or line in lines]
    width = len(columns)
    odd = {line for line, row in parsed if len(row) != width}
    good = [(line, row) for line, row in parsed if line not in odd] if odd else parsed
    by_column = list(zip(*(row for _, row in good), strict=True)) or [()] * width
    broken = [
        (line, row_text)
        for line, row_text in (_texts(text, chunk, layout) if odd else ())
        if line in odd and row_text.strip("\r\n")
    ]
    return Rows([line for line, _ in good], [list(by_column[columns.index(column)]) for column in wanted], broken)


def _at_once(
    data: bytes,
    chunk: Chunk,
    layout: Format,
    columns: Sequence[str],
    wanted: Sequence[str],
    lines: Container[int] | None = None,
) -> Rows | None:
    """The rows of a chunk in which nothing is odd, by Arrow's parser, which is faster and makes no cells that nobody
    wants; None where a row is blank or has not as many cells as the header.

    It agrees with Python's on quotes and line ends. A byte order mark at the beginning it would drop.
    """
    if layout.encoding != "utf-8" or not layout.delimiter.isascii() or data.startswith(BOM_UTF8):
        return None
    places = [str(columns.index(column)) for column in wanted]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(data),
            arrow_csv.ReadOptions(
                use_threads=False, block_size=len(data) + 1, column_names=[str(at) for at in range(len(columns))]
            ),
            arrow_csv.ParseOptions(delimiter=layout.delimiter, newlines_in_values=True),
            arrow_csv.ConvertOptions(
                include_columns=list(dict.fromkeys(places)), column_types=dict.fromkeys(places, pa.string())
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != chunk.rows:
        return None
    numbers = list(range(chunk.first_line, chunk.first_line + chunk.rows))
    if lines is not None:
        numbers = [line for line in numbers if line in lines]
        table = table.take(pa.array([line - chunk.first_line for line in numbers], pa.int64()))
    return Rows(numbers, [table[place].to_numpy().tolist() for place in places])


def _texts(text: str, chunk: Chunk, layout: Format) -> Iterator[tuple[int, str]]:
    """Each row's line and its text as it stands in the file."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    for line, _ in enumerate(csv.reader(lines(), delimiter=layout.delimiter), chunk.first_line):
        yield line, "".join(taken).rstrip("\r\n")
        taken.clear()
