"""`manage.py sample_feeds`: write believable feeds, and the truth about them."""

import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from ingestion.sample import write_sample


class Command(BaseCommand):
    """Writes crm.csv, dnb.csv, markit.xml, events.jsonl and truth.csv; the same count and seed give the same bytes."""

    help = "Write crm.csv, dnb.csv, markit.xml, events.jsonl and truth.csv: deterministic, believable, nobody real."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, which and where to."""
        parser.add_argument(
            "--records", type=int, default=10_000, metavar="N", help="records of CRM, D&B and Markit together (10000)"
        )
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="another seed, another population (1)")
        parser.add_argument(
            "--out", type=Path, required=True, metavar="DIR", help="folder to write to; made where missing"
        )
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *, records: int, seed: int, out: Path, json: bool, **options: Any) -> None:
        """Write the files and say what is in them."""
        if records < 1:
            raise CommandError("--records must be at least 1.")
        started = time.perf_counter()
        bar = tqdm(total=records, unit=" records", disable=json or not sys.stderr.isatty())
        try:
            with bar:
                written = write_sample(
                    records=records, seed=seed, out=out, progress=lambda done: bar.update(done - bar.n) and None
                )
        except OSError as problem:
            raise CommandError(f"Cannot write to {out}: {problem.strerror}.") from problem
        report = vars(written) | {"seconds": round(time.perf_counter() - started, 2)}
        self.stdout.write(_as_json(report) if json else _as_text(report, out))


def _as_json(report: dict[str, Any]) -> str:
    return json.dumps(report)


def _as_text(report: dict[str, Any], out: Path) -> str:
    return (
        f"{out}: {report['crm']:,} CRM, {report['dnb']:,} D&B and {report['markit']:,} Markit records "
        f"of {report['parties']:,} parties, "
        f"{report['events']:,} events, in {report['seconds']} s."
    )
