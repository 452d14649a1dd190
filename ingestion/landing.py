"""A file's examination before it is let in: is it whole, is it what its feed promises, and is it safe to read?

Streams once through the file. What is wrong with the file as a whole is said here in one sentence; what is wrong with
single rows comes later and costs only those rows.
"""

import codecs
import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from .mapping.adapter import Adapter, Kind, folded
from .reading import delimited, elements, json_lines
from .reading.chunk import LONGEST_ROW, Chunk, EndlessRow

_BLOCK = 1 << 20
_LONGEST_HEADER = 1 << 20
_HEAD = 4096
_EMPTY = "Export it anew, with its rows, and send it again."


class BadFile(Exception):
    """The file cannot be loaded; the text says why, where and what to do, for the person who sent it."""


@dataclass(frozen=True)
class Examined:
    """What the file holds. `columns` are its own, in order; `named` gives its name for each that the adapter reads."""

    columns: list[str]
    named: dict[str, str]
    chunks: list[Chunk]

    @property
    def rows(self) -> int:
        """How many rows the file has, good, bad and blank."""
        return sum(chunk.rows for chunk in self.chunks)


def examine(path: Path, adapter: Adapter, progress: Callable[[int], None] = lambda done: None) -> Examined:
    """Examine a file on this machine. Raises BadFile. `progress` is told how many bytes are done."""
    if path.stat().st_size == 0:
        raise BadFile(f"{path.name} is empty. {_EMPTY}")
    try:
        match adapter.format.kind:
            case Kind.CSV:
                _check_encoding(path, adapter.format.encoding)
                return _csv(path, adapter, progress)
            case Kind.XML:
                return _xml(path, adapter, progress)
            case Kind.JSON_LINES:
                _check_encoding(path, adapter.format.encoding)
                return _json_lines(path, adapter, progress)
    except EndlessRow as problem:
        raise BadFile(
            f"{path.name} has a row, in line {problem}, that is longer than {LONGEST_ROW >> 20} MB. A quote in it may "
            "not be closed, or its lines may not end; mend that and send the file again."
        ) from problem


def _check_encoding(path: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    offset = lines = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if offset == 0 and block[:_HEAD].count(b"\x00") * 3 > len(block[:_HEAD]):
                raise BadFile(
                    f"{path.name} holds a zero byte in every other place: it seems to be UTF-16 without a byte order "
                    f"mark. Save it as {encoding.upper()} and send it again."
                )
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(block)
            except UnicodeDecodeError as problem:
                at = offset - pending + problem.start
                line = lines + block[: max(0, problem.start - pending)].count(b"\n") + 1
                raise BadFile(
                    f"{path.name} is not {encoding.upper()}: "
                    f"byte 0x{problem.object[problem.start]:02X} at offset {at} (line {line}) does "
                    "not belong there. Save the file in this encoding and send it again."
                ) from problem
            offset += len(block)
            lines += block.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as problem:
        raise BadFile(
            f"{path.name} ends in the middle of a {encoding.upper()} sign; it seems to be cut off. Send it again."
        ) from problem


def _csv(path: Path, adapter: Adapter, progress: Callable[[int], None]) -> Examined:
    with path.open(encoding=adapter.format.encoding, newline="") as file:
        head = file.read(_LONGEST_HEADER).removeprefix("\ufeff")
    rows = csv.reader(io.StringIO(head), delimiter=adapter.format.delimiter)
    try:
        header = next((row for row in rows if row), [])
        has_rows = any(any(cell.strip() for cell in row) for row in rows)
    except csv.Error as problem:
        raise BadFile(
            f"{path.name} has no header that can be read: {problem}. Mend its first line and send it again."
        ) from problem
    columns = [column.strip() for column in header]
    if not any(columns):
        raise BadFile(f"{path.name} is empty: it has no header. {_EMPTY}")
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if twice:
        raise BadFile(f"{path.name} has the column {twice[0]!r} more than once. Rename one and send it again.")
    columns = [column or f"column {at}" for at, column in enumerate(columns, 1)]
    named = _named(path, adapter, columns, "columns")
    if not has_rows:
        raise BadFile(f"{path.name} is empty: it has a header but no rows. {_EMPTY}")
    return Examined(columns, named, delimited.chunks(path, adapter.format, progress))


def _xml(path: Path, adapter: Adapter, progress: Callable[[int], None]) -> Examined:
    try:
        found = elements.scan(path, adapter.format, progress)
    except expat.ExpatError as problem:
        raise BadFile(
            f"{path.name} is broken XML: {expat.ErrorString(problem.code)} "
            f"in line {problem.lineno}, column {problem.offset + 1}. Export it anew, whole, and send it again."
        ) from problem
    except elements.Unreadable as problem:
        raise BadFile(f"{path.name} {problem} and send it again.") from problem
    if not found.chunks:
        raise BadFile(f"{path.name} is empty: it has no <{adapter.format.row}> elements. {_EMPTY}")
    # An element that holds others has no text of its own.
    holders = {path.rpartition(".")[0] for path in found.paths}
    columns = [path for path in found.paths if path not in holders]
    return Examined(columns, _named(path, adapter, columns, "elements"), found.chunks)


def _json_lines(path: Path, adapter: Adapter, progress: Callable[[int], None]) -> Examined:
    with path.open("rb") as file:
        if not any(line.strip() for line in iter(lambda: file.readline(_LONGEST_HEADER), b"")):
            raise BadFile(f"{path.name} is empty. {_EMPTY}")
    # Which names a line has is a matter of that line.
    return Examined(
        list(adapter.columns),
        {column: column for column in adapter.columns},
        json_lines.chunks(path, progress),
    )


def _named(path: Path, adapter: Adapter, columns: list[str], what: str) -> dict[str, str]:
    by_folded = {folded(column): column for column in reversed(columns)}
    named = {column: by_folded[folded(column)] for column in adapter.columns if folded(column) in by_folded}
    missing = [column for column in adapter.required if column not in named]
    if missing:
        shown = ", ".join(columns[:8]) + (", …" if len(columns) > 8 else "")
        hint = ""
        if what == "columns" and len(columns) == 1 and any(sign in columns[0] for sign in ";\t|"):
            hint = f"Its columns seem not to be set apart by {adapter.format.delimiter!r}. "
        raise BadFile(
            f"{path.name} is no {adapter.name} file: it lacks the {what} {', '.join(missing)} (it has {shown}). {hint}"
            "Mend that and send it again, or send it to the feed that it belongs to."
        )
    return named
