"""COPY's binary format from whole columns: numbers and arrays need neither be written as text nor read from it.

A field is made of parts, which are Arrow columns of bytes; they follow one another in each row.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from .copy import BLOCK, BlockStream

HEADER = b"PGCOPY\n\xff\r\n\0" + b"\0" * 8
END = b"\xff\xff"
BIGINT, REAL = 20, 700  # pg_type.oid
_BYTES = pa.large_binary()
_AT_ONCE = 20_000  # rows in a block

Field = Sequence[pa.LargeBinaryArray]


def fixed(values: npt.NDArray[Any]) -> Field:
    """A row of bytes for each row of `values`, which are numbers in network order or bytes."""
    size = values.nbytes // max(1, len(values))
    return [_cut(values, np.arange(len(values) + 1, dtype=np.int64) * size)]


def text(values: pa.Array) -> Field:
    """Texts; none may be missing."""
    return [values.cast(pa.large_string()).cast(_BYTES)]


def same(value: str, count: int) -> Field:
    """One text in all rows."""
    return [pa.repeat(pa.scalar(value.encode(), _BYTES), count)]


def arrays(values: npt.NDArray[Any], starts: npt.NDArray[np.int64], kind: int) -> Field:
    """An array a row of the values from its start to the next; `starts` ends with the number of values."""
    elements = np.empty(len(values), [("size", ">i4"), ("value", values.dtype.newbyteorder(">"))])
    elements["size"], elements["value"] = values.itemsize, values
    heads = np.empty((len(starts) - 1, 5), ">i4")  # dimensions, nulls, type, length, first index
    heads[:] = 1, 0, kind, 0, 1
    heads[:, 3] = np.diff(starts)
    return [*fixed(heads), _cut(elements, starts * elements.itemsize)]


def copy_binary(table: str, fields: Mapping[str, Field], *, freeze: bool = False) -> None:
    """Write rows of these fields to `table`."""
    names, options = ", ".join(fields), "FORMAT binary, FREEZE" if freeze else "FORMAT binary"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        stream = BlockStream(_blocks(list(fields.values())))
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN WITH ({options})", stream, BLOCK)


def _blocks(fields: Sequence[Field]) -> Iterator[bytes | pa.Buffer]:
    yield HEADER
    count, nothing = pa.scalar(len(fields).to_bytes(2, "big"), _BYTES), pa.scalar(b"", _BYTES)
    for begin in range(0, len(fields[0][0]), _AT_ONCE):
        rows = [[part.slice(begin, _AT_ONCE) for part in field] for field in fields]
        pieces = [piece for field in rows for piece in (*_size(field), *field)]
        yield pc.binary_join_element_wise(count, *pieces, nothing).buffers()[2]
    yield END


def _size(field: Field) -> Field:
    return fixed(np.sum([pc.binary_length(part).to_numpy() for part in field], axis=0).astype(">i4"))


def _cut(values: npt.NDArray[Any], ends: npt.NDArray[np.int64]) -> pa.LargeBinaryArray:
    """The bytes of `values`, cut at `ends`."""
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(np.ascontiguousarray(values))]
    return pa.LargeBinaryArray.from_buffers(_BYTES, len(ends) - 1, buffers)
