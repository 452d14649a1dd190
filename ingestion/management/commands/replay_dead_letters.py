"""`manage.py replay_dead_letters`: give events that were refused another chance, once what was wrong is put right."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ingestion.dead_letters import replay_dead_letters


class Command(BaseCommand):
    """Sends dead letters that were not replayed yet to the topic that the listener reads."""

    help = (
        "Send dead letters to the listener again, each once, with their original bytes; what is still bad comes back."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--limit", type=int, default=10_000, metavar="N", help="at most so many (10000)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, limit: int, **options: Any) -> None:
        """Replay, then say how many."""
        replayed = replay_dead_letters(actor="command", limit=limit)
        self.stdout.write(
            json.dumps({"replayed": replayed}) if options["json"] else f"{replayed:,} dead letters sent again."
        )
