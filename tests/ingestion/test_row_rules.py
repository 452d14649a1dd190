"""A row that comes alone is judged as Great Expectations judges it in its file, for every rule of every feed."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.feeds import adapters
from ingestion.mapping.adapter import Rule, Severity
from ingestion.mapping.canonical_rows import MAPPED
from ingestion.quality.rows import OF_THE_FILE, UncheckableRule, breaks

DAYS = [None, date(1850, 1, 1), date(1984, 3, 12), date(2190, 1, 1)]
MOMENTS = [None, datetime(2026, 1, 1, tzinfo=UTC), datetime(2190, 1, 1, tzinfo=UTC), datetime(1950, 1, 1, tzinfo=UTC)]
TEXTS = [None, "150483782", "12AB", "crm"]


def rules() -> list[Rule]:
    """Every rule of the feeds once, except those that only a whole file can break."""
    found = {rule.code: rule for adapter in adapters().values() for rule in adapter.rules}
    return [rule for rule in found.values() if not rule.code.endswith(tuple(OF_THE_FILE))]


def rows() -> list[dict[str, Any]]:
    """Canonical rows with something good, bad and nothing in each column that a rule looks at."""
    columns = {rule.column for rule in rules()}
    made = []
    for at in range(4):
        row: dict[str, Any] = dict.fromkeys(columns, TEXTS[at])
        row |= {"date_of_birth": DAYS[at], "effective_at": MOMENTS[at]}
        row |= {name: (None, True, False, None)[at] for name in columns if name.endswith(("_valid", "_agrees"))}
        made.append({"line": at, **row})
    return made


@pytest.mark.spark
def test_single_rows_and_whole_files_come_to_the_same_verdict(tmp_path: Path) -> None:
    from ingestion.quality.check import check
    from ingestion.spark.session import session
    from ingestion.stages import spark_options

    strict = [
        Rule(
            rule.expectation,
            rule.column,
            rule.says,
            Severity.QUARANTINE,
            {name: value for name, value in rule.options.items() if name != "mostly"},
        )
        for rule in rules()
    ]
    names = list(rows()[0])
    staged = pa.Table.from_pylist(rows(), pa.schema([MAPPED.field(name) for name in names]))
    pq.write_table(staged, tmp_path / "part-00000.parquet")
    report = check(session(spark_options()), tmp_path, strict)
    in_file = {rule.code: set(lines) for rule, lines in report.lines}
    alone = {rule.code: {row["line"] for row in rows() if breaks(rule, row)} for rule in strict}
    assert {code: lines for code, lines in alone.items() if lines} == in_file


def test_the_first_lines_that_break_a_rule_are_told_across_the_parts_of_a_file(tmp_path: Path) -> None:
    from ingestion.quality.lines import failing_lines

    columns = [MAPPED.field(name) for name in ("line", "key", "effective_at")]
    for part, first in enumerate((2, 5)):
        keys = enumerate(("a", "", "b"))
        staged = [{"line": first + at, "key": key, "effective_at": MOMENTS[at]} for at, key in keys]
        pq.write_table(pa.Table.from_pylist(staged, pa.schema(columns)), tmp_path / f"part-{part:05}.parquet")
    asked = [
        Rule("expect_column_values_to_be_unique", "key", ""),
        Rule("expect_column_values_to_not_be_null", "key", ""),
        Rule("expect_column_values_to_be_between", "effective_at", "", options={"max_value": "2026-12-31"}),
        Rule("expect_column_values_to_match_regex", "key", "", options={"regex": "^a$"}),
    ]
    assert failing_lines(tmp_path, asked) == [[2, 4, 5, 7], [3, 6], [4, 7], [4, 7]]
    assert failing_lines(tmp_path, asked, 1) == [[2], [3], [4], [4]]


def test_a_rule_that_single_rows_cannot_be_checked_by_says_so() -> None:
    rule = Rule("expect_column_values_to_be_dateutil_parseable", "key", "", Severity.QUARANTINE)
    with pytest.raises(UncheckableRule):
        breaks(rule, {"key": "x"})
