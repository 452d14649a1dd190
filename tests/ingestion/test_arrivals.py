"""A watched place: each file that arrives is loaded once, in the order of arrival, when it is whole."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from ingestion import lake as lakes
from ingestion.actions import CannotLoad, create_run
from ingestion.arrivals import request_all_arrivals, request_arrivals
from ingestion.lake import Lake
from ingestion.models import Feed, FeedRun
from ingestion.tasks import load_feed
from ingestion.tasks import request_arrivals as looked_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The folder that the CRM feed watches."""
    folder = tmp_path / "drop"
    folder.mkdir()
    Feed.objects.filter(name="crm").update(location=f"{folder}/")
    return folder


def drop(folder: Path, name: str, age: float = 60, content: str = "x") -> None:
    """A file that was written so many seconds ago."""
    (folder / name).write_text(content)
    moment = time.time() - age
    os.utime(folder / name, (moment, moment))


def asked() -> list[str]:
    """The files that loads are asked for, in the order of asking."""
    runs, problems = request_all_arrivals(actor="schedule")
    assert not problems
    return [Path(run.location).name for run in runs]


def test_files_are_loaded_in_the_order_of_their_arrival_and_once(place: Path) -> None:
    drop(place, "a.csv", age=60)
    drop(place, "b.csv.gz", age=90)
    assert asked() == ["b.csv.gz", "a.csv"]
    assert asked() == []


def test_a_file_that_is_replaced_under_its_name_arrives_again(place: Path) -> None:
    drop(place, "a.csv")
    assert asked() == ["a.csv"]
    drop(place, "a.csv", age=30, content="longer")
    assert asked() == ["a.csv"]


def test_a_file_that_may_still_grow_waits(place: Path) -> None:
    drop(place, "a.csv", age=0)
    drop(place, "b.csv.part")
    drop(place, ".hidden")
    (place / "done").mkdir()
    drop(place / "done", "c.csv")
    assert asked() == []
    drop(place, "a.csv", age=10)
    assert asked() == ["a.csv"]


def test_a_bucket_prefix_is_watched_as_a_folder_is(lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.arrivals._SETTLED", -lakes_clock_skew())
    feed = Feed.objects.get(name="crm")
    feed.location = f"{lake.url}/inbox/"
    feed.save()
    lake.put_bytes(b"x", "inbox/a.csv")
    (run,) = request_arrivals(feed=feed, actor="schedule")
    assert run.location == f"{lake.url}/inbox/a.csv"
    assert lakes.fetch(run.location, tmp_path).read_bytes() == b"x"
    assert request_arrivals(feed=feed, actor="schedule") == []


def lakes_clock_skew() -> Any:
    """S3 tells whole seconds, so a new object may seem to be from now on."""
    from datetime import timedelta

    return timedelta(seconds=2)


def test_a_place_that_is_away_keeps_no_other_from_being_looked_at(place: Path) -> None:
    Feed.objects.filter(name="dnb").update(location="gopher://nowhere/")
    drop(place, "a.csv")
    runs, problems = request_all_arrivals(actor="schedule")
    assert len(runs) == 1
    assert list(problems) == ["dnb"]
    assert looked_for() == []


def test_a_feed_that_watches_is_not_loaded_by_hand_without_a_file(place: Path) -> None:
    with pytest.raises(CannotLoad, match="put the file there, and it is loaded within a minute"):
        create_run(feed="crm", actor="user:dan")
    assert load_feed(feed="crm") is None
    assert not FeedRun.objects.exists()
