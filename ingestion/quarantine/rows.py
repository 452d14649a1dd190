"""A row in quarantine taken apart, and looked at again under its feed's mapping and rules."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingestion.mapping.adapter import Adapter, Severity, folded
from ingestion.mapping.kernel import Kernel
from ingestion.mapping.rules import READABLE
from ingestion.models import RejectedRow
from ingestion.quality.rows import breaks


@dataclass(frozen=True)
class Checked:
    """What a row is under the mapping: a canonical row (`ingestion.mapping.kernel.MAPPED`), and why it cannot come in.

    `field` is the file's column to look at, "" where it is the whole row; `reason` is "" for a row that may come in.
    """

    mapped: Mapping[str, Any]
    field: str = ""
    reason: str = ""
    rule: str = ""


def columns_of(row: RejectedRow, adapter: Adapter) -> list[str]:
    """The columns of the row's file; the adapter's, where the run does not know them."""
    return list(row.run.columns) or list(adapter.columns)


def values_of(row: RejectedRow, adapter: Adapter) -> dict[str, str]:
    """The row by its file's columns: as somebody corrected it, else as it came. What cannot be parted is left empty."""
    columns = columns_of(row, adapter)
    found = row.fixed if row.fixed is not None else _object(row.raw)
    if found is None:
        found = dict(zip(columns, _cells(row.raw, adapter.format.delimiter), strict=False))
    return {column: _text(found.get(column)) for column in dict.fromkeys([*columns, *found])}


def _object(raw: str) -> dict[str, Any] | None:
    try:
        found = json.loads(raw)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def _cells(raw: str, delimiter: str) -> list[str]:
    """The cells of a row that has too few or too many, as far as they can be told apart."""
    try:
        return next(csv.reader([raw], delimiter=delimiter), [])
    except csv.Error:
        return []


def check_rows(rows: Sequence[Mapping[str, str]], columns: Sequence[str], adapter: Adapter) -> list[Checked]:
    """Map rows with these columns and check each alone: the first rule that it breaks in the adapter's order speaks.

    Rules that only take a note do not keep a row out. Whether a key is taken already is for the caller to see.
    """
    by_folded = {folded(column): column for column in reversed(columns)}
    named = {name: by_folded[folded(name)] for name in adapter.columns if folded(name) in by_folded}
    cells = [[row.get(column) or None for row in rows] for column in named.values()]
    mapped = Kernel(adapter, list(named)).map(range(len(rows)), cells or [[None] * len(rows)])
    return [_checked(row, adapter, named) for row in mapped.to_pylist()]


def _checked(mapped: dict[str, Any], adapter: Adapter, named: Mapping[str, str]) -> Checked:
    for rule in adapter.rules:
        if rule.severity is Severity.WARN or not breaks(rule, mapped):
            continue
        if rule.code == READABLE.code:
            field = mapped["problem_field"] or ""
            return Checked(mapped, named.get(field, field), mapped["problem_reason"], rule.code)
        field = adapter.source_column(rule.column)
        return Checked(mapped, named.get(field, field), rule.says, rule.code)
    return Checked(mapped)
