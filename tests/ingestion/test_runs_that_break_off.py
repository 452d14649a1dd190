"""Runs that break off go on where they were, lost ones are found, and people may stop them and try again."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from ingestion import stages
from ingestion.actions import (
    MOST_ATTEMPTS,
    NotNow,
    cancel_run,
    create_run,
    interrupt_run,
    recover_runs,
    retry_run,
    start_run,
)
from ingestion.lake import LakeAway, open_lake
from ingestion.loading import LoadFailed, load
from ingestion.models import FeedRun, RejectedRow, RunState, Stage
from ingestion.run_lock import LOAD_LOCK
from party_hub.models import SourceRecord
from tests.ingestion.conftest import BAD_LEI, Load, customers

pytestmark = pytest.mark.django_db


def breaks_off(*_: Any, **__: Any) -> None:
    raise MemoryError


def broken_run(path: Path, moment: str, monkeypatch: pytest.MonkeyPatch) -> FeedRun:
    """A run of the worker's that broke off where `moment` begins, and is back in the queue."""
    run = create_run(feed="crm", location=str(path), actor="user:dan")
    with monkeypatch.context() as patch:
        patch.setattr(stages.Load, moment, breaks_off)
        with pytest.raises(MemoryError):
            load(run, again=True)
    assert (run.state, run.attempts) == (RunState.QUEUED, 1)
    return run


@pytest.fixture
def two_rows(load: Load, tmp_path: Path) -> Path:
    """A file of one good row and one to set aside; the lake is in a folder."""
    return customers(tmp_path, {}, {"CUSTOMER_ID": "C2", "LEI": BAD_LEI})


@pytest.mark.parametrize(
    ("moment", "stage"), [("_land", Stage.LAND), ("_transform", Stage.LAND), ("_register", Stage.REGISTER)]
)
def test_a_run_that_broke_off_goes_on_where_it_was(
    two_rows: Path, monkeypatch: pytest.MonkeyPatch, moment: str, stage: str
) -> None:
    run = broken_run(two_rows, moment, monkeypatch)
    assert run.stage == stage
    load(run, again=True)
    assert (run.state, run.landed, run.created, run.quarantined) == (RunState.SUCCEEDED, 2, 1, 1)
    assert (SourceRecord.objects.count(), RejectedRow.objects.count()) == (1, 1)


