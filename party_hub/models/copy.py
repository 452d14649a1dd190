"""PostgreSQL's COPY, in and out, on Django's connection: the way for anything in bulk. Streams; holds one block at a
time.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

BLOCK = 1 << 20


def _field(value: Any) -> Any:
    if isinstance(value, dict | list):
        return orjson.dumps(value).decode()
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime):
        return value.isoformat()
    return value


class _CsvStream(io.RawIOBase):
    """Rows as a CSV byte stream, encoded block by block as COPY asks for them. None becomes NULL, empty text stays
    empty.
    """

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._rows = iter(rows)
        self._rest = b""

    def _next_block(self) -> bytes:
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        for row in self._rows:
            writer.writerow([r"\N" if value is None else _field(value) for value in row])
            if buffer.tell() >= BLOCK:
                break
        return buffer.getvalue().encode()

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = self._next_block()
        if size < 0:
            size = len(self._rest)
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


def copy_in(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Writes `rows` to `table` and gives their number. Dicts and lists become JSON, None becomes NULL.

    A text that is exactly a backslash and a capital N would read as NULL; names and keys never are.
    """
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN WITH (FORMAT csv, NULL '\\N')", _CsvStream(rows), BLOCK)
        return int(cursor.rowcount)


def copy_out(query: str) -> bytes:
    """The result of `query` (no parameters) as CSV with a header line."""
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, HEADER)", buffer)
    return buffer.getvalue()


def as_uuids(ids: Iterable[UUID | str]) -> list[str]:
    """Ids as texts, the form in which psycopg2 passes them on as one array parameter (`%s::uuid[]`)."""
    return [str(identifier) for identifier in ids]


def in_chunks(ids: Sequence[UUID], size: int) -> Iterator[Sequence[UUID]]:
    """`ids` in runs of `size`."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
