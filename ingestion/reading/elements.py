"""XML: each row is an element, its columns are the elements within, named by their paths (`address.city`).

A document type is refused: entities are declared nowhere else. So is what would make a small document a large one in
memory: elements that nest as no feed's do.
"""

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from ingestion.mapping.adapter import Format

from .chunk import Chunk, Chunks, Rows

_BLOCK = 1 << 20
_DEEPEST = 100  # elements within each other
_MOST_PATHS = 10_000  # columns
_NO_FEED = "which no feed's file has. Mend its export"


class Unreadable(Exception):
    """The document is not to be read, or cannot be.

    The text goes on from the file's name, says why, and ends with what to do before the file is sent again.
    """


@dataclass
class Elements:
    """What a pass over a document finds: the paths within its rows, in their order, and where the rows are."""

    paths: dict[str, None] = field(default_factory=dict)
    chunks: list[Chunk] = field(default_factory=list)


def scan(path: Path, layout: Format, progress: Callable[[int], None] = lambda done: None) -> Elements:
    """Pass over the whole document. Raises expat.ExpatError where it is not well-formed, and Unreadable."""
    try:
        with path.open("rb") as file:
            scanner = _Scanner(layout.row, _wide(file.read(2)))
            file.seek(0)
            while block := file.read(_BLOCK):
                scanner.parser.Parse(block, False)
                progress(file.tell())
        scanner.parser.Parse(b"", True)
    except (LookupError, ValueError) as problem:  # as Python says of what expat does not know itself
        raise Unreadable("is written in an encoding that cannot be read here. Save it as UTF-8") from problem
    return Elements(scanner.paths, scanner.chunks(path.stat().st_size))


def _wide(head: bytes) -> str:
    """UTF-16 and its order of bytes, by the first sign of a document: a byte order mark or `<`. "" where it is not."""
    return {b"\xff\xfe": "UTF-16LE", b"<\x00": "UTF-16LE", b"\xfe\xff": "UTF-16BE", b"\x00<": "UTF-16BE"}.get(head, "")


class _Scanner:
    """Follows the elements; a chunk ends where a row begins."""

    def __init__(self, row: str, wide: str):
        self.paths: dict[str, None] = {}
        self._row, self._path, self._above = row, list[str](), list[str]()
        self._inside, self._encoding = False, wide
        self._found: Chunks | None = None
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = _refuse
        self.parser.XmlDeclHandler = self._declared
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._finish

    def chunks(self, size: int) -> list[Chunk]:
        """All chunks of a document of so many bytes."""
        return self._found.close(size) if self._found else []

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        self._encoding = self._encoding or encoding or ""

    def _start(self, name: str, _: object) -> None:
        plain = name.rpartition(":")[2]
        if self._inside:
            self._path.append(plain)
            self._check()
            self.paths[".".join(self._path)] = None
        elif plain == self._row:
            self._inside = True
            if self._found is None:
                self._found = Chunks(self.parser.CurrentByteIndex, 1)
            self._found.row_begins(self.parser.CurrentByteIndex, tuple(self._above), self._encoding)
        else:
            self._above.append(name)
            self._check()

    def _check(self) -> None:
        if len(self._above) + len(self._path) > _DEEPEST:
            raise Unreadable(f"has more than {_DEEPEST} elements within each other, {_NO_FEED}")
        if len(self.paths) > _MOST_PATHS:
            raise Unreadable(f"has rows of more than {_MOST_PATHS:,} different elements, {_NO_FEED}")

    def _finish(self, name: str) -> None:
        if self._path:
            self._path.pop()
        elif self._inside:
            self._inside = False
        else:
            self._above.pop()


def _refuse(*_: object) -> None:
    raise Unreadable(
        "declares a document type, which this feed does not take (it could hide entities). Leave its DOCTYPE out"
    )


def read(data: bytes, chunk: Chunk, layout: Format, wanted: Sequence[str], lines: Container[int] | None = None) -> Rows:
    """The rows of a chunk; of `lines` alone where they are given and can be found without parsing the others."""
    numbers = list(range(chunk.first_line, chunk.first_line + chunk.rows))
    starts = [] if lines is None else _starts(data, chunk, layout)
    if lines is None or not starts:
        rows = _rows(data, chunk.rows, chunk, layout, wanted)
    else:
        numbers = [line for line in numbers if line in lines]
        places = [line - chunk.first_line for line in numbers]
        rows = [_rows(data[starts[at] : starts[at + 1]], 1, chunk, layout, wanted)[0] for at in places]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in wanted]
    return Rows(numbers, columns)


def _starts(data: bytes, chunk: Chunk, layout: Format) -> list[int]:
    """Where the chunk's rows begin, and where it ends; [] where that cannot be told from its bytes.

    Outside comments and the like a `<` begins a tag. That of every row is among those with the rows' name, so there are
    as many of them only if no others are.
    """
    if chunk.encoding.lower() not in ("", "utf-8") or b"<!" in data or b"<?" in data:
        return []
    found = re.finditer(rb"<(?:[^\s<>/]*:)?%b[\s/>]" % re.escape(layout.row.encode()), data)
    starts = [tag.start() for tag in found]
    return [*starts, len(data)] if len(starts) == chunk.rows else []


def _rows(data: bytes, count: int, chunk: Chunk, layout: Format, wanted: Sequence[str]) -> list[list[str | None]]:
    """The cells of the rows in `data`, which is parsed as if the elements above it had just been opened."""
    reader = _Reader(layout.row, wanted, chunk.encoding)
    opening = "".join(f"<{name}>" for name in chunk.above)
    reader.parser.Parse(f"<rows>{opening}".encode(chunk.encoding or "utf-8"), False)
    try:
        reader.parser.Parse(data, False)
    except expat.ExpatError:
        if len(reader.rows) < count:  # else it is the end of what stands above the rows
            raise
    if len(reader.rows) != count:
        raise RuntimeError(f"{count} rows were found from row {chunk.first_line} on, and {len(reader.rows)} read.")
    return reader.rows


class _Reader:
    """Notes the text of each wanted path, of several with one path the first."""

    def __init__(self, row: str, wanted: Sequence[str], encoding: str):
        self.rows: list[list[str | None]] = []
        self._row, self._at = row, {path: at for at, path in enumerate(wanted)}
        self._inside, self._path, self._text = False, "", list[str]()
        self._cells: list[str | None] = []
        self.parser = expat.ParserCreate(encoding or None)
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._finish
        self.parser.CharacterDataHandler = self._text.append

    def _start(self, name: str, _: object) -> None:
        name = name.rpartition(":")[2]
        if self._inside:
            self._path = f"{self._path}.{name}" if self._path else name
            self._text.clear()
        elif name == self._row:
            self._inside, self._cells = True, [None] * len(self._at)

    def _finish(self, name: str) -> None:
        if not self._inside:
            return
        if not self._path:
            self._inside = False
            self.rows.append(self._cells)
            return
        at = self._at.get(self._path)
        if at is not None and self._cells[at] is None:
            self._cells[at] = "".join(self._text)
        self._path = self._path.rpartition(".")[0]
        self._text.clear()
