"""The first rows of a CSV that nobody has described: its encoding, its delimiter, its header."""

import codecs
import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

_HEAD = 1 << 20  # bytes to learn from
ROWS = 500
_DELIMITERS = ",;\t|"
# What people choose by mistake, by how it begins.
_OTHER_FILES = (
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8"), "a picture"),
    (re.compile(rb"%PDF"), "a PDF document"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "an Office document"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!|html)", re.IGNORECASE), "an XML or HTML document"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]\s*[\[{\"]"), "a JSON document"),
)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class BadSample(ValueError):
    """The file cannot be read as CSV; the text says why, for the person who sent it."""


@dataclass(frozen=True)
class Sample:
    """How the file is written, its columns, and its first rows by column."""

    encoding: str
    delimiter: str
    columns: list[str]
    rows: list[dict[str, str]]


def read_sample(path: Path) -> Sample:
    """Learn from the head of a CSV file. Raises BadSample."""
    data, whole = _head(path)
    if not data.strip():
        raise BadSample("The file is empty. Choose one with a header and rows.")
    if other := next((what for begins, what in _OTHER_FILES if begins.match(data)), ""):
        raise BadSample(f"The file is {other}, no CSV. Export its rows as CSV in UTF-8, and send that.")
    encoding = _encoding(data)
    text = _decoded(data, encoding)
    if "\x00" in text:
        raise BadSample("The file is no text: it holds zero bytes. Save it as CSV in UTF-8.")
    delimiter = _delimiter(text)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error as problem:
        raise BadSample(f"The file cannot be read as CSV: {problem}. Save it as CSV anew.") from problem
    header = [column.strip() for column in rows[0]]
    _check_header(header)
    # The last row of a head that is not the whole file is cut somewhere.
    body = rows[1:] if whole else rows[1:-1]
    full = [dict(zip(header, row, strict=True)) for row in body if len(row) == len(header)][:ROWS]
    if not full:
        raise BadSample("The file has a header but no rows that fit it. Choose one whose rows have as many columns.")
    return Sample(encoding, delimiter, header, full)


def _head(path: Path) -> tuple[bytes, bool]:
    with path.open("rb") as file:
        data = file.read(_HEAD + 1)
    return data[:_HEAD], len(data) <= _HEAD


def _encoding(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data).removeprefix("\ufeff")
    except UnicodeDecodeError as problem:
        raise BadSample(
            "The file is no text, or in an encoding that cannot be told. Save it as CSV in UTF-8."
        ) from problem


def _delimiter(text: str) -> str:
    """The sign that parts the header into most columns, and the next row into as many."""
    lines = [line for line in text.splitlines()[:2] if line]

    def parted(sign: str) -> tuple[bool, int]:
        counts = [len(next(csv.reader([line], delimiter=sign), [])) for line in lines]
        return len(set(counts)) == 1, counts[0]

    return max(_DELIMITERS, key=lambda sign: (parted(sign)[1] > 1, *parted(sign)))


def _check_header(header: list[str]) -> None:
    if len(header) < 2:
        raise BadSample("The file has one column only. Are its columns set apart by comma, semicolon, tab or bar?")
    if not all(header):
        raise BadSample(f"Column {header.index('') + 1} has no name. Give every column a name.")
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        raise BadSample(f"The file has the column {twice[0]!r} more than once. Rename one.")
