"""The canonical columns that the matcher reads, from CSV (also gzipped) or Parquet into one Arrow table of text."""

import csv
import gzip
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from party_hub.domain.attributes import Kind

CANONICAL = (
    "record_id", "source", "party_type", "full_name", "given_name", "middle_name", "family_name", "date_of_birth",
    "tax_id", "tax_id_country", "national_id", "passport", "lei", "duns", "email", "phone", "website",
    "address", "street", "city", "region", "postcode", "country",
)  # fmt: skip
SCHEMA = pa.schema([(name, pa.string()) for name in CANONICAL])


class RecordsError(ValueError):
    """The records cannot be used; the message says what to mend."""


@dataclass
class Records:
    """A table in `SCHEMA`, the answer column where one was asked for, and what was odd but harmless."""

    table: pa.Table
    truth: list[str] | None = None
    warnings: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return int(self.table.num_rows)


def read_records(location: str | Path, truth: str | None = None) -> Records:
    """Read a file with canonical column names.

    Columns that are not canonical are left out with a warning; canonical ones that are missing are empty. Raises
    RecordsError for a file that cannot be read, has no `record_id`, repeats or leaves one out, holds no records, has a
    column twice, or lacks the column named as `truth`.
    """
    raw = _read(Path(location))
    unknown = [name for name in raw.column_names if name not in CANONICAL and name != truth]
    warnings = [f"unknown column ignored: {name}" for name in unknown]
    if truth is not None and truth not in raw.column_names:
        raise RecordsError(f"no column {truth!r} to take the truth from; the file has {', '.join(raw.column_names)}")
    twice = [name for name in dict.fromkeys(raw.column_names) if raw.column_names.count(name) > 1]
    if twice:
        raise RecordsError(f"column {twice[0]!r} occurs {raw.column_names.count(twice[0])} times; rename or drop one")
    if "record_id" not in raw.column_names:
        raise RecordsError(f"no column 'record_id'; the file has {', '.join(raw.column_names)}")
    answers = None if truth is None else [value or "" for value in _text(raw.column(truth)).to_pylist()]
    table = conform(raw)
    if not table.num_rows:
        raise RecordsError("the file has a header and no records")
    _refuse_nameless(table)
    _refuse_duplicates(table)
    return Records(table, answers, warnings)


def conform(raw: pa.Table) -> pa.Table:
    """`raw` with exactly the canonical columns, as text, empty text as null."""
    columns = []
    for name in CANONICAL:
        column = _text(raw.column(name)) if name in raw.column_names else pa.nulls(raw.num_rows, pa.string())
        columns.append(pc.if_else(pc.equal(column, ""), None, column))
    return pa.table(columns, schema=SCHEMA)


def kind_mask(table: pa.Table, kind: Kind) -> pa.ChunkedArray:
    """True for the rows of this kind; a row that names no party type is an organisation unless it has a person's name
    parts."""
    stated = pc.fill_null(pc.utf8_lower(table.column("party_type")), "")
    looks_personal = pc.or_(pc.is_valid(table.column("family_name")), pc.is_valid(table.column("date_of_birth")))
    individual = pc.if_else(pc.equal(stated, ""), looks_personal, pc.is_in(stated, pa.array(["individual", "person"])))
    return individual if kind == Kind.INDIVIDUAL else pc.invert(individual)


def _read(path: Path) -> pa.Table:
    if not path.is_file():
        raise RecordsError(f"no such file: {path}")
    try:
        if path.suffix == ".parquet":
            return pyarrow.parquet.read_table(path)
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
            header = stream.readline().decode("utf-8-sig").strip()
        names = next(iter(_header(header)))
        convert = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
        parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
        return pyarrow.csv.read_csv(path, convert_options=convert, parse_options=parse)
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError, EOFError, zlib.error, StopIteration) as error:
        raise RecordsError(
            f"cannot read {path}: {str(error).splitlines()[0] if str(error) else 'it is empty'}"
        ) from error


def _header(line: str) -> list[list[str]]:
    return list(csv.reader([line])) if line else []


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column if pa.types.is_string(column.type) else pc.cast(column, pa.string())


def _refuse_nameless(table: pa.Table) -> None:
    nameless = pc.index(pc.is_null(table.column("record_id")), value=True).as_py()
    if nameless >= 0:
        raise RecordsError(f"row {nameless + 1} has no record_id; every record needs one")


def _refuse_duplicates(table: pa.Table) -> None:
    counts = pc.value_counts(table.column("record_id").combine_chunks())
    for entry in counts.filter(pc.greater(counts.field("counts"), 1))[:1]:
        shown = entry["values"].as_py()
        raise RecordsError(f"record_id {shown!r} occurs {entry['counts'].as_py()} times; it must be unique")
