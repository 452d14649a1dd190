"""A feed that did not come when it should have: by its schedule, or by how often it is expected."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from ingestion.lateness import late_feeds
from ingestion.models import Feed, FeedRun, RunState

pytestmark = pytest.mark.django_db


def loaded(feed: str, hours_ago: float) -> None:
    moment = timezone.now() - timedelta(hours=hours_ago)
    FeedRun.objects.create(feed_id=feed, state=RunState.SUCCEEDED, location="x", finished_at=moment)


def scheduled(feed: str, changed_hours_ago: float) -> None:
    hourly, _ = IntervalSchedule.objects.get_or_create(every=3, period=IntervalSchedule.HOURS)
    task = PeriodicTask.objects.create(
        name=f"{feed} often", task="ingestion.load_feed", interval=hourly, kwargs=f'{{"feed": "{feed}"}}'
    )
    changed = timezone.now() - timedelta(hours=changed_hours_ago)
    PeriodicTask.objects.filter(pk=task.pk).update(date_changed=changed)


def test_a_feed_that_is_expected_daily_is_late_after_a_day_and_an_hour() -> None:
    Feed.objects.filter(name__in=["crm", "dnb"]).update(expected_every_hours=24)
    loaded("crm", 26)
    loaded("dnb", 24.5)
    (late,) = late_feeds()
    assert (late.feed, late.told) == ("crm", "crm (last 26 h ago)")
    loaded("crm", 0)
    assert late_feeds() == []


def test_a_feed_that_never_came_is_late_by_its_schedule_alone() -> None:
    Feed.objects.filter(name="crm").update(expected_every_hours=24)
    assert late_feeds() == []
    scheduled("crm", changed_hours_ago=9)
    assert [late.told for late in late_feeds()] == ["crm (never loaded)"]


def test_the_feed_that_waits_longest_comes_first_and_one_switched_off_is_not_missed() -> None:
    for feed, hours in (("crm", 9), ("dnb", 90), ("markit", 900)):
        scheduled(feed, changed_hours_ago=2_000)
        loaded(feed, hours)
    Feed.objects.filter(name="markit").update(active=False)
    assert [late.feed for late in late_feeds()] == ["dnb", "crm"]
