"""`manage.py down`: stop what `up` and `demo` started."""

import io
import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from party_hub.management import local
from party_hub.management.stages import Stages


class Command(BaseCommand):
    """Stops the processes, which finish the work in hand, then the servers. Data stays."""

    help = "Stop the hub's processes and the embedded servers. Data stays where it is."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to report."""
        parser.add_argument("--json", action="store_true", help="print what was stopped as JSON")

    def handle(self, *, json: bool, **options: Any) -> None:
        """Stop, then say what ran."""
        stages = Stages(io.StringIO() if json else sys.stdout)
        stopped = local.stop_all(stages)
        if json:
            self.stdout.write(_dump({**stopped, "seconds": round(stages.seconds, 2)}))


_dump = json.dumps
