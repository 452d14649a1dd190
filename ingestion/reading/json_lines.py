"""JSON lines: one object a line. Lines count as they stand in the file; blank ones are passed over."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ingestion.mapping.adapter import Format
from party_hub.domain.canonical.json_text import from_json

from .chunk import CHUNK, LONGEST_ROW, Chunk, Chunks, EndlessRow, Rows


def chunks(path: Path, progress: Callable[[int], None] = lambda done: None) -> list[Chunk]:
    """The chunks of a file. `progress` is told how many bytes are done. Raises EndlessRow."""
    found, at, told = Chunks(0, 1), 0, 0
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_ROW), b""), 1):
            if len(line) == LONGEST_ROW:
                raise EndlessRow(number)
            at += len(line)
            found.rows_end(at, 1)
            if at - told >= CHUNK:
                told = at
                progress(told)
    return found.close(at)


def read(data: bytes, chunk: Chunk, layout: Format, wanted: Sequence[str]) -> Rows:
    """The rows of a chunk; a line that is no JSON object is broken. Nested values come as their JSON text."""
    rows = Rows([], [])
    cells: list[list[str | None]] = []
    text = data.decode(layout.encoding).removeprefix("\ufeff")
    for number, line in enumerate(text.split("\n"), chunk.first_line):
        if not line.strip():
            continue
        one = _object(line)
        if one is None:
            rows.broken.append((number, line.rstrip("\r")))
            continue
        rows.lines.append(number)
        cells.append([as_text(one.get(name)) for name in wanted])
    rows.columns = [list(column) for column in zip(*cells, strict=True)] or [[] for _ in wanted]
    return rows


def _object(line: str) -> Mapping[str, Any] | None:
    try:
        found = from_json(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def as_text(value: Any) -> str | None:
    """A value as a cell of text: itself where it is one, else its JSON."""
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