def test_what_has_been_curated_is_registered_without_the_file_and_without_spark(
    two_rows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = broken_run(two_rows, "_register", monkeypatch)
    two_rows.unlink()
    monkeypatch.setattr(stages, "session", breaks_off)
    load(run, again=True)
    assert (run.state, run.created, run.quarantined) == (RunState.SUCCEEDED, 1, 1)
    assert set(run.seconds) == {"land", "map", "validate", "register"}  # it was curating as it broke off


def test_what_has_landed_is_read_again_from_the_raw_zone(two_rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = broken_run(two_rows, "_curate", monkeypatch)
    assert run.stage == Stage.REGISTER  # which goes on beside it
    two_rows.unlink()
    load(run, again=True)
    assert (run.state, run.created, run.quarantined) == (RunState.SUCCEEDED, 1, 1)


def test_half_a_curated_set_is_made_anew(two_rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = broken_run(two_rows, "_register", monkeypatch)
    lake = open_lake()
    lake.delete(lake.name(run.curated_location))
    load(run, again=True)
    assert (run.state, run.created) == (RunState.SUCCEEDED, 1)


def test_an_older_run_that_broke_off_is_finished_before_a_newer_file_is_loaded(
    two_rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = broken_run(two_rows, "_register", monkeypatch)
    newer = create_run(
        feed="crm", location=str(customers(tmp_path, {"FIRST_NAME": "Anne"}, name="b.csv")), actor="user:dan"
    )
    load(newer)
    older.refresh_from_db()
    assert (older.state, older.created) == (RunState.SUCCEEDED, 1)
    assert (newer.state, newer.updated) == (RunState.SUCCEEDED, 1)


def test_a_lake_that_is_away_puts_the_run_back_into_the_queue(two_rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise LakeAway("Cannot write: no connection.")

    run = create_run(feed="crm", location=str(two_rows), actor="user:dan")
    monkeypatch.setattr(stages.Load, "_keep", away)
    for state in (RunState.QUEUED, RunState.QUEUED, RunState.FAILED):
        with pytest.raises(LoadFailed, match="no connection"):
            load(run, again=True)
        assert run.state == state


# -- Found again ------------------------------------------------------------------------------------------------------


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The runs that the worker is told of."""
    told: list[int] = []
    monkeypatch.setattr("ingestion.actions.hand_over", lambda step, run_id: told.append(run_id))
    return told


def running(**more: Any) -> FeedRun:
    return FeedRun.objects.create(
        feed_id="crm", state=RunState.RUNNING, location="x", requested_by="user:dan", **{"attempts": 1, **more}
    )


def test_a_run_whose_process_died_is_handed_over_again(handed_over: list[int]) -> None:
    run = running(stage=Stage.CURATE)
    assert recover_runs() == 1
    run.refresh_from_db()
    assert (run.state, run.stage, handed_over) == (RunState.QUEUED, Stage.CURATE, [run.pk])
    assert recover_runs() == 0


def test_a_run_that_somebody_works_at_is_left_alone(handed_over: list[int], hub_connection: Any) -> None:
    running()
    with hub_connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext('crm'))", [LOAD_LOCK])
    assert (recover_runs(), handed_over) == (0, [])


def test_a_run_that_kills_its_process_each_time_fails_in_the_end(handed_over: list[int]) -> None:
    run = running(attempts=MOST_ATTEMPTS)
    assert recover_runs() == 0
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert run.error.startswith("The process that ran it ended before it was done, 3 times.")


def test_a_dead_run_that_was_to_stop_is_stopped(handed_over: list[int]) -> None:
    run = running(cancelled_by="user:dan")
    assert recover_runs() == 0
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED


def test_a_queued_run_that_the_queue_lost_is_handed_over_again(handed_over: list[int]) -> None:
    run = create_run(feed="crm", location="x", actor="user:dan")
    assert recover_runs() == 0
    FeedRun.objects.update(handed_over_at=timezone.now() - timedelta(minutes=11))
    assert recover_runs() == 1
    assert handed_over == [run.pk]
    assert recover_runs() == 0


# -- Stopped and tried again ------------------------------------------------------------------------------------------


def test_a_waiting_run_is_cancelled_at_once_and_its_task_then_does_nothing(two_rows: Path) -> None:
    run = create_run(feed="crm", location=str(two_rows), actor="user:dan")
    cancel_run(run_id=run.pk, actor="user:cleo")
    load(run)
    assert (run.state, run.cancelled_by, run.attempts) == (RunState.CANCELLED, "user:cleo", 0)


def test_a_working_run_stops_without_a_trace_in_the_records(two_rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = create_run(feed="crm", location=str(two_rows), actor="user:dan")
    monkeypatch.setattr("ingestion.loading.Pulse", Stopping)
    load(run)
    assert run.state == RunState.CANCELLED
    assert not SourceRecord.objects.exists()


class Stopping:
    """A pulse that has been told to stop."""

    cancelled = True

    def __init__(self, run: FeedRun, **_: Any):
        FeedRun.objects.filter(pk=run.pk).update(cancelled_by="user:cleo")

    def __enter__(self) -> "Stopping":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def check(self) -> None:
        breaks_off()


def test_a_run_that_is_over_cannot_be_cancelled(load: Load, two_rows: Path) -> None:
    run = load("crm", two_rows)
    with pytest.raises(NotNow, match=f"Run {run.pk} is over: it has succeeded"):
        cancel_run(run_id=run.pk, actor="user:dan")
    with pytest.raises(NotNow, match="only one that failed or was cancelled can go on"):
        retry_run(run_id=run.pk, actor="user:dan")


def test_a_failed_run_is_tried_again_with_the_file_as_it_is_now(handed_over: list[int], tmp_path: Path) -> None:
    run = create_run(feed="crm", location=str(tmp_path / "crm.csv"), actor="user:dan")
    start_run(run=run)
    run.attempts = MOST_ATTEMPTS
    interrupt_run(run=run, reason="It was not there.")
    assert run.state == RunState.FAILED
    retry_run(run_id=run.pk, actor="user:cleo")
    assert handed_over == [run.pk]
    customers(tmp_path, {})
    load(FeedRun.objects.get(pk=run.pk))
    run.refresh_from_db()
    assert (run.state, run.created, run.error, run.requested_by) == (RunState.SUCCEEDED, 1, "", "user:cleo")
