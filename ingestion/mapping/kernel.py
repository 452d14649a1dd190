"""The mapping kernel: rows of a source in, column by column; an Arrow batch of canonical rows out, under one adapter.

It works a column at a time: a feed has many rows and few towns. What a value
becomes is decided in `party_hub.domain.canonical`, where events and calls are decided too.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from ingestion.reading.json_lines import as_text
from party_hub.domain.canonical import values
from party_hub.domain.canonical.draft import Problem

from .adapter import Adapter, Kind, Name
from .batch import Batch
from .canonical_rows import MAPPED
from .events import map_events

_ZERO = Problem("", "The row holds a zero byte.")
_TRIED = 500  # texts that show whether a column says the same again and again


def _cleaned(texts: Sequence[str | None]) -> list[str]:
    """The cleaned texts of a column; each distinct one is cleaned once where that spares anything."""
    if len(set(texts[:_TRIED])) * 2 > len(texts[:_TRIED]):
        return [values.clean(text) if text else "" for text in texts]
    found = {text: values.clean(text) if text else "" for text in set(texts)}
    return [found[text] for text in texts]


class Kernel:
    """An adapter made ready for a file that has `columns`; columns that the adapter does not know are passed over."""

    def __init__(self, adapter: Adapter, columns: Sequence[str]):
        self._adapter, self._columns = adapter, list(columns)
        self._name_field = next((item.full or item.family for item in adapter.maps if isinstance(item, Name)), "names")

    def map(self, lines: Sequence[int], columns: Sequence[Sequence[str | None]]) -> pa.RecordBatch:
        """Map rows given by column (one sequence a column, in the order of the constructor's `columns`)."""
        if self._adapter.format.kind is Kind.JSON_LINES:
            return map_events(self._adapter, lines, dict(zip(self._columns, columns, strict=True)))
        zero, cells = False, {}
        for name, column in zip(self._columns, columns, strict=False):
            cells[name] = _cleaned(column)
            zero = zero or "\x00" in "".join(cells[name])
        batch = Batch(self._adapter, lines, cells)
        batch.fill()
        if zero:
            for at in {at for column in columns for at, text in enumerate(column) if text and "\x00" in text}:
                batch.problems[at] = [_ZERO]
        batch.check_names(self._name_field)
        return batch.canonical()

    def broken(self, lines: Sequence[int]) -> pa.RecordBatch:
        """The canonical rows of those that could not be taken apart."""
        kind = self._adapter.format.kind
        reason = {
            Kind.CSV: "The row has not as many columns as the header, or a quote is not closed.",
            Kind.JSON_LINES: "The line is no JSON object.",
        }[kind]
        one = {"key": "", "source": self._adapter.source, "problem_field": "", "problem_reason": reason}
        return pa.RecordBatch.from_pylist([{"line": line, **one} for line in lines], schema=MAPPED)


def map_objects(adapter: Adapter, objects: Sequence[Mapping[str, Any]]) -> pa.RecordBatch:
    """Map rows that are objects in memory, such as events; nested values are passed on as JSON text."""
    columns = adapter.columns
    cells = [[as_text(one.get(column)) for one in objects] for column in columns]
    return Kernel(adapter, columns).map(range(1, len(objects) + 1), cells)
