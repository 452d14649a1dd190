"""Feeds and runs on their pages."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from ingestion.backlog import Backlog, note_backlog
from ingestion.models import Feed, FeedRun, RejectedRow, RunState, Stage
from party_hub.models import UnresolvedRecord
from tests.factories import SourceRecordFactory
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def over(db: None) -> FeedRun:
    """A run of three rows, one of them set aside."""
    run = FeedRun.objects.create(
        feed_id="crm",
        state=RunState.SUCCEEDED,
        location="crm.csv",
        landed=3,
        accepted=2,
        created=2,
        quarantined=1,
        requested_by="user:dan",
        finished_at=timezone.now(),
    )
    RejectedRow.objects.create(
        run=run, line=3, key="C-3", field="born", reason="no such day", raw='{"name": "Ann Smith"}'
    )
    return run


def test_a_run_shows_the_rows_it_set_aside_and_why(over: FeedRun, signed_in: SignedIn) -> None:
    page = signed_in("ada").get(f"/feeds/{over.pk}/").content.decode()
    assert 'data-testid="run-progress"' in page
    assert "no such day" in page
    assert "/feeds/quarantine/" in page


def test_a_viewer_sees_the_reason_but_not_the_row(over: FeedRun, signed_in: SignedIn) -> None:
    page = signed_in("ben").get(f"/feeds/{over.pk}/").content.decode()
    assert "no such day" in page
    assert "Ann Smith" not in page


def test_a_live_run_asks_again_by_itself_and_a_finished_one_does_not(over: FeedRun, signed_in: SignedIn) -> None:
    live = FeedRun.objects.create(
        feed_id="dnb",
        state=RunState.RUNNING,
        stage=Stage.MAP,
        done=1,
        total=2,
        location="dnb.csv",
        requested_by="schedule",
    )
    client = signed_in("ada")
    assert "every 1s" in client.get(f"/feeds/{live.pk}/").content.decode()
    assert "every 1s" not in client.get(f"/feeds/{over.pk}/").content.decode()
    part = client.get(f"/feeds/{live.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert 'value="30"' in part
    assert "<html" not in part


def test_a_run_that_changed_records_tells_how_many_wait_to_be_matched(over: FeedRun, signed_in: SignedIn) -> None:
    ada = signed_in("ada")
    assert "Its records are matched." in ada.get(f"/feeds/{over.pk}/").content.decode()
    record = SourceRecordFactory()
    UnresolvedRecord.objects.create(record_id=record.pk, version=record.version)
    page = ada.get(f"/feeds/{over.pk}/").content.decode()
    assert "1 record waits to be matched" in page
    assert "every 3s" in page
    assert '<a href="/tasks/?source=crm">' in page


def test_a_file_that_is_known_is_said_to_have_no_speed(over: FeedRun, signed_in: SignedIn) -> None:
    FeedRun.objects.filter(pk=over.pk).update(landed=5000, accepted=4999, created=4999, seconds={"map": 0.5})
    assert "rows a second" in signed_in("ada").get(f"/feeds/{over.pk}/").content.decode()
    again = FeedRun.objects.create(
        feed_id="crm",
        state=RunState.SUCCEEDED,
        location="crm.csv",
        landed=5000,
        accepted=5000,
        unchanged=5000,
        same_as=over,
        seconds={"land": 0.01},
        requested_by="user:dan",
        finished_at=timezone.now(),
    )
    page = signed_in("ada").get(f"/feeds/{again.pk}/").content.decode()
    assert "rows a second" not in page
    assert 'data-testid="run-next"' not in page


def test_the_feeds_page_lists_feeds_and_runs(over: FeedRun, signed_in: SignedIn) -> None:
    page = signed_in("ben").get("/feeds/").content.decode()
    assert page.count('data-testid="feed-row"') >= 4
    assert page.count('data-testid="run-row"') == 1


def test_an_unknown_run_is_not_found(signed_in: SignedIn) -> None:
    assert signed_in("ben").get("/feeds/987654/").status_code == 404


def test_a_load_that_cannot_start_says_why(signed_in: SignedIn) -> None:
    page = signed_in("dan").post("/feeds/", {"feed": "crm"}, follow=True).content.decode()
    assert "has no location" in page


def test_a_run_is_compared_with_the_one_before(over: FeedRun, signed_in: SignedIn) -> None:
    later = FeedRun.objects.create(
        feed_id="crm",
        state=RunState.SUCCEEDED,
        location="crm.csv",
        landed=5,
        accepted=5,
        created=5,
        requested_by="user:dan",
        finished_at=timezone.now(),
    )
    page = signed_in("ben").get(f"/feeds/{later.pk}/").content.decode()
    assert f"/feeds/{over.pk}/" in page
    assert "+2" in page
    assert "−1" in page
    assert "Compared with" not in signed_in("ben").get(f"/feeds/{over.pk}/").content.decode()


def test_a_live_run_leads_to_spark_and_is_looked_at_again_without_javascript(signed_in: SignedIn) -> None:
    live = FeedRun.objects.create(
        feed_id="dnb", state=RunState.RUNNING, stage=Stage.MAP, location="x", spark_ui="http://127.0.0.1:4040"
    )
    page = signed_in("ada").get(f"/feeds/{live.pk}/").content.decode()
    assert 'href="http://127.0.0.1:4040"' in page
    assert "Look again" in page
    FeedRun.objects.filter(pk=live.pk).update(state=RunState.FAILED, error="why", finished_at=timezone.now())
    page = signed_in("ada").get(f"/feeds/{live.pk}/").content.decode()
    assert "4040" not in page
    assert "Look again" not in page


def test_an_administrator_cancels_a_run_and_lets_it_go_on(over: FeedRun, signed_in: SignedIn) -> None:
    waiting = FeedRun.objects.create(feed_id="dnb", location="dnb.csv", requested_by="schedule")
    client = signed_in("dan")
    assert "Cancel" in client.get(f"/feeds/{waiting.pk}/").content.decode()
    page = client.post(f"/feeds/{waiting.pk}/cancel/", follow=True).content.decode()
    assert "Cancelled by dan" in page
    assert "Retry" in page
    client.post(f"/feeds/{waiting.pk}/retry/")
    waiting.refresh_from_db()
    assert waiting.state == RunState.QUEUED
    assert "is over" in client.post(f"/feeds/{over.pk}/cancel/", follow=True).content.decode()
    assert client.post("/feeds/987654/retry/").status_code == 404


def test_a_steward_neither_cancels_nor_retries(over: FeedRun, signed_in: SignedIn) -> None:
    waiting = FeedRun.objects.create(feed_id="dnb", location="dnb.csv", requested_by="schedule")
    client = signed_in("ada")
    assert "Cancel" not in client.get(f"/feeds/{waiting.pk}/").content.decode()
    assert client.post(f"/feeds/{waiting.pk}/cancel/").status_code == 403
    assert client.post(f"/feeds/{over.pk}/retry/").status_code == 403


def test_late_feeds_are_told_on_the_dashboard_and_among_the_feeds(over: FeedRun, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    assert "late-feeds" not in client.get("/").content.decode()
    Feed.objects.filter(name="crm").update(expected_every_hours=2)
    FeedRun.objects.update(finished_at=timezone.now() - timedelta(hours=4))
    for path in ("/", "/feeds/"):
        page = client.get(path).content.decode()
        assert 'data-testid="late-feeds"' in page
        assert "CRM customers" in page


def test_a_run_at_work_says_how_long_it_will_take(signed_in: SignedIn) -> None:
    live = FeedRun.objects.create(
        feed_id="dnb", state=RunState.RUNNING, stage=Stage.VALIDATE, location="x", done=1, total=2,
        started_at=timezone.now() - timedelta(seconds=50),
    )  # fmt: skip
    assert "About 50 s left" in signed_in("ada").get(f"/feeds/{live.pk}/").content.decode()


def test_a_run_that_is_over_says_how_fast_it_was(over: FeedRun, signed_in: SignedIn) -> None:
    FeedRun.objects.filter(pk=over.pk).update(landed=3_000, accepted=2_999, created=2_999, seconds={"map": 2})
    assert "1,500 rows a second" in signed_in("ada").get(f"/feeds/{over.pk}/").content.decode()


def test_a_run_that_would_withdraw_too_much_is_confirmed_on_its_page(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = FeedRun.objects.create(
        feed_id="crm",
        state=RunState.FAILED,
        held=True,
        load_type="full",
        location="crm.csv",
        error="20 of 40 records of crm are not in this full file.",
        requested_by="user:ben",
        finished_at=timezone.now(),
    )
    monkeypatch.setattr("ingestion.actions.hand_over", lambda *_, **__: None)
    address = f"/feeds/{run.pk}/"
    assert "confirm-withdrawals" not in signed_in("ada").get(address).content.decode()
    assert signed_in("ada").post(f"{address}confirm/").status_code == 403
    dan = signed_in("dan")
    assert "confirm-withdrawals" in dan.get(address).content.decode()
    assert dan.post(f"{address}confirm/").status_code == 302
    run.refresh_from_db()
    assert (run.state, run.held, run.confirmed_by) == (RunState.QUEUED, False, "user:dan")
    again = dan.post(f"{address}confirm/", follow=True).content.decode()
    assert "does not wait for anybody to confirm it" in again


def test_the_page_tells_what_waits_before_the_listener(signed_in: SignedIn) -> None:
    cache.delete("ingestion:backlog")
    assert "Nothing was counted within the last hour" in signed_in("ada").get("/feeds/").content.decode()
    note_backlog()
    page = signed_in("ada").get("/feeds/").content.decode()
    assert "Wait to be taken in" in page
    assert "/feeds/dead-letters/" not in page


def test_dead_letters_are_sent_again_by_who_loads_feeds(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.set("ingestion:backlog", Backlog(0, 2, timezone.now()))
    asked: list[str] = []
    monkeypatch.setattr("stewardship.views.feeds.hand_over", lambda step, actor: asked.append(actor))
    assert signed_in("ada").post("/feeds/dead-letters/").status_code == 403
    dan = signed_in("dan")
    assert "Send the dead letters again" in dan.get("/feeds/").content.decode()
    assert "are being sent again" in dan.post("/feeds/dead-letters/", follow=True).content.decode()
    assert asked == ["user:dan"]
