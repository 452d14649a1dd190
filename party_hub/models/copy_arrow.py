"""COPY from Arrow: whole columns become COPY's text format, so that no value passes through Python by itself."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from .copy import BLOCK, BlockStream

# The backslash first, or it would escape those that stand for the others.
_ESCAPES = (("\\", r"\\"), ("\t", r"\t"), ("\n", r"\n"), ("\r", r"\r"))
_NULL = r"\N"


_TEXT = pa.large_string()  # the lines of a batch may be more than 2 GB together
_BETWEEN, _END, _NOTHING = (pa.scalar(text, _TEXT) for text in ("\t", "\n", ""))


def _texts(column: pa.Array) -> pa.LargeStringArray:
    """A column in COPY's text format."""
    texts = column.cast(_TEXT)
    if pa.types.is_string(column.type):
        texts = reduce(lambda found, escape: pc.replace_substring(found, *escape), _escapes_within(texts), texts)
    return pc.fill_null(texts, _NULL)


def _escapes_within(texts: pa.LargeStringArray) -> list[tuple[str, str]]:
    """The escapes that a column needs. Its texts lie one after another in memory, where a sign is found at once."""
    _, ends, data = texts.buffers()
    if data is None:
        return []
    first, last = np.frombuffer(ends, np.int64)[[texts.offset, texts.offset + len(texts)]]
    signs = np.frombuffer(data, np.uint8)[first:last]
    return [(sign, escaped) for sign, escaped in _ESCAPES if (signs == ord(sign)).any()]


def _lines(batch: pa.RecordBatch) -> pa.Buffer:
    """The lines of a batch: an Arrow column of texts holds them one after another as it is."""
    *columns, last = (_texts(column) for column in batch.columns)
    ended = pc.binary_join_element_wise(last, _NOTHING, _END)
    return pc.binary_join_element_wise(*columns, ended, _BETWEEN).buffers()[2]


def _ahead(blocks: Iterator[pa.Buffer]) -> Iterator[pa.Buffer]:
    """Each block is made while PostgreSQL reads the one before."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = beside.submit(next, blocks, None)
            yield block


def copy_batches(table: str, batches: Iterable[pa.RecordBatch], columns: Iterable[str]) -> int:
    """Writes `batches` to `columns` of `table`, in their order, and gives the number of rows. Streams."""
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        blocks = _ahead(_lines(batch) for batch in batches if batch.num_rows)
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", BlockStream(blocks), BLOCK)
        return int(cursor.rowcount)
