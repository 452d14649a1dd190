"""`manage.py match`: match the records that wait, or all of them."""

import json as jsonlib
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from matching.actions.run_match import run_match
from matching.runners import choose_runner, whole_components
from party_hub.chain import Step, hand_over


class Command(BaseCommand):
    """Runs the matcher in this process and hands over to the review tasks."""

    help = "Match the records that wait (or all with --full) and bring parties in line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to match, and by which runner."""
        parser.add_argument("--full", action="store_true", help="match all records anew, not only those that wait")
        parser.add_argument("--runner", choices=["auto", "local", "spark"], default="auto")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, full: bool, runner: str, json: bool, **options: Any) -> None:
        """Match and say what came of it."""
        name, chosen = choose_runner(runner)
        run = run_match(actor="system:match", full=full, runner=chosen, runner_name=name, divide=whole_components)
        if run.clusters_changed or run.suggested:
            hand_over(Step.REFRESH_TASKS)
        report = {
            "kind": run.kind,
            "runner": run.runner,
            "model": run.model_version,
            "records": run.records,
            "pairs": run.pairs,
            "automatic": run.automatic,
            "suggested": run.suggested,
            "clusters_changed": run.clusters_changed,
            "seconds": run.seconds,
        }
        if json:
            self.stdout.write(jsonlib.dumps(report))
            return
        self.stdout.write(
            f"{run.records:,} records, {run.pairs:,} pairs compared: {run.automatic:,} joined, "
            f"{run.suggested:,} to review, {run.clusters_changed:,} clusters changed, "
            f"in {sum(run.seconds.values()):.1f} s."
        )
