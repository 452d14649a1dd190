"""The steps of a feed, each a function from DataFrame to DataFrame.

What Spark can express natively is left to it (reading, numbering, joining, writing); what needs the libraries for
names,
numbers and dates goes through the mapping kernel in Arrow batches.
"""

from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from ingestion.mapping.adapter import Adapter, Kind
from ingestion.mapping.kernel import MAPPED, Kernel

BROKEN = "_broken"  # the text of a row that could not be taken apart
_MAPPED_DDL = ", ".join(
    f"{field.name} "
    + {"int64": "bigint", "string": "string", "bool": "boolean", "date32[day]": "date"}.get(
        str(field.type), "timestamp"
    )
    for field in MAPPED
)


def _quoted(column: str) -> str:
    """A column's name as Spark takes it whatever signs it has, dots above all."""
    return "`" + column.replace("`", "``") + "`"


def read(spark: SparkSession, path: str, adapter: Adapter, columns: list[str]) -> DataFrame:
    """The file's rows as texts under `line`, `columns` (as the file calls them) and `_broken`.

    `line` counts rows as a spreadsheet does: in CSV the header is 1, in XML and JSON lines the first row is 1.
    """
    match adapter.format.kind:
        case Kind.CSV:
            rows = _csv(spark, path, adapter, columns)
        case Kind.XML:
            rows = _xml(spark, path, adapter, columns)
        case Kind.JSON_LINES:
            rows = _json_lines(spark, path, columns)
    first = 2 if adapter.format.kind is Kind.CSV else 1
    # A file with quoted line ends or elements is read as one partition, in which this id counts from 0 without gaps.
    return rows.select((F.monotonically_increasing_id() + F.lit(first)).alias("line"), "*")


def _csv(spark: SparkSession, path: str, adapter: Adapter, columns: list[str]) -> DataFrame:
    schema = StructType([StructField(column, StringType()) for column in [*columns, BROKEN]])
    return (
        spark.read.schema(schema)
        .option("header", True)
        .option("enforceSchema", True)  # the header was checked when the file landed
        .option("sep", adapter.format.delimiter)
        .option("encoding", adapter.format.encoding)
        .option("quote", '"')
        .option("escape", '"')
        .option("multiLine", True)
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", BROKEN)
        .option("ignoreLeadingWhiteSpace", False)
        .option("ignoreTrailingWhiteSpace", False)
        .option("maxCharsPerColumn", -1)
        .option("maxColumns", 20_480)
        .csv(path)
    )


def _xml(spark: SparkSession, path: str, adapter: Adapter, columns: list[str]) -> DataFrame:
    schema = _tree([*columns, BROKEN])
    rows = (
        spark.read.format("xml")
        .schema(schema)
        .option("rowTag", adapter.format.row)
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", BROKEN)
        .option("ignoreNamespace", True)
        .load(path)
    )
    return rows.select(*(F.col(column).alias(column) for column in columns), BROKEN)


def _tree(paths: list[str]) -> StructType:
    """The schema of elements given by their paths; `address.city` lies within `address`."""
    heads = dict.fromkeys(path.partition(".")[0] for path in paths)
    fields = []
    for head in heads:
        below = [path.removeprefix(f"{head}.") for path in paths if path.startswith(f"{head}.")]
        fields.append(StructField(head, _tree(below) if below else StringType()))
    return StructType(fields)


def _json_lines(spark: SparkSession, path: str, columns: list[str]) -> DataFrame:
    # An object where a text is asked for comes as its JSON text, which is what `attributes` is wanted as.
    schema = StructType([StructField(column, StringType()) for column in [*columns, BROKEN]])
    return (
        spark.read.schema(schema)
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", BROKEN)
        .option("multiLine", False)
        .json(path)
        .coalesce(1)
    )


def spread(rows: DataFrame, partitions: int) -> DataFrame:
    """The rows dealt out to `partitions`, so that mapping uses every core."""
    return rows.repartition(partitions, "line")


def map_rows(rows: DataFrame, adapter: Adapter, columns: dict[str, str]) -> DataFrame:
    """Canonical rows (`MAPPED`). `columns` says under which name the file has the adapter's columns."""
    names = list(columns)
    selected = rows.select(
        "line", BROKEN, *(F.col(_quoted(columns[name])).alias(f"c{at}") for at, name in enumerate(names))
    )

    def map_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        kernel = Kernel(adapter, names)
        for batch in batches:
            cells = [batch.column(at).to_pylist() for at in range(2, 2 + len(names))]
            yield kernel.map(batch.column(0).to_pylist(), cells, batch.column(1).to_pylist())

    return selected.mapInArrow(map_batches, _MAPPED_DDL)


def without(rows: DataFrame, rejected: DataFrame) -> DataFrame:
    """The rows whose line is not among `rejected`."""
    return rows.join(F.broadcast(rejected.select("line")), "line", "left_anti")


def with_raw(rejected: DataFrame, rows: DataFrame) -> DataFrame:
    """`rejected` (line, key, field, reason, rule) with `raw`: the row as JSON, or its text where it is broken."""
    columns = [column for column in rows.columns if column not in ("line", BROKEN)]
    as_json = F.to_json(F.struct(*(F.col(_quoted(column)).alias(column) for column in columns)))
    raw = rows.select("line", F.coalesce(F.col(BROKEN), as_json).alias("raw"))
    return raw.join(F.broadcast(rejected), "line")
