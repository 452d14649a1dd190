"""Which rows are set aside, and why: each broken rule's failing lines; the first rule of the adapter speaks."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds

from ingestion.mapping.adapter import Adapter, Rule
from ingestion.mapping.rules import ONE_ROW_A_KEY, READABLE
from ingestion.quality.check import Report

Aside = tuple[str, str, str, str]
_LOOKED_AT = ["line", "key", "effective_at", "problem_field", "problem_reason"]
_EVER = datetime(1, 1, 1, tzinfo=UTC)


def set_aside(staged: Path, report: Report, adapter: Adapter) -> dict[int, Aside]:
    """Of the rows that break a rule that costs them their place: line → key, field, reason, rule."""
    failing = sorted({line for _, lines in report.lines for line in lines})
    if not failing:
        return {}
    found = ds.dataset(staged, format="parquet").to_table(
        columns=_LOOKED_AT, filter=ds.field("line").isin(pa.array(failing, pa.int64()))
    )
    rows = {row["line"]: row for row in found.to_pylist()}
    aside: dict[int, Aside] = {}
    for rule, lines in report.lines:
        for line, field, reason in _reasons(rule, [rows[line] for line in lines], adapter):
            aside.setdefault(line, (rows[line]["key"] or "", field, reason, rule.code))
    return aside


def _reasons(rule: Rule, rows: list[dict[str, Any]], adapter: Adapter) -> Iterable[tuple[int, str, str]]:
    if rule.code == READABLE.code:
        return [(row["line"], row["problem_field"] or "", row["problem_reason"]) for row in rows]
    if rule.code == ONE_ROW_A_KEY.code:
        return _repeated(rows, adapter)
    field = adapter.source_column(rule.column)
    return [(row["line"], field, rule.says) for row in rows]


def _repeated(rows: list[dict[str, Any]], adapter: Adapter) -> Iterable[tuple[int, str, str]]:
    """Of the rows with one key, the one that takes effect last is taken (of several, the first in the file); the
    others wait.

    Rows that cannot be read do not count: they are set aside anyway.
    """
    kept: dict[str, dict[str, Any]] = {}
    readable = [row for row in rows if row["problem_reason"] is None]
    for row in readable:
        other = kept.setdefault(row["key"], row)
        if _turn(row) > _turn(other):
            kept[row["key"]] = row
    for row in readable:
        line = kept[row["key"]]["line"]
        if row["line"] != line:
            yield row["line"], adapter.key, f"The key occurs more than once in the file; line {line} was taken."


def _turn(row: dict[str, Any]) -> tuple[datetime, int]:
    return row["effective_at"] or _EVER, -row["line"]
