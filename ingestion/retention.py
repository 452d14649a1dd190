"""How long the lake keeps what: the sets of old runs and old golden snapshots go, what is needed stays for ever.

Kept whatever its age: the sets of runs that are not over, those of each feed's last success (the next run compares with
it, and repeats point to it), and the snapshot that `golden/latest.json` names.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from .actions import forget_set
from .golden_zone import LATEST
from .lake import MANIFEST, Lake, Zone, open_lake
from .models import OVER, FeedRun, RunState

_FIELDS = {Zone.RAW: "raw_location", Zone.CURATED: "curated_location", Zone.QUARANTINE: "quarantine_location"}


@dataclass
class Tidied:
    """The sets that went, by zone."""

    removed: dict[str, list[str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many."""
        return sum(len(names) for names in self.removed.values())


def tidy_lake(*, dry_run: bool = False) -> Tidied:
    """Remove what is older than its zone keeps it (`LAKE_KEPT_DAYS`); a `dry_run` only says what. Raises LakeError."""
    lake, tidied = open_lake(), Tidied()
    for zone, days in settings.LAKE_KEPT_DAYS.items():
        before = timezone.now() - timedelta(days=days)
        for name, run in _old_snapshots(lake, before) if zone == Zone.GOLDEN else _old_sets(lake, zone, before):
            tidied.removed.setdefault(zone, []).append(name)
            if not dry_run:
                lake.delete(name)
                if run is not None:
                    forget_set(run=run, field=_FIELDS[Zone(zone)])
    return tidied


def _old_sets(lake: Lake, zone: str, before: datetime) -> Iterator[tuple[str, FeedRun | None]]:
    """The sets in a zone of runs that were over before `before`."""
    place = _FIELDS[Zone(zone)]
    newest = FeedRun.objects.filter(state=RunState.SUCCEEDED).order_by().values("feed").annotate(Max("pk"))
    kept = {one["pk__max"] for one in newest}
    needed = set(FeedRun.objects.filter(pk__in=kept).values_list(place, flat=True))
    runs = FeedRun.objects.filter(state__in=OVER, finished_at__lt=before, same_as=None).exclude(**{place: ""})
    for run in runs.order_by("pk"):
        location = getattr(run, place)
        if location in needed or not location.startswith(f"{lake.url}/"):
            continue
        name = lake.name(location)
        yield (name.rpartition("/")[0] if zone == Zone.RAW else name), run


def _old_snapshots(lake: Lake, before: datetime) -> Iterator[tuple[str, None]]:
    latest = json.loads(lake.get_bytes(LATEST) or b"{}").get("snapshot")
    for entry in lake.list(f"{Zone.GOLDEN}/"):
        snapshot, _, file = entry.name.rpartition("/")
        if file == MANIFEST and entry.written < before and snapshot != latest:
            yield snapshot, None
