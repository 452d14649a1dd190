"""Publishes the outbox to Kafka until told to stop."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from party_hub.events.relay import Relay


class Command(BaseCommand):
    """Runs a relay in the foreground."""

    requires_system_checks = ()  # it serves no pages
    help = "Publish events from the outbox to Kafka until SIGTERM or Ctrl-C; the batch in hand is finished first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--once", action="store_true", help="publish what waits, then end")
        parser.add_argument("--batch", type=int, default=2_000, help="events a transaction (default: %(default)s)")

    def handle(self, *, once: bool, batch: int, **options: Any) -> None:
        """Relay, then say how many."""
        with Relay(batch=batch) as relay:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: relay.stop())
            published = relay.drain() if once else relay.run()
        self.stdout.write(f"{published} events published")
