"""The lake keeps what is needed, and the rest for as long as it was told to."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from ingestion.golden_zone import publish_to_lake
from ingestion.lake import Lake, Zone
from ingestion.models import FeedRun, RunState
from ingestion.retention import tidy_lake

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings: Any) -> None:
    """For so many days."""
    settings.LAKE_KEPT_DAYS = {"raw": 365, "curated": 90, "golden": 0}


def a_run(lake: Lake, tmp_path: Path, days: int, state: str = RunState.SUCCEEDED) -> FeedRun:
    """A run that was over so many days ago, with its sets in the lake."""
    run = FeedRun.objects.create(
        feed_id="crm",
        location="x",
        state=state,
        error="x",
        requested_by="user:dan",
        finished_at=timezone.now() - timedelta(days=days),
    )
    file = tmp_path / "part"
    file.write_text("x")
    for zone, field in (("raw", "raw_location"), ("curated", "curated_location")):
        name = f"{zone}/crm/{run.pk}"
        lake.publish(name, {"part": file}, {})
        setattr(run, field, lake.location(f"{name}/part" if zone == "raw" else name))
    run.save()
    return run


def test_old_sets_go_and_needed_ones_stay(lake: Lake, tmp_path: Path) -> None:
    ancient, old, failed = a_run(lake, tmp_path, 400), a_run(lake, tmp_path, 100), a_run(lake, tmp_path, 95, "failed")
    a_run(lake, tmp_path, 10)
    last = a_run(lake, tmp_path, 91)
    assert tidy_lake(dry_run=True).count == 4
    removed = tidy_lake().removed
    assert removed == {
        "raw": [f"raw/crm/{ancient.pk}"],
        "curated": [f"curated/crm/{run.pk}" for run in (ancient, old, failed)],
    }
    assert lake.manifest(f"curated/crm/{old.pk}") is None
    assert lake.manifest(f"raw/crm/{old.pk}") is not None
    assert lake.manifest(f"curated/crm/{last.pk}") is not None  # the feed's last success
    assert tidy_lake().count == 0


def test_the_latest_snapshot_stays(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = publish_to_lake(), publish_to_lake()
    call_command("tidy_lake", "--json")
    removed = json.loads(capsys.readouterr().out)["removed"]
    assert removed == {Zone.GOLDEN: [lake.name(first.location)]}
    assert lake.manifest(lake.name(second.location)) is not None
