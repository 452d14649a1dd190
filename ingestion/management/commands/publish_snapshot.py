"""Publishes every live golden record once more: as events, or as Parquet in the lake.

It stands here and not in the kernel because the lake's door does.
"""

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingestion.golden_zone import publish_to_lake
from ingestion.lake import LakeError
from party_hub.actions.publish_snapshot import publish_snapshot
from party_hub.events.catalog import Topic


class Command(BaseCommand):
    """A snapshot of what the hub holds."""

    help = (
        "Publish every live golden record and every redirect as events, or all golden records as Parquet in the lake."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--topic", default=Topic.GOLDEN.value, help="topic, without prefix (default: %(default)s)")
        where.add_argument("--lake", action="store_true", help="Parquet in the golden zone instead of events")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, topic: str, lake: bool, **options: Any) -> None:
        """Publish, then say what."""
        started = time.monotonic()
        said = (
            _to_lake() if lake else {"topic": topic, "events": publish_snapshot(actor="system:snapshot", topic=topic)}
        )
        said["seconds"] = round(time.monotonic() - started, 2)
        if options["json"]:
            self.stdout.write(json.dumps(said))
        elif lake:
            self.stdout.write(f"{said['parties']:,} parties in {said['location']}")
        else:
            self.stdout.write(f"{said['events']:,} events for {topic} are in the outbox; the relay sends them")


def _to_lake() -> dict[str, Any]:
    try:
        snapshot = publish_to_lake()
    except LakeError as error:
        raise CommandError(str(error)) from error
    return {"location": snapshot.location, "parties": snapshot.parties, "bytes": snapshot.bytes}
