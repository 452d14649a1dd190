"""Probes of what ingestion needs: the lake, the listener, feeds that come on time. Found by `party_hub.health`."""

from django_celery_beat.models import PeriodicTask

from party_hub.chain import Step
from party_hub.events import kafka
from party_hub.health import Answer, UnfitError, probe

from .lake import open_lake
from .lateness import late_feeds
from .listener import GROUP, TOPICS

BEHIND = 10_000  # messages that may lie before the listener


@probe("lake")
def lake() -> Answer:
    """The lake can be read: bucket or folder are there and let us in."""
    found = open_lake()
    found.get_bytes("health")
    return found.url, {}


@probe("listener")
def listener() -> Answer:
    """The listener keeps up with the events that come in."""
    lag = sum(kafka.lag(GROUP, TOPICS).values())
    if lag > BEHIND:
        raise UnfitError(f"{lag:,} events wait to be taken in: does listen_events run?")
    return f"{lag:,} events wait", {"lag": lag}


@probe("feeds")
def feeds() -> Answer:
    """Every feed has been loaded when it should have been."""
    if late := late_feeds():
        raise UnfitError(f"overdue: {', '.join(feed.told for feed in late)}")
    scheduled = PeriodicTask.objects.filter(task=str(Step.LOAD_FEED), enabled=True).count()
    return f"{scheduled} scheduled, none overdue", {"scheduled": scheduled}
