"""Every party worked out anew in the background, with progress that a page can show."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone

from party_hub.events.catalog import Cause
from party_hub.models import SourceRecord

from .relate_parties import relate_all
from .resolution import Resolution
from .resolve_parties import resolve_parties

KEY = "rebuild"
KEPT = 7 * 24 * 3600  # seconds


@dataclass(frozen=True)
class Progress:
    """How far the newest rebuild is: source records done of all, and how many parties it changed so far."""

    done: int
    total: int
    changed: int
    started_at: datetime
    finished_at: datetime | None = None
    error: str = ""

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.finished_at is None


def progress_of_rebuild() -> Progress | None:
    """Of the newest rebuild; None where none is remembered. It is news, not a fact: it lives in the cache."""
    known = cache.get(KEY)
    return Progress(**known) if known else None


def rebuild_all(*, actor: str) -> Resolution:
    """Works every party out anew, chunk by chunk, each in a transaction of its own; may be run again at will."""
    progress = Progress(0, SourceRecord.objects.count(), 0, timezone.now())
    _tell(progress)

    def so_far(resolution: Resolution) -> None:
        nonlocal progress
        progress = replace(progress, done=resolution.records, changed=resolution.clusters_changed)
        _tell(progress)

    try:
        total = resolve_parties(records=None, actor=actor, cause=Cause(actor, "rules_changed"), progress=so_far)
        relate_all()
    except Exception as problem:
        _tell(replace(progress, finished_at=timezone.now(), error=f"It broke off: {type(problem).__name__}."))
        raise
    _tell(replace(progress, finished_at=timezone.now()))
    return total


def _tell(progress: Progress) -> None:
    cache.set(KEY, asdict(progress), KEPT)
