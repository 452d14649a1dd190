"""What a job left on this machine, as the database takes it: accepted rows to register, rejected rows to keep."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from ingestion.mapping.adapter import Adapter, Kind

from .models import FeedRun, RejectedRow

_BATCH = 20_000
_COLUMNS = ["line", "key", "party_type", "attributes", "effective_at", "withdrawn"]


def records_by_source(
    folder: Path, adapter: Adapter, raw_location: str
) -> Iterator[tuple[str, Iterator[pa.RecordBatch]]]:
    """The accepted records of each source in the file; streamed, but for events, whose order in the file matters."""
    rows = ds.dataset(sorted(folder.glob("part-*.parquet")), format="parquet")
    if adapter.format.kind is not Kind.JSON_LINES:
        yield adapter.source, _incoming(rows.to_batches(columns=_COLUMNS, batch_size=_BATCH), raw_location)
        return
    table = rows.to_table(columns=[*_COLUMNS, "source"]).sort_by("line")
    for source in sorted(set(table["source"].to_pylist())):
        of_source = table.filter(ds.field("source") == source)
        yield source, _incoming(of_source.to_batches(_BATCH), raw_location)


def readable_rows(folder: Path, raw_location: str) -> Iterator[pa.RecordBatch]:
    """The mapped rows that can be taken, unless a rule is against it; streamed."""
    rows = ds.dataset(sorted(folder.glob("part-*.parquet")), format="parquet")
    readable = ds.field("problem_reason").is_null()
    yield from _incoming(rows.to_batches(columns=_COLUMNS, filter=readable, batch_size=_BATCH), raw_location)


def place(raw_location: str, line: int) -> str:
    """Where a row landed."""
    return f"{raw_location}#{line}"


def _incoming(batches: Iterable[pa.RecordBatch], raw_location: str) -> Iterator[pa.RecordBatch]:
    """The rows as `register_batches` takes them: each with where it landed."""
    for batch in batches:
        line = batch.column("line").cast(pa.string())
        yield batch.append_column("raw_location", pc.binary_join_element_wise(raw_location, line, "#"))


def rejected_rows(run: FeedRun, folder: Path) -> Iterator[RejectedRow]:
    """The rows of `run` that were set aside; streamed."""
    rows = ds.dataset(sorted(folder.glob("part-*.parquet")), format="parquet")
    for batch in rows.to_batches(batch_size=_BATCH):
        for row in batch.to_pylist():
            yield RejectedRow(
                run=run,
                line=row["line"],
                key=row["key"] or "",
                field=row["field"] or "",
                reason=row["reason"],
                rule=row["rule"],
                raw=(row["raw"] or "").replace("\x00", "\\u0000"),
            )
