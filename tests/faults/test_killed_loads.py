"""kill -9 in the middle of a load, at every stage: afterwards the run completes, and no row is lost or doubled."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from ingestion.actions import cancel_run, create_run, recover_runs, retry_run
from ingestion.lake import open_lake
from ingestion.models import FeedRun, LoadType, RejectedRow, RunState, Stage
from party_hub.actions.register_records import IncomingRecord, register_records
from party_hub.models import SourceRecord, SourceRecordVersion
from tests.ingestion.conftest import BAD_LEI, customers

pytestmark = [pytest.mark.spark, pytest.mark.django_db(transaction=True)]

ROWS, BAD = 3_000, 7
MONDAY = "2026-03-02T10:00:00Z"
IN_THE_MIDDLE = 0.15  # seconds into a stage


@pytest.fixture
def run(tmp_path: Path, settings: Any) -> FeedRun:
    """A queued run on a file of which every so many rows are to be set aside."""
    settings.LAKE_URL = (tmp_path / "lake").as_uri()
    rows = [{"CUSTOMER_ID": f"C{at}", "LAST_NAME": f"Smith {at}"} for at in range(ROWS)]
    rows += [{"CUSTOMER_ID": f"B{at}", "LEI": BAD_LEI} for at in range(BAD)]
    return create_run(feed="crm", location=str(customers(tmp_path, *rows)), actor="user:dan")


@contextmanager
def loader(run: FeedRun, env: dict[str, str], lake: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that loads the run."""
    env = {**env, "LAKE_URL": lake, "SPARK_DRIVER_MEMORY": "1g", "SPARK_MASTER": "local[2]"}
    command = [sys.executable, "-m", "tests.faults.loader", str(run.pk)]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def reach(process: "subprocess.Popen[str]", stage: str) -> None:
    """Wait until the process is in the middle of `stage`."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == stage:
            time.sleep(IN_THE_MIDDLE)
            return
    pytest.fail(f"It ended before it came to {stage}.")


def recovered() -> int:
    """What the sweep finds, once PostgreSQL has seen that the process is gone."""
    deadline = time.monotonic() + 60
    while not (found := recover_runs()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


def assert_all_is_there(run: FeedRun) -> None:
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED, run.error
    assert (run.landed, run.accepted, run.created, run.quarantined) == (ROWS + BAD, ROWS, ROWS, BAD)
    assert SourceRecord.objects.count() == ROWS
    assert not SourceRecordVersion.objects.exists()
    assert RejectedRow.objects.filter(run=run).count() == RejectedRow.objects.count() == BAD
    lake = open_lake()
    for location, rows in ((run.curated_location, ROWS), (run.quarantine_location, BAD)):
        manifest = lake.manifest(lake.name(location))
        assert manifest is not None
        assert manifest["rows"] == rows


@pytest.mark.parametrize("stage", list(Stage))
def test_a_load_whose_process_is_killed_is_found_and_completed(
    run: FeedRun, hub_env: dict[str, str], settings: Any, stage: str
) -> None:
    with loader(run, hub_env, settings.LAKE_URL) as process:
        reach(process, stage)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    run.refresh_from_db()
    if run.state == RunState.RUNNING:  # else the stage was over before the blow fell
        assert recovered() == 1  # tasks are run at once in tests
    assert_all_is_there(run)


def test_a_full_file_whose_load_is_killed_withdraws_what_it_leaves_out_once(
    run: FeedRun, hub_env: dict[str, str], settings: Any
) -> None:
    gone = [IncomingRecord(f"G{at}", "individual", '{"names": [{"full": "Ann"}]}', "x", MONDAY) for at in range(BAD)]
    register_records(source="crm", records=gone, actor="system:test")
    FeedRun.objects.update(load_type=LoadType.FULL, confirmed_by="user:dan")
    with loader(run, hub_env, settings.LAKE_URL) as process:
        reach(process, Stage.REGISTER)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    run.refresh_from_db()
    if run.state == RunState.RUNNING:
        assert recovered() == 1
        run.refresh_from_db()
    assert (run.state, run.created, run.withdrawn, run.missing) == (RunState.SUCCEEDED, ROWS, BAD, BAD)
    assert SourceRecord.objects.exclude(withdrawn_at=None).count() == SourceRecordVersion.objects.count() == BAD


def test_a_load_whose_java_is_killed_starts_another(run: FeedRun, hub_env: dict[str, str], settings: Any) -> None:
    with loader(run, hub_env, settings.LAKE_URL) as process:
        reach(process, Stage.VALIDATE)
        (java,) = [child for child in psutil.Process(process.pid).children(recursive=True) if child.name() == "java"]
        java.kill()
        assert process.wait(timeout=120) == 0
    run.refresh_from_db()
    assert run.attempts == 2
    assert_all_is_there(run)


@pytest.mark.parametrize("stage", [Stage.MAP, Stage.VALIDATE])
def test_a_load_that_somebody_stops_ends_within_seconds_and_goes_on_when_asked(
    run: FeedRun, hub_env: dict[str, str], settings: Any, stage: str
) -> None:
    with loader(run, hub_env, settings.LAKE_URL) as process:
        reach(process, stage)
        cancel_run(run_id=run.pk, actor="user:cleo")
        assert process.wait(timeout=60) == 1
    run.refresh_from_db()
    assert (run.state, run.cancelled_by) == (RunState.CANCELLED, "user:cleo")
    # It is asked each second whether it is to go on; by then it may have come to the next stage.
    assert list(Stage).index(Stage(run.stage)) >= list(Stage).index(Stage(stage))
    assert not SourceRecord.objects.exists()
    retry_run(run_id=run.pk, actor="user:cleo")  # tasks are run at once in tests
    assert_all_is_there(run)
