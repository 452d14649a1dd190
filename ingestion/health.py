"""Probes of what ingestion needs: the lake, the listener, feeds that come on time. Found by `party_hub.health`."""

import json
from datetime import timedelta

from django.db.models import Max
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from party_hub.chain import Step
from party_hub.events import kafka
from party_hub.events.catalog import Topic
from party_hub.health import Answer, UnfitError, probe

from .lake import open_lake
from .listener import GROUP
from .models import FeedRun, RunState

BEHIND = 10_000  # messages that may lie before the listener
GRACE = timedelta(hours=1)  # by which a scheduled load may be late


@probe("lake")
def lake() -> Answer:
    """The lake can be read: bucket or folder are there and let us in."""
    found = open_lake()
    found.get_bytes("health")
    return found.url, {}


@probe("listener")
def listener() -> Answer:
    """The listener keeps up with the events that come in."""
    lag = kafka.lag(GROUP, [Topic.RECORDS])[Topic.RECORDS]
    if lag > BEHIND:
        raise UnfitError(f"{lag:,} events wait to be taken in: does listen_events run?")
    return f"{lag:,} events wait", {"lag": lag}


@probe("feeds")
def feeds() -> Answer:
    """Every scheduled feed has been loaded when it should have been."""
    last = dict(
        FeedRun.objects.filter(state=RunState.SUCCEEDED)
        .values_list("feed")
        .annotate(Max("finished_at"))
        .order_by("feed")
    )
    schedules = PeriodicTask.objects.filter(task=str(Step.LOAD_FEED), enabled=True)
    overdue = []
    for schedule in schedules:
        feed = json.loads(schedule.kwargs or "{}").get("feed", "")
        loaded = max(filter(None, (last.get(feed), schedule.date_changed)))
        if schedule.schedule.remaining_estimate(loaded) < -GRACE:
            ago = timezone.now() - loaded
            overdue.append(f"{feed or schedule.name} (last {ago.total_seconds() / 3600:.0f} h ago)")
    if overdue:
        raise UnfitError(f"overdue: {', '.join(overdue)}")
    return f"{len(schedules)} scheduled, none overdue", {"scheduled": len(schedules)}
