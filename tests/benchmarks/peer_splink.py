"""Splink on DuckDB over the same file as the matcher: `python peer_splink.py FILE --truth COLUMN`, in the environment
of `tests/benchmarks/requirements.txt`, which knows nothing of the hub.

Set up as Splink's guides advise: its comparison library with term frequencies, several blocking rules, expectation
maximisation, individuals apart from organisations; names, dates and numbers get a light cleaning before. Prints one
JSON object shaped as that of `evaluate_matching`.
"""

import argparse
import json
import logging
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

# The probability at which Splink's own examples join.
PROBABILITY = 0.95
FILLED = 0.02  # a column that fewer records fill is left out
_LEGAL = "inc|incorporated|llc|corp|corporation|co|company|ltd|limited|plc|llp|lp|gmbh|ag|kg|sa|sas|srl|spa|bv|nv|oy|ab"
_FORMATS = "['%Y-%m-%d', '%Y%m%d', '%Y/%m/%d', '%d/%m/%Y', '%m/%d/%Y', '%d.%m.%Y']"
_TEXT = "nullif(trim(regexp_replace(lower(strip_accents({0})), '[^a-z0-9]+', ' ', 'g')), '')"
_DIGITS = "nullif(regexp_extract(regexp_replace({0}, '[^0-9]', '', 'g'), '^[0-9]{{5,}}$'), '')"
_NAME = f"nullif(trim(regexp_replace({_TEXT}, '\\b({_LEGAL})\\b', '', 'g')), '')"
_DATE = f"strftime(try_strptime(nullif({{0}}, ''), {_FORMATS}), '%Y-%m-%d')"
_CLEANING = {
    "given_name": _TEXT, "family_name": _TEXT, "full_name": _NAME, "date_of_birth": _DATE,
    "national_id": _DIGITS, "tax_id": _DIGITS, "lei": "nullif(upper(trim({0})), '')",
    "address": _TEXT, "city": _TEXT, "postcode": _TEXT,
    "email": "nullif(lower(trim({0})), '')", "phone": f"right({_DIGITS}, 9)",
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """How records of one kind are linked; what needs a column that the file lacks is left out."""

    compared: tuple[str, ...]
    blocks: tuple[tuple[str, ...], ...]
    sure: tuple[tuple[str, ...], ...]
    trained: tuple[tuple[str, ...], ...]


PLANS = {
    "individual": Plan(
        compared=(
            "given_name", "family_name", "date_of_birth", "tax_id", "national_id", "address", "postcode", "email",
            "phone",
        ),
        blocks=(
            ("tax_id",), ("national_id",), ("email",), ("phone",), ("date_of_birth", "family_name"),
            ("date_of_birth", "given_name"), ("address", "family_name"), ("postcode", "family_name"),
            ("postcode", "given_name"), ("date_of_birth", "postcode"), ("given_name", "family_name", "city"),
        ),
        sure=(("given_name", "family_name", "date_of_birth"), ("email", "date_of_birth")),
        trained=(("date_of_birth",), ("given_name", "family_name")),
    ),
    "organisation": Plan(
        compared=("full_name", "lei", "tax_id", "address", "postcode", "email", "phone"),
        blocks=(
            ("tax_id",), ("lei",), ("email",), ("phone",), ("full_name",), ("postcode", "substr(full_name, 1, 4)"),
            ("address", "substr(full_name, 1, 3)"), ("substr(full_name, 1, 8)", "city"),
        ),
        sure=(("lei",), ("full_name", "address")),
        trained=(("full_name",), ("address",)),
    ),
}  # fmt: skip


@contextmanager
def timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    """Adds what the block takes to that stage."""
    began = time.perf_counter()
    yield
    seconds[stage] = seconds.get(stage, 0.0) + time.perf_counter() - began


def read(file: Path, truth: str) -> duckdb.DuckDBPyConnection:
    """A database whose table `records` holds the cleaned columns that the file has."""
    base = duckdb.connect()
    source = "read_parquet(?)" if file.suffix == ".parquet" else "read_csv(?, all_varchar = true, header = true)"
    base.execute(f"CREATE TABLE raw AS SELECT row_number() OVER () AS unique_id, * FROM {source}", [str(file)])
    present = {row[0] for row in base.execute("DESCRIBE raw").fetchall()}
    cleaned = [f'{how.format(name)} AS "{name}"' for name, how in _CLEANING.items() if name in present]
    kind = "party_type" if "party_type" in present else "'individual'"
    base.execute(
        f"CREATE TABLE records AS SELECT unique_id, CASE WHEN {kind} = 'individual' THEN 'individual' "
        f"ELSE 'organisation' END AS kind, \"{truth}\" AS truth, {', '.join(cleaned)} FROM raw"
    )
    return base


def _comparison(column: str) -> Any:
    if column in {"given_name", "family_name"}:
        made: Any = cl.NameComparison(column)
    elif column == "date_of_birth":
        return cl.DateOfBirthComparison(column, input_is_string=True)
    elif column == "email":
        return cl.EmailComparison(column)
    elif column == "full_name":
        close = [cll.JaroWinklerLevel(column, 0.95), cll.JaroWinklerLevel(column, 0.88), cll.JaccardLevel(column, 0.8)]
        exact = cll.ExactMatchLevel(column, term_frequency_adjustments=True)
        levels = [cll.NullLevel(column), exact, *close, cll.ElseLevel()]
        return cl.CustomComparison(comparison_levels=levels, output_column_name=column)
    elif column == "address":
        made = cl.JaroWinklerAtThresholds(column, [0.95, 0.85])
    else:
        made = cl.DamerauLevenshteinAtThresholds(column, [1])
    return made.configure(term_frequency_adjustments=True)


def link(base: duckdb.DuckDBPyConnection, kind: str, plan: Plan, seconds: dict[str, float]) -> int:
    """Links the records of one kind into the table `clusters_<kind>`; gives how many pairs were scored."""
    columns = [row[0] for row in base.execute("DESCRIBE records").fetchall()][3:]
    counts = ", ".join(f'count("{column}") / count(*)' for column in columns)
    shares = base.execute(f"SELECT count(*), {counts} FROM records WHERE kind = ?", [kind]).fetchone() or (0,)
    if not shares[0]:
        return 0
    filled = {column for column, share in zip(columns, shares[1:], strict=True) if share >= FILLED}

    def possible(rules: tuple[tuple[str, ...], ...]) -> list[Any]:
        return [block_on(*rule) for rule in rules if {_column(part) for part in rule} <= filled]

    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(column) for column in plan.compared if column in filled],
        blocking_rules_to_generate_predictions=possible(plan.blocks),
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )
    with timed(seconds, "train"):
        own = base.execute(f"SELECT * EXCLUDE (kind, truth) FROM records WHERE kind = '{kind}'").to_arrow_table()
        linker = Linker(DuckDBAPI(connection=base).register(own), settings, log_level=logging.ERROR)
        linker.training.estimate_probability_two_random_records_match(possible(plan.sure), recall=0.6)
        linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
        for rule in possible(plan.trained):
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
    with timed(seconds, "predict"):
        predicted = linker.inference.predict(threshold_match_probability=0.01)
    with timed(seconds, "cluster"):
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predicted, threshold_match_probability=PROBABILITY
        )
        base.execute(f"CREATE TABLE clusters_{kind} AS SELECT unique_id, cluster_id FROM {found.physical_name}")
    row = base.execute(f"SELECT count(*) FROM {predicted.physical_name}").fetchone() or (0,)
    return int(row[0])


