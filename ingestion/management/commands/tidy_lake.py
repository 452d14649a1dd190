"""`manage.py tidy_lake`: remove from the lake what it need not keep any longer."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ingestion.lake import LakeError
from ingestion.retention import tidy_lake


class Command(BaseCommand):
    """Applies `LAKE_KEPT_DAYS`; the schedule does so each night."""

    help = "Remove sets from the lake that are older than LAKE_KEPT_DAYS says; what is still needed stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--dry-run", action="store_true", help="remove nothing, only say what would go")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        """Tidy up, then say what went."""
        try:
            tidied = tidy_lake(dry_run=dry_run)
        except LakeError as problem:
            raise CommandError(str(problem)) from problem
        if options["json"]:
            self.stdout.write(json.dumps({"removed": tidied.removed, "dry_run": dry_run}))
            return
        for names in tidied.removed.values():
            for name in names:
                self.stdout.write(name)
        self.stdout.write(f"{tidied.count:,} sets {'would go' if dry_run else 'removed'}.")
