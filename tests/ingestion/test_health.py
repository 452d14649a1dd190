"""Operators hear of a lake that is away, a listener that lags, and a feed that did not come."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from ingestion import health as probes
from ingestion.models import Feed, FeedRun, RunState
from party_hub import health
from party_hub.events import kafka
from party_hub.events.catalog import Topic

pytestmark = pytest.mark.django_db(transaction=True)


def one(name: str) -> health.Finding:
    (finding,) = health.examine({name})
    return finding


def schedule_daily(feed: str, changed_days_ago: float) -> None:
    daily, _ = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.DAYS)
    task = PeriodicTask.objects.create(
        name=f"{feed} daily", task="ingestion.load_feed", interval=daily, kwargs=f'{{"feed": "{feed}"}}'
    )
    changed = timezone.now() - timedelta(days=changed_days_ago)
    PeriodicTask.objects.filter(pk=task.pk).update(date_changed=changed)


def test_the_lake_is_fit() -> None:
    assert one("lake").fit, one("lake").detail


def test_a_lake_without_its_bucket_is_unfit() -> None:
    with override_settings(LAKE_URL="s3://no-such-bucket"):
        finding = one("lake")

    assert not finding.fit
    assert "no-such-bucket" in finding.detail


def test_a_listener_that_is_far_behind_is_unfit(monkeypatch: pytest.MonkeyPatch) -> None:
    kafka.ensure_topics()
    monkeypatch.setattr(probes, "BEHIND", 2)
    with kafka.Producer() as producer:
        producer.deliver([kafka.Message(Topic.RECORDS, "k", b"{}") for _ in range(3)])

    finding = one("listener")

    assert not finding.fit
    assert "events wait to be taken in: does listen_events run?" in finding.detail


def test_a_feed_that_did_not_come_is_overdue() -> None:
    schedule_daily("crm", changed_days_ago=3)

    finding = one("feeds")

    assert not finding.fit
    assert finding.detail == "overdue: crm (never loaded)"


def test_a_feed_that_came_is_not_overdue() -> None:
    schedule_daily("crm", changed_days_ago=3)
    FeedRun.objects.create(
        feed=Feed.objects.get(name="crm"),
        state=RunState.SUCCEEDED,
        location="/feeds/crm.csv",
        requested_by="schedule",
        finished_at=timezone.now(),
    )

    assert one("feeds").fit
