"""Scorecards and trends: what the feeds bring, each number with a way to the rows behind it."""

import pytest
from django.utils import timezone

from ingestion.models import FeedRun, QualityResult, RunState
from ingestion.quality.actions import keep_results
from party_hub.models import SourceRecord
from stewardship.presentation.trend import Value, trend
from stewardship.queries.quality import feed_quality, scorecards
from tests.factories import SourceRecordFactory
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db
LEI = "lei_valid:be_in_set"


def a_run(failing: int, landed: int = 10) -> FeedRun:
    """A run of `landed` rows, `failing` of them with a wrong LEI and one with an odd tax id."""
    run = FeedRun.objects.create(
        feed_id="crm", state=RunState.SUCCEEDED, location="x", requested_by="user:dan", finished_at=timezone.now(),
        landed=landed, accepted=landed - failing, created=landed - failing, quarantined=failing,
        raw_location="file:///raw/x",
    )  # fmt: skip
    lei = {"code": LEI, "column": "lei_valid", "says": "The LEI is wrong.", "dimension": "validity"}
    tax = {"code": "tax", "column": "tax_id_valid", "says": "Odd tax ids.", "dimension": "completeness"}
    keep_results(
        run=run,
        verdicts=[
            {**lei, "severity": "quarantine", "passed": not failing, "rows": landed, "failing": failing},
            {**tax, "severity": "warn", "passed": False, "rows": landed, "failing": 1, "lines": [2]},
        ],
    )
    return run


def test_a_scorecard_shows_the_last_load_by_side() -> None:
    a_run(5)
    last = a_run(2)
    (card,) = scorecards()
    assert card.run == last
    percents = {score.dimension: score.percent for score in card.scores}
    assert (percents["validity"], percents["completeness"], percents["volume"]) == (80, 90, None)
    assert card.overall == 85


def test_a_trend_goes_from_the_oldest_run_to_the_last() -> None:
    runs = [a_run(failing) for failing in (5, 2)]
    found = feed_quality("crm")
    assert found.runs == runs
    assert dict(found.sides)["validity"] == [(runs[0], 50), (runs[1], 80)]
    assert [percent for _, percent in next(rule for rule in found.rules if rule.result.code == LEI).history] == [50, 80]


def test_a_scale_shows_a_small_fall() -> None:
    drawn = trend([Value("1", 100, ""), Value("2", 97, "")], unit=" %", top=100)
    assert (drawn.low, drawn.high, drawn.last) == (90, 100, 97)
    assert drawn.points[0].y == drawn.head
    assert drawn.head < drawn.points[1].y < drawn.base
    assert trend([]).points == []


def test_the_pages_lead_from_a_number_to_its_rows(signed_in: SignedIn) -> None:
    run = a_run(2)
    SourceRecordFactory(raw_location="file:///raw/x#2", key="C-NOTED")
    client = signed_in("ben")
    assert "/quality/feeds/crm/" in client.get("/quality/").content.decode()
    page = client.get("/quality/feeds/crm/").content.decode()
    assert f"run={run.pk}&amp;state=any&amp;rule=lei_valid%3Abe_in_set" in page
    assert f'<a href="/feeds/{run.pk}/"' in page
    noted = QualityResult.objects.get(code="tax")
    assert f"/quality/results/{noted.pk}/" in page
    assert "style=" not in page
    assert "C-NOTED" in client.get(f"/quality/results/{noted.pk}/").content.decode()
    SourceRecord.objects.all().delete()
    assert "replaced since" in client.get(f"/quality/results/{noted.pk}/").content.decode()


def test_what_is_not_there_is_not_found(signed_in: SignedIn) -> None:
    client = signed_in("ben")
    assert client.get("/quality/feeds/none/").status_code == 404
    assert client.get("/quality/results/987654/").status_code == 404
    assert "Nothing to measure yet" in client.get("/quality/feeds/dnb/").content.decode()
