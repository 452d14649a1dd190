"""Records of the key index in PostgreSQL, each with its keys and its comparison form: what a few records are compared
with need not be standardised again.

A record's source and forms stand in one text, joined by a character that no form holds, in the order of `FIELDS`; an
empty one is missing. They come with the record's keys and leave with them.
"""

import io
from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.db import connection

from matching.engine.keys import Keys
from matching.engine.prepared import FIELDS, Prepared
from party_hub.domain.attributes import Kind
from party_hub.models.copy import BLOCK, as_array, copy_out

_BETWEEN = "\x1f"
_FORMS = (
    "SELECT record_id, kind, forms FROM matching_indexedrecord WHERE record_id = ANY('{{{ids}}}') ORDER BY record_id"
)
_TEXTS = dict.fromkeys(("record_id", "kind", "forms"), pa.string())
_COLUMNS = "COPY matching_indexedrecord (record_id, kind, forms, keys) FROM STDIN WITH (FORMAT csv{freeze})"


def write_records(records: Prepared, keys: Keys, *, cleared: bool = False) -> None:
    """Keep the forms and keys of these records (the rows of `keys`). What was there of them must be gone; where all was
    `cleared` in this transaction the rows need no vacuum.
    """
    table = records.to_arrow()
    columns = [table.column(name) for name in _fields(records.kind)]
    joined = pc.binary_join_element_wise(*columns, _BETWEEN, null_handling="replace", null_replacement="")
    kinds = pa.repeat(pa.scalar(records.kind.value), len(records))
    stream = io.BytesIO()
    rows = pa.table({"record_id": records.ids, "kind": kinds, "forms": joined, "keys": _lists(keys, len(records))})
    pyarrow.csv.write_csv(rows, stream, pyarrow.csv.WriteOptions(include_header=False))
    stream.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(_COLUMNS.format(freeze=", FREEZE" if cleared else ""), stream, BLOCK)


def _lists(keys: Keys, count: int) -> pa.Array:
    """The keys of each of `count` records, as PostgreSQL reads an array."""
    order = np.argsort(keys.rows, kind="stable")
    starts = np.searchsorted(keys.rows[order], np.arange(count + 1)).astype(np.int32)
    texts = pa.array(keys.keys.view(np.int64)[order]).cast(pa.string())
    return pc.binary_join_element_wise("{", pc.binary_join(pa.ListArray.from_arrays(starts, texts), ","), "}", "")


def _fields(kind: Kind) -> tuple[str, ...]:
    return ("source", *FIELDS[kind])


def forget_records(records: Collection[str] | None) -> None:
    """Let these records go (None: all)."""
    with connection.cursor() as cursor:
        if records is None:
            cursor.execute("TRUNCATE matching_indexedrecord")
        else:
            cursor.execute("DELETE FROM matching_indexedrecord WHERE record_id = ANY(%s::uuid[])", [as_array(records)])


def forms_of(records: Collection[str]) -> dict[Kind, Prepared]:
    """Those of these records that are in the index in comparison form, by kind, each kind in the order of ids."""
    raw = io.BytesIO(copy_out(_FORMS.format(ids=",".join(records))))
    kept = pyarrow.csv.read_csv(
        raw,
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(column_types=_TEXTS),
    )
    tables = {kind: _apart(kept.filter(pc.equal(kept.column("kind"), kind.value)), kind) for kind in Kind}
    return {kind: Prepared.from_arrow(table, kind) for kind, table in tables.items() if table.num_rows}


def _apart(table: pa.Table, kind: Kind) -> pa.Table:
    parts = pc.split_pattern(table.column("forms"), _BETWEEN)
    columns = {"record_id": table.column("record_id")}
    for number, name in enumerate(_fields(kind)):
        form = pc.list_element(parts, number)
        columns[name] = pc.if_else(pc.equal(form, ""), None, form)
    return pa.table(columns)
