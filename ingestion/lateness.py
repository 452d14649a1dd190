"""Feeds that should have come and have not: by their schedule, or by how often they are expected."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from party_hub.chain import Step

from .models import Feed, FeedRun, RunState

GRACE = timedelta(hours=1)  # by which a load may be late


@dataclass(frozen=True)
class LateFeed:
    """A feed that is late: when its last good load was over (None: never), and since when the next is due."""

    feed: str
    title: str
    last: datetime | None
    due: datetime

    @property
    def told(self) -> str:
        """In words for an operator."""
        last = f"last {(timezone.now() - self.last).total_seconds() / 3600:.0f} h ago" if self.last else "never loaded"
        return f"{self.feed} ({last})"


def late_feeds() -> list[LateFeed]:
    """Every active feed that is late, the one that is due for longest first. Three queries.

    A schedule counts from the last good load or from when it was changed, so that one just switched on is not late.
    """
    feeds = {feed.pk: feed for feed in Feed.objects.filter(active=True)}
    last = dict(
        FeedRun.objects.filter(state=RunState.SUCCEEDED).order_by().values_list("feed").annotate(Max("finished_at"))
    )
    due = {
        name: last[name] + timedelta(hours=feed.expected_every_hours)
        for name, feed in feeds.items()
        if feed.expected_every_hours and last.get(name)
    }
    for name, moment in _scheduled(last).items():
        due[name] = min(moment, due.get(name, moment))
    now = timezone.now()
    late = [
        LateFeed(name, feeds[name].title, last.get(name), moment)
        for name, moment in due.items()
        if name in feeds and moment + GRACE < now
    ]
    return sorted(late, key=lambda one: one.due)


def _scheduled(last: dict[str, datetime]) -> dict[str, datetime]:
    """When each scheduled feed is due, or was."""
    found = {}
    for task in PeriodicTask.objects.filter(task=str(Step.LOAD_FEED), enabled=True).select_related(
        "crontab", "interval", "solar", "clocked"
    ):
        feed = json.loads(task.kwargs or "{}").get("feed", "")
        since = max(filter(None, (last.get(feed), task.date_changed)))
        found[feed] = timezone.now() + task.schedule.remaining_estimate(since)
    return found
