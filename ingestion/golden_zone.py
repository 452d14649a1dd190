"""The golden zone: every live golden record as Parquet, one whole set a snapshot.

`golden/<moment>/part-*.parquet` and its manifest; `golden/latest.json` names the newest. Values, lineage and xrefs are
JSON text, as others see them in events; what is filtered by is a column of its own.
"""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection, transaction
from django.utils import timezone

from ingestion.lake import Zone, open_lake

LATEST = f"{Zone.GOLDEN}/latest.json"
BLOCK = 20_000
PART = 500_000
SCHEMA = pa.schema(
    [
        ("party_id", pa.string()),
        ("party_type", pa.string()),
        ("status", pa.string()),
        ("version", pa.int64()),
        ("name", pa.string()),
        ("country", pa.string()),
        ("quality", pa.int16()),
        ("source_count", pa.int32()),
        ("record_count", pa.int32()),
        ("updated_at", pa.timestamp("us", tz="UTC")),
        ("values", pa.string()),
        ("lineage", pa.string()),
        ("xrefs", pa.string()),
    ]
)
GOLDEN = """
SELECT p.id::text, p.party_type, p.status, p.version, g.name, g.country, g.quality, g.source_count, g.record_count,
       g.updated_at, g."values"::text, g.lineage::text, coalesce(x.xrefs, '[]')::text
FROM party_hub_party p JOIN party_hub_goldenrecord g ON g.party_id = p.id
LEFT JOIN (
    SELECT m.party_id, jsonb_agg(jsonb_build_object('source', r.source_id, 'key', r.key)
                                 ORDER BY r.source_id, r.key) AS xrefs
    FROM party_hub_membership m JOIN party_hub_sourcerecord r ON r.id = m.record_id
    WHERE upper_inf(m.span) GROUP BY m.party_id
) x ON x.party_id = p.id
WHERE p.status IN ('active', 'withdrawn') ORDER BY p.id
"""


@dataclass(frozen=True)
class Snapshot:
    """A published set: where it lies and how many parties it holds."""

    location: str
    parties: int
    bytes: int


def publish_to_lake() -> Snapshot:
    """Writes a snapshot of one moment; a reader sees it when it is whole. Raises `LakeError`."""
    lake, moment = open_lake(), timezone.now()
    prefix = f"{Zone.GOLDEN}/{moment:%Y%m%dT%H%M%S%fZ}"
    with tempfile.TemporaryDirectory(prefix="golden-") as folder:
        files, parties = _write_parts(Path(folder))
        about = {"taken_at": moment.isoformat(), "parties": parties, "columns": SCHEMA.names}
        manifest = lake.publish(prefix, files, about)
    lake.put_bytes(json.dumps({"snapshot": prefix, "taken_at": moment.isoformat()}).encode(), LATEST)
    return Snapshot(lake.location(prefix), parties, sum(file["bytes"] for file in manifest["files"]))


def _write_parts(folder: Path) -> tuple[dict[str, Path], int]:
    files: dict[str, Path] = {}
    parties = 0
    writer: pq.ParquetWriter | None = None
    for batch in _batches():
        if writer is None or parties >= PART * len(files):
            if writer is not None:
                writer.close()
            name = f"part-{len(files):05}.parquet"
            files[name] = folder / name
            writer = pq.ParquetWriter(files[name], SCHEMA, compression="zstd")
        writer.write_batch(batch)
        parties += batch.num_rows
    if writer is not None:
        writer.close()
    return files, parties


def _batches() -> Iterator[pa.RecordBatch]:
    """Through a cursor of the server: a million parties take no more memory than a block. At least one batch."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(GOLDEN)
        rows: list[tuple[Any, ...]] = cursor.fetchmany(BLOCK)
        while True:
            columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMA)
            arrays = [pa.array(column, type=field.type) for column, field in zip(columns, SCHEMA, strict=True)]
            yield pa.record_batch(arrays, schema=SCHEMA)
            rows = cursor.fetchmany(BLOCK)
            if not rows:
                return
