"""The rules for single rows, in plain Python: what a row that comes alone must keep, as Great Expectations has it.

Great Expectations looks at whole files and starts for seconds; a steward who corrects one row waits for none of that.
Both read the same rules, and a test holds them to the same verdicts.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ingestion.mapping.adapter import Rule

_STEM = "expect_column_values_to_"
# Rules about the file as a whole, which one row cannot break.
OF_THE_FILE = frozenset(["be_unique"])


class UncheckableRule(LookupError):
    """The rule's expectation is not one that single rows are checked by."""


def breaks(rule: Rule, row: Mapping[str, Any]) -> bool:
    """Whether the canonical `row` breaks the rule. A missing value breaks none but the one that it must be there.

    Raises UncheckableRule.
    """
    what, value, options = rule.expectation.removeprefix(_STEM), row.get(rule.column), resolved(rule.options)
    if what in OF_THE_FILE:
        return False
    if what == "be_null":
        return value is not None
    if what == "not_be_null":
        return value is None
    return value is not None and not _keeps(what, value, options)


def _keeps(what: str, value: Any, options: Mapping[str, Any]) -> bool:
    match what:
        case "be_in_set":
            return value in options["value_set"]
        case "not_be_in_set":
            return value not in options["value_set"]
        case "be_between":
            return _between(value, options)
        case "match_regex":
            return re.search(options["regex"], value) is not None
        case "not_match_regex":
            return re.search(options["regex"], value) is None
    raise UncheckableRule(f"{_STEM}{what} cannot be checked on a single row.")


def _between(value: Any, options: Mapping[str, Any]) -> bool:
    low, high = (_comparable(options.get(name), value) for name in ("min_value", "max_value"))
    return (low is None or low <= value) and (high is None or value <= high)


def _comparable(bound: Any, value: Any) -> Any:
    """A bound as the value's type: a moment without zone is meant in UTC."""
    if isinstance(bound, datetime) and isinstance(value, datetime) and value.tzinfo is not None:
        return bound.replace(tzinfo=bound.tzinfo or UTC)
    return bound


def resolved(options: Mapping[str, Any]) -> dict[str, Any]:
    """A rule's arguments; `today`, `tomorrow` and ISO days stand for what they are on the day of the run."""
    return {name: _moment(value) if name in ("min_value", "max_value") else value for name, value in options.items()}


def _moment(value: Any) -> Any:
    match value:
        case "today":
            return datetime.now(UTC).date()
        case "tomorrow":
            return datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)
        case str():
            return date.fromisoformat(value)
    return value
