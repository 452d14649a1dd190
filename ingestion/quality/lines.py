"""Which rows break a rule that Great Expectations has found broken: one pass over their Parquet, by Arrow.

To ask Great Expectations for the rows costs a pass for each rule, and seconds even for a small file.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import reduce
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from ingestion.mapping.adapter import Rule

from .rows import UncheckableRule, resolved

_STEM = "expect_column_values_to_"
Breaking = Callable[[pa.Array], pa.BooleanArray]


def failing_lines(folder: Path, rules: Sequence[Rule], most: int | None = None) -> list[list[int]]:
    """For each rule the lines of the rows in `folder` that break it, in their order; of each at most the first `most`,
    where that is given.

    Raises UncheckableRule for an expectation that is none of single values or keys.
    """
    if not rules:
        return []
    lines: list[list[int]] = [[] for _ in rules]
    breaking = [_breaking(folder, rule) for rule in rules]
    for batch in _batches(folder, ["line", *dict.fromkeys(rule.column for rule in rules)]):
        for rule, breaks, found in zip(rules, breaking, lines, strict=True):
            found += batch["line"].filter(breaks(batch[rule.column])).to_pylist()
    return [sorted(found)[:most] for found in lines]


def _batches(folder: Path, columns: Sequence[str]) -> Iterator[dict[str, pa.Array]]:
    """The rows' columns, streamed. A row without a key has none to share: that it has none, another rule says."""
    for batch in ds.dataset(sorted(folder.glob("part-*.parquet")), format="parquet").to_batches(columns=list(columns)):
        found = dict(zip(columns, batch.columns, strict=True))
        if "key" in found:
            found["key"] = pc.if_else(pc.equal(found["key"], ""), None, found["key"])
        yield found


def _breaking(folder: Path, rule: Rule) -> Breaking:
    """Tells of a column's values which break the rule. A missing value breaks none but that it must be there."""
    options = resolved(rule.options)
    match rule.expectation.removeprefix(_STEM):
        case "be_null":
            return lambda values: pc.is_valid(values)
        case "not_be_null":
            return lambda values: pc.is_null(values)
        case "be_unique":
            again = _repeated(folder, rule.column)
            return lambda values: pc.is_in(values, again)
        case "be_in_set":
            return lambda values: pc.and_(pc.is_valid(values), pc.invert(_among(values, options)))
        case "not_be_in_set":
            return lambda values: pc.and_(pc.is_valid(values), _among(values, options))
        case "match_regex":
            return lambda values: _matching(values, options, wanted=False)
        case "not_match_regex":
            return lambda values: _matching(values, options, wanted=True)
        case "be_between":
            return lambda values: _outside(values, options)
    raise UncheckableRule(f"{rule.expectation} cannot say which rows break it.")


def _repeated(folder: Path, column: str) -> pa.Array:
    """The values that several rows have."""
    counted = pa.chunked_array([batch[column] for batch in _batches(folder, [column])]).value_counts()
    values, counts = counted.flatten()
    return values.filter(pc.and_(pc.greater(counts, 1), pc.is_valid(values)))


def _among(values: pa.Array, options: Mapping[str, Any]) -> pa.BooleanArray:
    return pc.is_in(values, pa.array(options["value_set"], values.type))


def _matching(values: pa.Array, options: Mapping[str, Any], *, wanted: bool) -> pa.BooleanArray:
    """Which values match, or do not, by Python's own expressions: Arrow's end a text elsewhere."""
    search = re.compile(options["regex"]).search
    return pa.array([text is not None and (search(text) is not None) is wanted for text in values.to_pylist()])


def _outside(values: pa.Array, options: Mapping[str, Any]) -> pa.BooleanArray:
    low, high = (_bound(options.get(name), values.type) for name in ("min_value", "max_value"))
    outside = [pc.less(values, low)] if low is not None else []
    outside += [pc.greater(values, high)] if high is not None else []
    return reduce(pc.or_, outside, pa.repeat(pa.scalar(False), len(values)))


def _bound(bound: Any, kind: pa.DataType) -> Any:
    """A bound that a column's values can be compared with: a day begins at midnight, and all is meant in UTC."""
    if not pa.types.is_timestamp(kind) or not isinstance(bound, date):
        return bound
    moment = bound if isinstance(bound, datetime) else datetime(bound.year, bound.month, bound.day)
    return pa.scalar(moment.replace(tzinfo=moment.tzinfo or UTC), kind)
