"""`manage.py resolve_chunks`: a child of a bulk resolution. Not for people: it reads and writes JSON lines."""

import gc
import json
import sys
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand
from django.db import connection

from party_hub.actions.resolve_parties import resolve_chunk
from party_hub.events.catalog import Cause


class Command(BaseCommand):
    """Resolves each chunk that comes on standard input and answers with what it changed, until the input ends."""

    help = "Used by bulk work: resolve chunks of records that come as JSON lines on standard input."
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        """The first line names the database and the cause, each other one a chunk."""
        begin = json.loads(sys.stdin.readline() or "null")
        if begin is None:
            return
        connection.settings_dict["NAME"] = begin["database"]
        cause = Cause(**{**begin["cause"], "id": UUID(begin["cause"]["id"])})
        # A chunk makes a million objects and hardly a cycle: to look for cycles all along took nearly half of the time.
        gc.freeze()
        gc.disable()
        for line in sys.stdin:
            chunk = json.loads(line)
            resolution = resolve_chunk(chunk["records"], cause, chunk["settled"], whole=chunk["whole"])
            self.stdout.write(json.dumps(resolution.as_json()))
            self.stdout.flush()
            gc.collect()
