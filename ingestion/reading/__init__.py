"""Reading feed files in chunks: one pass finds where rows begin, then each chunk is read by itself, on any core.

A chunk is a range of bytes that holds whole rows. So a file larger than memory is read with the memory of a few chunks,
and every row keeps its number whichever worker reads it. What is a row is decided by the same parser in both passes; a
faster one may read a chunk in which it finds as many rows, all whole.
"""

from collections.abc import Container, Sequence
from pathlib import Path

from ingestion.mapping.adapter import Format, Kind

from . import delimited, elements, json_lines
from .chunk import Chunk, Rows

__all__ = ["Chunk", "Rows", "read"]


def read(
    path: Path,
    chunk: Chunk,
    layout: Format,
    columns: Sequence[str],
    wanted: Sequence[str],
    lines: Container[int] | None = None,
) -> Rows:
    """The rows of a chunk: the cells of the columns `wanted`, of a file whose columns are `columns`.

    Who needs but a few `lines` says so; a format for which that spares nothing gives all.
    """
    with path.open("rb") as file:
        file.seek(chunk.offset)
        data = file.read(chunk.length)
    match layout.kind:
        case Kind.CSV:
            return delimited.read(data, chunk, layout, columns, wanted, lines)
        case Kind.XML:
            return elements.read(data, chunk, layout, wanted, lines)
        case Kind.JSON_LINES:
            return json_lines.read(data, chunk, layout, wanted)
