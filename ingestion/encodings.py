"""Text that is not written in bytes of one sign each: UTF-16 and UTF-32 become UTF-8 before anybody reads rows.

Rows are found by their bytes, which in these encodings do not stand for line ends; and a file that begins with their
byte order mark is meant so, whatever its feed is used to.
"""

import codecs
from dataclasses import replace
from pathlib import Path

from .landing import BadFile
from .mapping.adapter import Adapter, Kind

_BLOCK = 1 << 20
# UTF-32's mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def readable(path: Path, adapter: Adapter, folder: Path) -> tuple[Path, Adapter]:
    """The file and how to read it: as they are, or in `folder` in UTF-8. Raises BadFile."""
    if adapter.format.kind is Kind.XML:  # says itself how it is written
        return path, adapter
    encoding = _wide(path, adapter.format.encoding)
    if not encoding:
        return path, adapter
    folder.mkdir(parents=True, exist_ok=True)
    plain = folder / path.name
    decoder, done = codecs.getincrementaldecoder(encoding)(), 0
    with path.open("rb") as file, plain.open("w", encoding="utf-8", newline="") as out:
        try:
            while block := file.read(_BLOCK):
                out.write(decoder.decode(block))
                done += len(block)
            out.write(decoder.decode(b"", final=True))
        except UnicodeError as problem:
            raise BadFile(
                f"{path.name} is not whole {encoding.upper()}: {problem} (after {done:,} bytes). "
                "It may be cut off: send it again, or save it as UTF-8."
            ) from problem
    return plain, replace(adapter, format=replace(adapter.format, encoding="utf-8"))


def _wide(path: Path, encoding: str) -> str:
    """The encoding of more than one byte a sign that the file is in; "" where it is in none."""
    with path.open("rb") as file:
        head = file.read(4)
    told = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    return told or (encoding if encoding.startswith(("utf-16", "utf-32")) else "")
