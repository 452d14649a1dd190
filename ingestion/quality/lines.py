"""Which rows break a rule that Great Expectations has found broken: one pass of native expressions for all such rules.

To ask Great Expectations for the rows costs a pass for each rule, and seconds even for a small file.
"""

from collections.abc import Sequence
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from ingestion.mapping.adapter import Rule

from .rows import UncheckableRule, resolved

_STEM = "expect_column_values_to_"


def failing_lines(rows: DataFrame, rules: Sequence[Rule], most: int | None = None) -> list[list[int]]:
    """For each rule the lines of `rows` that break it, in their order; of each at most `most`, where that is given.

    Raises UncheckableRule for an expectation that is none of single values or keys.
    """
    if not rules:
        return []
    parts = [_breaking(rows, rule).select(F.lit(at).alias("rule"), "line") for at, rule in enumerate(rules)]
    if most is not None:
        parts = [part.limit(most) for part in parts]
    lines: list[list[int]] = [[] for _ in rules]
    for row in reduce(DataFrame.unionAll, parts).collect():
        lines[row["rule"]].append(int(row["line"]))
    return [sorted(found) for found in lines]


def _breaking(rows: DataFrame, rule: Rule) -> DataFrame:
    if rule.expectation == f"{_STEM}be_unique":
        again = rows.where(F.col(rule.column).isNotNull()).groupBy(rule.column).count().where("count > 1")
        return rows.join(again, rule.column, "left_semi")
    return rows.where(_broken(rule))


def _broken(rule: Rule) -> Column:
    """The condition under which a row breaks the rule. A missing value breaks none but that it must be there."""
    value, options = F.col(rule.column), resolved(rule.options)
    match rule.expectation.removeprefix(_STEM):
        case "be_null":
            return value.isNotNull()
        case "not_be_null":
            return value.isNull()
        case "be_in_set":
            return ~value.isin(*options["value_set"])
        case "not_be_in_set":
            return value.isin(*options["value_set"])
        case "match_regex":
            return ~value.rlike(options["regex"])
        case "not_match_regex":
            return value.rlike(options["regex"])
        case "be_between":
            low, high = options.get("min_value"), options.get("max_value")
            outside = [value < F.lit(low)] if low is not None else []
            outside += [value > F.lit(high)] if high is not None else []
            return reduce(Column.__or__, outside, F.lit(False))
    raise UncheckableRule(f"{rule.expectation} cannot say which rows break it.")