def _column(part: str) -> str:
    return part.removeprefix("substr(").partition(",")[0]


def pairwise(base: duckdb.DuckDBPyConnection, kinds: list[str]) -> dict[str, float]:
    """Precision, recall and F1 over pairs of records that are in one cluster."""
    clusters = " UNION ALL ".join(
        f"SELECT unique_id, '{kind}' || cluster_id AS found FROM clusters_{kind}" for kind in kinds
    )

    def pairs(by: str) -> int:
        counted = f"SELECT count(*) AS n FROM records LEFT JOIN ({clusters}) USING (unique_id) GROUP BY {by}"
        return int((base.execute(f"SELECT coalesce(sum(n * (n - 1) // 2), 0) FROM ({counted})").fetchone() or (0,))[0])

    found, true = "coalesce(found, 'alone' || unique_id)", "coalesce(nullif(truth, ''), 'alone' || unique_id)"
    both, joined, same = pairs(f"{found}, {true}"), pairs(found), pairs(true)
    precision, recall = both / max(joined, 1), both / max(same, 1)
    return {"precision": precision, "recall": recall, "f1": 2 * both / max(joined + same, 1)}


def main() -> None:
    """Link the file and say how well and how fast."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--truth", required=True)
    options = parser.parse_args()
    began, seconds = time.perf_counter(), dict[str, float]()
    with timed(seconds, "prepare"):
        base = read(options.file, options.truth)
    scored = {kind: link(base, kind, plan, seconds) for kind, plan in PLANS.items()}
    elapsed = time.perf_counter() - began
    rows = base.execute("SELECT count(*) FROM records").fetchone() or (0,)
    report = {
        "file": options.file.name,
        "rows": int(rows[0]),
        "pairs": sum(scored.values()),
        "pairwise": pairwise(base, [kind for kind, pairs in scored.items() if pairs]),
        "seconds": seconds,
        "elapsed_seconds": elapsed,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
