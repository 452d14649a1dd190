"""COPY from Arrow: whole columns become COPY's text format, so that no value passes through Python by itself."""

import io
from collections.abc import Iterable, Iterator
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from .copy import BLOCK

# The backslash first, or it would escape those that stand for the others.
_ESCAPES = (("\\", r"\\"), ("\t", r"\t"), ("\n", r"\n"), ("\r", r"\r"))
_NULL = r"\N"


def _texts(column: pa.Array) -> pa.StringArray:
    """A column in COPY's text format."""
    if pa.types.is_string(column.type):
        column = reduce(lambda texts, escape: pc.replace_substring(texts, *escape), _ESCAPES, column)
    else:
        column = column.cast(pa.string())
    return pc.fill_null(column, _NULL)


def _lines(batch: pa.RecordBatch) -> pa.Buffer:
    """The lines of a batch: an Arrow column of texts holds them one after another as it is."""
    *columns, last = (_texts(column) for column in batch.columns)
    ended = pc.binary_join_element_wise(last, "", "\n")
    lines = pc.binary_join_element_wise(*columns, ended, "\t").cast(pa.large_string())
    return lines.buffers()[2]


class _BatchStream(io.RawIOBase):
    """Batches in COPY's text format, one at a time."""

    def __init__(self, batches: Iterable[pa.RecordBatch]) -> None:
        self._blocks: Iterator[pa.Buffer] = (_lines(batch) for batch in batches if batch.num_rows)
        self._rest = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = memoryview(next(self._blocks, b""))
        taken, self._rest = self._rest[:size], self._rest[size:]
        return bytes(taken)


def copy_batches(table: str, batches: Iterable[pa.RecordBatch], columns: Iterable[str]) -> int:
    """Writes `batches` to `columns` of `table`, in their order, and gives the number of rows. Streams."""
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", _BatchStream(batches), BLOCK)
        return int(cursor.rowcount)
