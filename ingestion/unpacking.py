"""Compressed files: gzip, zstandard and zip, known by their first bytes and not by their names.

A zip may hold several files of one feed; they are read one after another as if they were one. Unpacking streams, and
stops where a file grows as no feed's file does (a bomb).
"""

import codecs
import gzip
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path
from typing import IO
from zlib import error as ZlibError

import pyarrow as pa

from .mapping.adapter import Kind

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # the second where there is nothing in it
_PACKED = (_GZIP, _ZSTD, *_ZIP)
_OFFICE = "[Content_Types].xml"  # each document of Office Open XML has it (ECMA-376, part 2)
_BLOCK = 1 << 20
LEAST_LIMIT = 256 << 20  # bytes that any file may grow to
MOST_TIMES = 200  # what it may grow to beyond that; text of feeds shrinks to a fifth, XML to a thirtieth
_ENDINGS = (".gz", ".zst", ".zstd", ".zip")


class BadArchive(Exception):
    """The file cannot be unpacked; the text says why and what to do, for the person who sent it."""


def unpack(path: Path, kind: Kind, folder: Path) -> Path:
    """The file itself where it is not compressed, else what is in it, in `folder`. Raises BadArchive."""
    head = _head(path)
    if not head.startswith(_PACKED):
        return path
    folder.mkdir(parents=True, exist_ok=True)
    plain = folder / _plain_name(path)
    try:
        with plain.open("wb") as out:
            target = _Target(out, path, folder)
            if head.startswith(_ZIP):
                _unzip(path, kind, target)
            else:
                with _opened(path, head) as packed:
                    target.pour(packed)
    except (OSError, EOFError, ZlibError, LZMAError, zipfile.BadZipFile, NotImplementedError) as problem:
        if isinstance(problem, OSError) and problem.errno:  # the disk is full or broken, not the file
            raise
        raise BadArchive(
            f"{path.name} cannot be unpacked; it seems to be damaged or cut off ({problem}). Send it again."
        ) from problem
    if _head(plain).startswith(_PACKED):
        raise BadArchive(f"{path.name} holds another compressed file; compress it once and send it again.")
    return plain


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _plain_name(path: Path) -> str:
    return path.stem if path.suffix.lower() in _ENDINGS else f"{path.name}.unpacked"


@contextmanager
def _opened(path: Path, head: bytes) -> Iterator[IO[bytes]]:
    if head.startswith(_GZIP):
        with gzip.open(path) as packed:
            yield packed  # type: ignore[misc]
    else:
        with pa.CompressedInputStream(pa.OSFile(str(path)), "zstd") as packed:
            yield packed


class _Target:
    """What is unpacked, up to a limit."""

    def __init__(self, out: IO[bytes], packed: Path, folder: Path):
        self._out, self._name, self._last = out, packed.name, b"\n"
        grown = max(LEAST_LIMIT, packed.stat().st_size * MOST_TIMES)
        self._left = self._limit = min(grown, shutil.disk_usage(folder).free)

    def write(self, block: bytes) -> None:
        """Take a block. Raises BadArchive beyond the limit."""
        self._left -= len(block)
        if self._left < 0:
            raise BadArchive(
                f"{self._name} unpacks to more than {self._limit >> 20:,} MB, which no feed's file does. "
                "If it is right, send it uncompressed."
            )
        self._last = block[-1:] or self._last
        self._out.write(block)

    def pour(self, packed: IO[bytes]) -> None:
        """Take all that is left in `packed`."""
        while block := packed.read(_BLOCK):
            self.write(block)

    def end_line(self) -> None:
        """Let the next file begin on a line of its own."""
        if self._last != b"\n":
            self.write(b"\n")


def _unzip(path: Path, kind: Kind, target: _Target) -> None:
    with zipfile.ZipFile(path) as archive:
        members = sorted((one for one in archive.infolist() if _is_data(one)), key=lambda one: one.filename)
        if not members:
            raise BadArchive(f"{path.name} is an empty archive. Put the file into it and send it again.")
        if any(one.filename == _OFFICE for one in members):
            raise BadArchive(
                f"{path.name} is an Office document, such as an Excel workbook. "
                "Save its sheet as CSV in UTF-8, and send that."
            )
        if len(members) > 1 and kind is Kind.XML:
            raise BadArchive(f"{path.name} holds {len(members)} XML files; send them one by one.")
        if any(one.flag_bits & 1 for one in members):
            raise BadArchive(f"{path.name} is encrypted; send it without a password.")
        header = b""
        for member in members:
            target.end_line()
            with archive.open(member) as packed:
                if kind is Kind.CSV:
                    line = packed.readline(_BLOCK)
                    columns = line.strip().removeprefix(codecs.BOM_UTF8)
                    if header and columns != header:
                        raise BadArchive(
                            f"In {path.name} the columns of {member.filename} are not those of the first. Send each "
                            "file by itself."
                        )
                    if not header:
                        target.write(line)
                    header = header or columns
                target.pour(packed)


def _is_data(member: zipfile.ZipInfo) -> bool:
    """What Finder and its like put into archives is none of the sender's data."""
    name = member.filename.rpartition("/")[2]
    return bool(name) and not name.startswith(".") and not member.filename.startswith("__MACOSX/")
