"""`manage.py evaluate_matching`: the matcher on any labelled file. Needs no database."""

import json as jsonlib
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from matching.engine.assess import assess
from matching.engine.columns import RecordsError, read_records
from matching.engine.local import Runner, match_all
from matching.engine.model import ModelError, load
from matching.queries import DEFAULT_MODEL


class Command(BaseCommand):
    """Adapts the model to the file without its answers, or learns from a few of them, then measures all."""

    help = "Match a CSV or Parquet file with canonical columns and compare the clusters with a truth column."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, its truth, and how many answers may be asked for."""
        parser.add_argument("records", metavar="RECORDS", help="CSV (also .gz) or Parquet")
        parser.add_argument(
            "--truth", required=True, metavar="COLUMN", help="column with the true cluster of each record"
        )
        parser.add_argument(
            "--labels", type=int, default=0, metavar="N", help="learn first from N pairs answered from the truth"
        )
        parser.add_argument("--runner", choices=["local", "spark"], default="local")
        parser.add_argument("--seed", type=int, default=0, metavar="S")
        parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="another model than the one that ships")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(
        self, *, records: str, truth: str, labels: int, runner: str, seed: int, model: Path, json: bool, **options: Any
    ) -> None:
        """Measure and print."""
        if labels < 0:
            raise CommandError("--labels must not be negative.")
        try:
            read, known = read_records(records, truth), load(model)
        except (RecordsError, ModelError) as problem:
            raise CommandError(str(problem)) from problem
        for warning in read.warnings:
            print(f"warning: {warning}", file=sys.stderr)
        report = {"file": Path(records).name, "model": known.version, "runner": runner, "labels": labels}
        report |= assess(read, known, _runner(runner), labels, seed)
        self.stdout.write(jsonlib.dumps(report) if json else _as_text(report))


def _runner(name: str) -> Runner:
    if name == "local":
        return match_all
    from matching.engine.spark import SparkRunner  # starts a JVM: only for who asks for it

    return SparkRunner(settings.SPARK_MASTER, settings.SPARK_DRIVER_MEMORY, settings.JAVA_HOME)


def _as_text(report: dict[str, Any]) -> str:
    pairwise, auto = report["pairwise"], report["auto_band"]
    return (
        f"{report['rows']:,} records, {report['pairs']:,} pairs in {sum(report['seconds'].values()):.1f} s: "
        f"F1 {pairwise['f1']:.4f} (precision {pairwise['precision']:.4f}, recall {pairwise['recall']:.4f}); "
        f"automatic band precision {auto['precision']:.4f}."
    )
