"""What the readers of all formats give: chunks of a file, and the rows of one."""

from dataclasses import dataclass, field

CHUNK = 8 << 20  # bytes; about 40,000 rows of a feed, which take a worker some 200 MB
LONGEST_ROW = 64 << 20  # bytes; a quote that is not closed would make one row of all that follows


class EndlessRow(Exception):
    """A row is longer than any row of a feed; the text is the number of its line."""


@dataclass(frozen=True)
class Chunk:
    """A range of bytes that holds whole rows. `first_line` is the number of its first row.

    In XML, `above` are the elements that are open where it begins, and `encoding` is what the document declares.
    """

    number: int
    offset: int
    length: int
    first_line: int
    rows: int
    above: tuple[str, ...] = ()
    encoding: str = ""


@dataclass
class Rows:
    """The rows of a chunk, column by column; None or "" where a cell is empty.

    `broken` are the rows that could not be taken apart: their numbers and their text.
    """

    lines: list[int]
    columns: list[list[str | None]]
    broken: list[tuple[int, str]] = field(default_factory=list)


class Chunks:
    """Gathers chunks as a reader passes over the rows of a file."""

    def __init__(self, offset: int, line: int):
        self._found: list[Chunk] = []
        self._offset, self._line, self._next = offset, line, line
        self._above: tuple[str, ...] = ()
        self._encoding = ""

    def row_begins(self, at: int, above: tuple[str, ...], encoding: str) -> None:
        """A row begins at this offset below these elements; what is before it is closed where it is large enough."""
        if at - self._offset >= CHUNK or self._next == self._line:
            self.close(at)
            self._offset, self._above, self._encoding = at, above, encoding
        self._next += 1

    def rows_end(self, at: int, rows: int) -> None:
        """So many more rows end at this offset; the chunk is closed where it is large enough."""
        self._next += rows
        if at - self._offset >= CHUNK:
            self.close(at)

    def close(self, at: int) -> list[Chunk]:
        """End the chunk at hand at this offset, if it has any rows; gives all chunks."""
        if self._next > self._line:
            length, rows = at - self._offset, self._next - self._line
            number = len(self._found)
            self._found.append(Chunk(number, self._offset, length, self._line, rows, self._above, self._encoding))
            self._offset, self._line = at, self._next
        return self._found
