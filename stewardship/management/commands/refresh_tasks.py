"""`manage.py refresh_tasks`: bring the review queue in step with candidate pairs, held links and decisions."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from stewardship.actions.refresh_tasks import refresh_tasks


class Command(BaseCommand):
    """Opens, updates and dismisses review tasks."""

    help = "Bring the review queue in step with candidate pairs, held links and decisions."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--json`."""
        parser.add_argument("--json", action="store_true", help="print the counts as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the refresh and reports."""
        counts = refresh_tasks().as_dict()
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        else:
            self.stdout.write(
                "{opened} tasks opened, {changed} changed, {dismissed} dismissed; {open} open.".format(**counts)
            )
