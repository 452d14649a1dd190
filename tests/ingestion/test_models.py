"""The constraints of feeds, runs, rejected rows and seen events, each broken once."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from ingestion.feeds import adapters
from ingestion.models import Feed, FeedRun, RejectedRow, RunState, SeenEvent
from ingestion.queries import feeds, runs
from ingestion.tasks import load_feed

pytestmark = pytest.mark.django_db


def a_run(**fields: Any) -> FeedRun:
    return FeedRun.objects.create(**{"feed_id": "crm", "location": "crm.csv", "requested_by": "user:dan", **fields})


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("feed_run_known_state", {"state": "paused"}),
        (
            "feed_run_nothing_lost",
            {"state": RunState.SUCCEEDED, "finished_at": timezone.now(), "landed": 2, "accepted": 1, "created": 1},
        ),
        (
            "feed_run_nothing_lost",
            {"state": RunState.SUCCEEDED, "finished_at": timezone.now(), "landed": 1, "accepted": 1},
        ),
        ("feed_run_over_has_finish", {"state": RunState.FAILED, "error": "why"}),
        ("feed_run_cancelled_says_who", {"state": RunState.CANCELLED, "finished_at": timezone.now()}),
        ("feed_run_failed_says_why", {"state": RunState.FAILED, "finished_at": timezone.now()}),
    ],
)
def test_a_run_that_makes_no_sense_is_refused(constraint: str, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        a_run(**fields)


def test_two_runs_of_one_feed_do_not_work_at_once() -> None:
    a_run(state=RunState.RUNNING)
    a_run(state=RunState.RUNNING, feed_id="dnb")
    with pytest.raises(IntegrityError, match="feed_run_one_running_per_feed"):
        a_run(state=RunState.RUNNING)


def test_a_line_is_rejected_once_a_run() -> None:
    run = a_run()
    RejectedRow.objects.create(run=run, line=2, reason="why", raw="{}")
    with pytest.raises(IntegrityError, match="rejected_row_once_per_line"):
        RejectedRow.objects.create(run=run, line=2, reason="why", raw="{}")


def test_a_row_is_not_rejected_without_a_reason() -> None:
    with pytest.raises(IntegrityError, match="rejected_row_says_why"):
        RejectedRow.objects.create(run=a_run(), line=2, reason="", raw="{}")


def test_an_event_is_seen_once_a_source() -> None:
    SeenEvent.objects.create(source="events", event_id="1")
    SeenEvent.objects.create(source="crm", event_id="1")
    with pytest.raises(IntegrityError, match="seen_event_once"):
        SeenEvent.objects.create(source="events", event_id="1")


def test_a_new_hub_has_its_feeds_and_their_schedules_switched_off() -> None:
    assert set(Feed.objects.values_list("name", flat=True)) == set(adapters())
    schedules = PeriodicTask.objects.filter(task="ingestion.load_feed")
    assert schedules.count() == len(adapters())
    assert not schedules.filter(enabled=True).exists()


def test_a_feed_needs_an_adapter_that_exists() -> None:
    with pytest.raises(ValidationError, match="There is no adapter 'ldap'"):
        Feed(name="x", title="X", source_id="crm", adapter="ldap").full_clean()


def test_the_schedule_passes_over_a_feed_without_location() -> None:
    assert load_feed.apply(kwargs={"feed": "crm"}).get() is None
    assert not FeedRun.objects.exists()


def test_feeds_show_their_last_run() -> None:
    old = a_run(state=RunState.SUCCEEDED, finished_at=timezone.now(), landed=1, quarantined=1)
    new = a_run(state=RunState.SUCCEEDED, finished_at=timezone.now(), landed=1, quarantined=1)
    failed = a_run(state=RunState.FAILED, error="why", finished_at=timezone.now())
    crm = feeds().get(name="crm")
    assert (crm.last_run, crm.last_state) == (failed.pk, RunState.FAILED)
    assert list(runs(feed="crm", state=RunState.SUCCEEDED)) == [new, old]
