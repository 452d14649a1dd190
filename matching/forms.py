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
from matching.index import id_bytes
from party_hub.domain.attributes import Kind
from party_hub.models.copy import as_array, copy_out
from party_hub.models.copy_binary import BIGINT, arrays, copy_binary, fixed, same, text

_BETWEEN = "\x1f"
_FORMS = (
    "SELECT record_id, kind, forms FROM matching_indexedrecord WHERE record_id = ANY('{{{ids}}}') ORDER BY record_id"
)
_TEXTS = dict.fromkeys(("record_id", "kind", "forms"), pa.string())


def write_records(records: Prepared, keys: Keys, *, cleared: bool = False) -> None:
    """Keep the forms and keys of these records (the rows of `keys`). What was there of them must be gone; where all was
    `cleared` in this transaction the rows need no vacuum.
    """
    table = records.to_arrow()
    columns = [table.column(name) for name in _fields(records.kind)]
    joined = pc.binary_join_element_wise(*columns, _BETWEEN, null_handling="replace", null_replacement="")
    order = np.argsort(keys.rows, kind="stable")
    starts = np.searchsorted(keys.rows[order], np.arange(len(records) + 1))
    fields = {
        "record_id": fixed(id_bytes(records.ids.to_pylist())),
        "kind": same(records.kind.value, len(records)),
        "forms": text(joined.combine_chunks()),
        "keys": arrays(keys.keys.view(np.int64)[order], starts, BIGINT),
    }
    copy_binary("matching_indexedrecord", fields, freeze=cleared)


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
