"""The steps of a feed that work on rows: each is a function that Spark runs on every chunk of the file, on any core.

Rows go from the file through the mapping kernel into Parquet within one Python worker, column by column, and never
through Java: measured, that takes a fifth of the time of Spark's own reader, a shuffle and Spark's own writer. What
Spark adds is what it is good at: cores, retries, a cluster; and the rules, which run on its DataFrames.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from ingestion.mapping.adapter import Adapter, Kind
from ingestion.mapping.canonical_rows import CURATED, MAPPED
from ingestion.mapping.kernel import Kernel
from ingestion.reading import Chunk, read
from party_hub.garbage import no_collection

STAGED, CURATED_ROWS, REJECTED_ROWS = "staged", "curated", "rejected"
REJECTED = pa.schema(
    [
        ("line", pa.int64()),
        ("key", pa.string()),
        ("field", pa.string()),
        ("reason", pa.string()),
        ("rule", pa.string()),
        ("raw", pa.string()),
    ]
)
_BLOCK = 10_000  # rows that are mapped at a time
_SHORT_LIVED = {"compression": "lz4", "use_dictionary": False}  # to be written and read once or twice, fast
_KEPT = {"compression": "zstd", "compression_level": 1}
_COUNTED = "chunk long, rows long"


@dataclass(frozen=True)
class Source:
    """A file as its examination left it: where it lies, its own columns, and which of them the adapter reads."""

    path: Path
    columns: tuple[str, ...]
    named: dict[str, str]
    chunks: tuple[Chunk, ...]


def each_chunk(spark: SparkSession, chunks: Sequence[Chunk], step: Callable[[Chunk], int]) -> dict[int, int]:
    """Run `step` on every chunk, one task each; gives what it counted, by the chunk's number."""
    by_number = {chunk.number: chunk for chunk in chunks}

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for number in batch.column(0).to_pylist():
                with no_collection():
                    counted = step(by_number[number])
                yield pa.RecordBatch.from_pydict({"chunk": [number], "rows": [counted]})

    numbers = spark.range(len(chunks), numPartitions=len(chunks))
    return {row["chunk"]: row["rows"] for row in numbers.mapInArrow(run, _COUNTED).collect()}


def no_rows(chunk: Chunk) -> int:
    """A step that does nothing, but that its worker must have imported this module."""
    return 0


def map_chunk(source: Source, adapter: Adapter, work: Path) -> Callable[[Chunk], int]:
    """Maps a chunk's rows to canonical ones (`MAPPED`) in `staged`; counts them."""

    def step(chunk: Chunk) -> int:
        rows = read(source.path, chunk, adapter.format, source.columns, list(source.named.values()))
        kernel = Kernel(adapter, list(source.named))
        mapped = [
            kernel.map(rows.lines[at : at + _BLOCK], [column[at : at + _BLOCK] for column in rows.columns])
            for at in range(0, len(rows.lines), _BLOCK)
        ]
        if rows.broken:
            mapped.append(kernel.broken([line for line, _ in rows.broken]))
        _write(pa.Table.from_batches(mapped, schema=MAPPED), work / STAGED, chunk, _SHORT_LIVED)
        return len(rows.lines) + len(rows.broken)

    return step


def curate_chunk(
    source: Source, adapter: Adapter, work: Path, rejected: dict[int, tuple[str, str, str, str]]
) -> Callable[[Chunk], int]:
    """Parts a chunk's staged rows into `curated`, which it counts, and `rejected` (line → key, field, reason, rule)."""

    def step(chunk: Chunk) -> int:
        staged = pq.read_table(_part(work / STAGED, chunk), schema=MAPPED)
        lines = staged.column("line").to_pylist()
        kept = [line not in rejected for line in lines]
        if not all(kept):
            aside = [line for line, keep in zip(lines, kept, strict=True) if not keep]
            staged = staged.filter(pa.array(kept))
            _write(_with_text(source, adapter, chunk, aside, rejected), work / REJECTED_ROWS, chunk)
        _write(staged.select(CURATED.names), work / CURATED_ROWS, chunk)
        return int(staged.num_rows)

    return step


def _with_text(
    source: Source, adapter: Adapter, chunk: Chunk, lines: list[int], rejected: dict[int, tuple[str, str, str, str]]
) -> pa.Table:
    """Rows set aside with what they said: as JSON in their own columns, or their text where they are broken."""
    rows = read(source.path, chunk, adapter.format, source.columns, source.columns, set(lines))
    at = {line: place for place, line in enumerate(rows.lines)}
    broken = dict(rows.broken)

    def raw(line: int) -> str:
        if line in broken:
            return broken[line]
        cells = {name: column[at[line]] for name, column in zip(source.columns, rows.columns, strict=True)}
        if adapter.format.kind is not Kind.CSV:
            cells = {name: text for name, text in cells.items() if text is not None}
        return orjson.dumps(cells).decode()

    told = [(line, *rejected[line], raw(line)) for line in lines]
    return pa.Table.from_pylist([dict(zip(REJECTED.names, one, strict=True)) for one in told], schema=REJECTED)


def _part(folder: Path, chunk: Chunk) -> Path:
    return folder / f"part-{chunk.number:05}.parquet"


def _write(table: Any, folder: Path, chunk: Chunk, how: Mapping[str, Any] = _KEPT) -> None:
    """A task that is run twice writes the same again."""
    folder.mkdir(parents=True, exist_ok=True)
    part = _part(folder, chunk)
    unfinished = part.with_suffix(".unfinished")
    pq.write_table(table, unfinished, **how)
    unfinished.replace(part)
