"""`manage.py listen_events`: take events in from Kafka until told to stop."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ingestion.listener import Listener
from party_hub.events.kafka import ensure_topics


class Command(BaseCommand):
    """Runs a listener in the foreground."""

    requires_system_checks = ()  # it serves no pages
    help = "Take events in from Kafka until SIGTERM or Ctrl-C; the batch in hand is finished first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--once", action="store_true", help="take in what waits, then end")
        parser.add_argument("--batch", type=int, default=500, help="events a transaction (default: %(default)s)")

    def handle(self, *, once: bool, batch: int, **options: Any) -> None:
        """Listen, then say how many."""
        ensure_topics()
        with Listener(batch) as listener:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: listener.stop())
            if once:
                listener.drain()
            else:
                listener.run()
        self.stdout.write(f"{listener.taken:,} events taken in, {listener.refused:,} refused.")
