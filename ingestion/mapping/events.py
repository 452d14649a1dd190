"""Rows that are events: each says its source, its act and its attributes itself. Mapped one at a time."""

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

import pyarrow as pa

from party_hub.domain.canonical.draft import LONGEST_KEY
from party_hub.domain.canonical.record import canonical_record
from party_hub.domain.canonical.values import clean

from .adapter import Adapter
from .canonical_rows import MAPPED

_SAID = ("key", "party_type", "attributes", "effective_at", "op")


def map_events(adapter: Adapter, lines: Sequence[int], columns: Mapping[str, Sequence[str | None]]) -> pa.RecordBatch:
    """The canonical rows of events given by column."""
    sources = columns.get("source") or repeat(None)
    said = zip(*(columns.get(name) or [None] * len(lines) for name in _SAID), strict=True)
    rows = [
        _row(adapter, line, source, dict(zip(_SAID, (text or "" for text in texts), strict=True)))
        for line, source, texts in zip(lines, sources, said, strict=False)
    ]
    return pa.RecordBatch.from_pylist(rows, schema=MAPPED)


def _row(adapter: Adapter, line: int, source: str | None, said: dict[str, str]) -> dict[str, Any]:
    record = canonical_record(**said, date_formats=adapter.date_formats)
    row = {
        **record.flat,
        "line": line,
        "key": record.key[:LONGEST_KEY],
        "source": clean(source or "") or adapter.source,
        "party_type": record.party_type,
        "effective_at": record.effective_at,
        "withdrawn": record.withdrawn,
        "attributes": record.attributes,
        "unread": ", ".join(record.unread) or None,
    }
    if record.problems:
        row["problem_field"] = record.problems[0].field
        row["problem_reason"] = " ".join(problem.reason for problem in record.problems)
    return row
