"""`manage.py health_check`: is everything there that the hub needs?"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from party_hub import health
from party_hub.management.stages import table


class Command(BaseCommand):
    """Runs every probe; exit status 1 when one finds the hub unfit."""

    help = (
        "Check database, cache, workers by queue, broker, lake, Java, outbox, listener and feeds; exit 1 when not fit."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to report, and how long to wait."""
        parser.add_argument("--json", action="store_true", help="print the findings as one JSON object")
        parser.add_argument(
            "--timeout", type=float, default=health.PATIENCE, metavar="S", help="seconds for all probes (10)"
        )
        parser.add_argument("--only", nargs="+", metavar="PROBE", help="run these probes only")

    def handle(self, *, json: bool, timeout: float, only: list[str] | None, **options: Any) -> None:
        """Print the findings."""
        findings = health.examine(only, patience=timeout)
        fit = all(finding.fit for finding in findings)
        if json:
            self.stdout.write(_dump({"fit": fit, "checks": [finding.as_json() for finding in findings]}))
        else:
            rows = [("✓ fit" if one.fit else "✗ UNFIT", one.name, f"{one.seconds:.2f}", one.detail) for one in findings]
            self.stdout.write(table(rows, ("", "check", "s", "detail"), numbers=(2,)))
        if not fit:
            raise SystemExit(1)


_dump = json.dumps
