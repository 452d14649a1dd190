"""The first page: each number and each point of a chart leads to the rows behind it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone

from ingestion.models import FeedRun, QualityResult, RejectedRow
from party_hub.domain.judgement import Judgement
from party_hub.models import OutboxEvent
from stewardship.actions.decide_task import decide_task
from stewardship.models import ReviewTask
from stewardship.queries.events import PAGE
from stewardship.queries.feed_health import LOADS, feed_health
from stewardship.queries.quality import scorecards
from tests.factories import a_party
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db


def a_load(feed: str = "crm", failing: int = 0, state: str = "succeeded", **more: Any) -> FeedRun:
    """A load of a hundred rows, of which some break a rule; its other side of quality is without fault."""
    run = FeedRun.objects.create(
        feed_id=feed, state=state, location=f"{feed}.csv", requested_by="user:dan", finished_at=timezone.now(), **more
    )
    for code, dimension, broken in (("a", "validity", failing), ("b", "completeness", 0)):
        QualityResult.objects.create(
            run=run, code=code, says="It holds.", dimension=dimension, severity="warn", passed=not broken, rows=100,
            failing=broken, lines=[],
        )  # fmt: skip
    return run


def test_a_feeds_health_is_its_last_load_and_the_way_there() -> None:
    for failing in (30, 10):
        last = a_load(failing=failing)
    RejectedRow.objects.create(run=last, line=3, field="born", reason="no such day", raw="{}")
    (crm,) = [row for row in feed_health().feeds if row.feed.pk == "crm"]
    assert (crm.quality, crm.waiting) == (95, 1)
    assert [point.value.number for point in crm.history.points] == [85, 95]
    (card,) = [card for card in scorecards() if card.feed.pk == "crm"]
    assert card.overall == crm.quality


def test_the_trend_shows_the_loads_of_all_feeds_in_their_order() -> None:
    runs = [
        a_load("crm", 20),
        a_load("dnb", 40),
        a_load("crm", 0),
        a_load("crm", 90, state="failed", error="No such file."),
    ]
    points = feed_health().trend.points
    assert [point.value.number for point in points] == [90, 80, 100]
    assert [point.value.url for point in points] == [f"/feeds/{run.pk}/" for run in runs[:3]]


def test_a_feed_that_loads_often_does_not_grow_without_end() -> None:
    for _ in range(LOADS + 3):
        a_load()
    (crm,) = [row for row in feed_health().feeds if row.feed.pk == "crm"]
    assert len(crm.history.points) == LOADS


def test_a_feed_without_a_load_says_so(signed_in: SignedIn) -> None:
    page = signed_in("ada").get("/").content.decode()
    assert "never loaded" in page
    assert 'data-testid="feed-health"' in page


def test_a_day_of_answers_leads_to_the_answers_of_that_day(
    question: ReviewTask, ada: User, signed_in: SignedIn
) -> None:
    decide_task(task=question, user=ada, judgement=Judgement.NO_MATCH)
    client = signed_in("ada")
    today = timezone.now().date()
    links = re.findall(r"/tasks/\?state=done&amp;day=([0-9-]+)", client.get("/").content.decode())
    assert links[-1] == today.isoformat()
    assert question.pk in [task.pk for task in client.get(f"/tasks/?state=done&day={today}").context["page"].tasks]
    yesterday = today - timedelta(days=1)
    assert client.get(f"/tasks/?state=done&day={yesterday}").context["page"].tasks == []


def test_a_stewards_number_leads_to_that_stewards_answers(question: ReviewTask, ada: User, signed_in: SignedIn) -> None:
    decide_task(task=question, user=ada, judgement=Judgement.UNSURE)
    client = signed_in("cleo")
    assert "/tasks/?state=done&amp;by=ada" in client.get("/").content.decode()
    assert [task.pk for task in client.get("/tasks/?state=done&by=ada").context["page"].tasks] == [question.pk]
    assert client.get("/tasks/?state=done&by=cleo").context["page"].tasks == []


def test_the_lag_of_events_leads_to_those_that_wait_and_to_the_slowest(signed_in: SignedIn) -> None:
    waiting, quick, slow = (a_party(name) for name in ("Ann Smith", "Bea Jones", "Cy Brown"))
    for party, seconds in ((quick, 1), (slow, 90)):
        told = OutboxEvent.objects.filter(key=str(party.pk))
        told.update(published_at=F("created_at") + timedelta(seconds=seconds))
    client = signed_in("ben")
    links = re.findall(r'href="(/activity/events/\?[^"]+)"', client.get("/").content.decode())
    assert links == ["/activity/events/?state=waiting", "/activity/events/?state=slow"]
    said = {link: [told.event.key for told in client.get(link).context["page"].events] for link in links}
    assert said == {links[0]: [str(waiting.pk)], links[1]: [str(slow.pk), str(quick.pk)]}
    of_party = client.get(f"/activity/events/?party={slow.pk}")
    assert [told.lag for told in of_party.context["page"].events] == [90]


def test_a_long_list_of_events_goes_on_where_the_page_ends(signed_in: SignedIn) -> None:
    parties = [a_party(f"Ann Smith {number}") for number in range(PAGE + 2)]
    client = signed_in("ada")
    for state, order in (("waiting", parties), ("", parties[::-1])):
        first = client.get(f"/activity/events/?state={state}").context
        second = client.get(f"/activity/events/?{first['more']}").context
        found = [told.event.key for page in (first, second) for told in page["page"].events]
        assert found == [str(party.pk) for party in order]
        assert second["more"] == ""


def test_a_view_of_a_day_is_saved_and_found_again(question: ReviewTask, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    client.post("/tasks/views/", {"name": "New year", "filters": "state=done&day=2026-01-01"})
    assert "New year" in (page := client.get("/tasks/").content.decode())
    assert "day=2026-01-01" in page
