"""Comparison forms in PostgreSQL, beside the key index: what a few records are compared with need not be standardised
again.

A record's source and forms stand in one text, joined by a character that no form holds, in the order of `FIELDS`; an
empty one is missing. They are written with the record's keys and leave with them.
"""

import io
from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.db import connection

from matching.canonical import canonical_table
from matching.engine.columns import kind_mask
from matching.engine.prepared import FIELDS, Prepared, prepare
from party_hub.domain.attributes import Kind
from party_hub.models.copy import as_uuids, copy_out

_BETWEEN = "\x1f"
_FORMS = "SELECT record_id, kind, forms FROM matching_recordform WHERE record_id = ANY('{{{ids}}}') ORDER BY record_id"
_TEXTS = dict.fromkeys(("record_id", "kind", "forms"), pa.string())


def write_forms(records: Prepared) -> None:
    """Keep the forms of these records. What was there of them must be gone."""
    table = records.to_arrow()
    columns = [table.column(name) for name in _fields(records.kind)]
    joined = pc.binary_join_element_wise(*columns, _BETWEEN, null_handling="replace", null_replacement="")
    kinds = pa.repeat(pa.scalar(records.kind.value), len(records))
    stream = io.BytesIO()
    rows = pa.table({"record_id": records.ids, "kind": kinds, "forms": joined})
    pyarrow.csv.write_csv(rows, stream, pyarrow.csv.WriteOptions(include_header=False))
    stream.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert("COPY matching_recordform (record_id, kind, forms) FROM STDIN WITH (FORMAT csv)", stream)


def _fields(kind: Kind) -> tuple[str, ...]:
    return ("source", *FIELDS[kind])


def forget_forms(records: Collection[str] | None) -> None:
    """Let the forms of these records go (None: all)."""
    with connection.cursor() as cursor:
        if records is None:
            cursor.execute("TRUNCATE matching_recordform")
        else:
            cursor.execute("DELETE FROM matching_recordform WHERE record_id = ANY(%s::uuid[])", [as_uuids(records)])


def forms_of(records: Collection[str]) -> dict[Kind, Prepared]:
    """These records in comparison form, by kind, each kind in the order of ids.

    Records that were indexed before forms were kept are standardised on the way.
    """
    raw = io.BytesIO(copy_out(_FORMS.format(ids=",".join(records))))
    kept = pyarrow.csv.read_csv(
        raw,
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(column_types=_TEXTS),
    )
    tables = {kind: [_apart(kept.filter(pc.equal(kept.column("kind"), kind.value)), kind)] for kind in Kind}
    if missing := set(records).difference(kept.column("record_id").to_pylist()):
        table = canonical_table(missing)
        for kind in Kind:
            tables[kind].append(prepare(table.filter(kind_mask(table, kind)), kind).to_arrow())
    joined = {kind: pa.concat_tables(parts).sort_by("record_id") for kind, parts in tables.items()}
    return {kind: Prepared.from_arrow(table, kind) for kind, table in joined.items() if table.num_rows}


def _apart(table: pa.Table, kind: Kind) -> pa.Table:
    parts = pc.split_pattern(table.column("forms"), _BETWEEN)
    columns = {"record_id": table.column("record_id")}
    for number, name in enumerate(_fields(kind)):
        form = pc.list_element(parts, number)
        columns[name] = pc.if_else(pc.equal(form, ""), None, form)
    return pa.table(columns)
