"""`manage.py rebuild`: derived state from the facts, recomputed or verified."""

import json as jsonlib
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matching.actions.rebuild import rebuild


class Command(BaseCommand):
    """Recomputes links, clusters and golden records. With --verify it changes nothing and fails where they differ."""

    help = "Recompute derived state from records, decisions, rules and model; --verify only compares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to change anything."""
        parser.add_argument(
            "--verify", action="store_true", help="change nothing; exit 1 where stored and derived state differ"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, verify: bool, json: bool, **options: Any) -> None:
        """Recompute or compare, and report every difference."""
        outcome = rebuild(actor="system:rebuild", verify=verify)
        self.stdout.write(
            jsonlib.dumps(asdict(outcome))
            if json
            else f"{outcome.parties:,} parties, {outcome.differences:,} differences."
        )
        if verify and outcome.differences:
            raise CommandError(f"{outcome.differences} differences between stored and derived state.")
