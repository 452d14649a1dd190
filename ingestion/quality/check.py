"""Checks a DataFrame of canonical rows against an adapter's rules with Great Expectations.

Great Expectations counts and judges all rules in one pass; native expressions say which rows break those
that are broken. One ephemeral context a process; nothing is written and nothing is sent anywhere.
"""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from ingestion.mapping.adapter import Rule, Severity

from .dimensions import dimension_of
from .lines import failing_lines
from .rows import UncheckableRule, resolved

os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")

_COUNTS = {"result_format": "BASIC", "partial_unexpected_count": 0}
_HOW = "Let an administrator mend the rule, and retry the run."
_NOTED = 20  # failing rows that a note shows


class QualityError(RuntimeError):
    """A rule could not be checked at all: it is badly declared, or its column is missing."""


@dataclass(frozen=True)
class Verdict:
    """What became of one rule: rows looked at, rows that break it, and whether that is within what the rule allows.

    `lines` are the first failing rows of a rule that only takes a note.
    """

    code: str
    column: str
    says: str
    dimension: str
    severity: str
    passed: bool
    rows: int
    failing: int
    lines: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For the run's record."""
        return asdict(self)


@dataclass(frozen=True)
class Report:
    """All verdicts, and the failing lines of each broken rule that sets rows aside."""

    verdicts: tuple[Verdict, ...]
    lines: Sequence[tuple[Rule, list[int]]] = ()

    @property
    def stop(self) -> Verdict | None:
        """The first broken rule that stops the run."""
        broken = (verdict for verdict in self.verdicts if not verdict.passed and verdict.severity == Severity.STOP)
        return next(broken, None)


def check(spark: SparkSession, folder: Path, rules: Sequence[Rule]) -> Report:
    """Check the rows in `folder` (Parquet with `line` and the rules' columns) against `rules`. Raises QualityError."""
    if not rules:
        return Report(())
    rows, columns = spark.read.parquet(folder.as_uri()), dict.fromkeys(rule.column for rule in rules)
    # A row without a key has none to share; that it has none, another rule says.
    # Not cached: to read these few columns of Parquet again takes less than to keep them (measured: by a third).
    watched = rows.select(*columns).replace("", None, ["key"] if "key" in columns else []).coalesce(2)
    try:
        results = _run(watched, rules)
        verdicts = tuple(
            Verdict(
                code=rule.code,
                column=rule.column,
                says=rule.says,
                dimension=dimension_of(rule),
                severity=rule.severity,
                passed=bool(found["success"]),
                rows=int(found["result"].get("element_count", 0)),
                failing=int(found["result"].get("unexpected_count", 0)),
            )
            for rule, found in zip(rules, results, strict=True)
        )
        broken = [rule for rule, verdict in zip(rules, verdicts, strict=True) if not verdict.passed]
        strict = [rule for rule in broken if rule.severity is Severity.QUARANTINE]
        lines = list(zip(strict, failing_lines(folder, strict), strict=True))
        # A rule that leaves room for some shows which rows they are, too.
        noted = [
            rule
            for rule, verdict in zip(rules, verdicts, strict=True)
            if verdict.failing and rule.severity is Severity.WARN
        ]
        first = dict(zip((rule.code for rule in noted), failing_lines(folder, noted, _NOTED), strict=True))
        return Report(tuple(replace(verdict, lines=first.get(verdict.code, [])) for verdict in verdicts), lines)
    except UncheckableRule as problem:
        raise QualityError(f"{problem} {_HOW}") from problem


@cache
def _context() -> tuple[Any, Any]:
    """The context of this process and the batch definition that takes any DataFrame.

    Imported late: it takes seconds.
    """
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        analytics_enabled=False,
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    source = context.data_sources.add_or_update_spark("feeds", persist=False)
    return context, source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("whole")


def _run(rows: DataFrame, rules: Sequence[Rule]) -> list[dict[str, Any]]:
    import great_expectations as gx
    from great_expectations import expectations

    context, batch = _context()
    suite = gx.ExpectationSuite(name="rules")
    for at, rule in enumerate(rules):
        made = getattr(expectations, "".join(part.capitalize() for part in rule.expectation.split("_")))
        suite.add_expectation(made(column=rule.column, meta={"at": at}, **resolved(rule.options)))
    suite = context.suites.add_or_update(suite)
    definition = context.validation_definitions.add_or_update(
        gx.ValidationDefinition(name="rules", data=batch, suite=suite)
    )
    outcome = definition.run(batch_parameters={"dataframe": rows}, result_format=_COUNTS)
    found: list[dict[str, Any]] = [{} for _ in rules]
    for result in outcome.results:
        if result.exception_info.get("raised_exception"):
            told = str(result.exception_info["exception_message"]).rstrip(".")
            raise QualityError(f"{result.expectation_config.type} cannot be checked: {told}. {_HOW}")
        found[result.expectation_config.meta["at"]] = {"success": result.success, "result": result.result}
    return found
