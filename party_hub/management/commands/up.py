"""`manage.py up`: the embedded stack and the hub's processes."""

import io
import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from party_hub.management import local
from party_hub.management.stages import Stages


class Command(BaseCommand):
    """Starts what does not run: servers, then (migrated) the processes. Harmless when all is up."""

    help = "Start the embedded servers and the hub's processes; what runs already is left alone."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Servers only, or all."""
        parser.add_argument("--servers", action="store_true", help="only the servers: no migration, no processes")
        parser.add_argument("--json", action="store_true", help="print what runs as JSON")

    def handle(self, *, servers: bool, json: bool, **options: Any) -> None:
        """Start, then say what runs."""
        stages = Stages(io.StringIO() if json else sys.stdout)
        local.start_servers(stages)
        if not servers:
            local.prepare(stages)
            local.start_processes(stages)
        if json:
            self.stdout.write(_dump(local.report({"seconds": round(stages.seconds, 2)})))
        elif not servers:
            self.stdout.write(f"\nThe hub answers at {local.address()}\n")


_dump = json.dumps
