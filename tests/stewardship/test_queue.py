"""The queue page: filters, order, pages by key."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from stewardship.actions.lease import claim_task
from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.models import ReviewTask
from stewardship.queries.queue import page_of
from tests.factories import SourceRecordFactory, a_company, a_suggestion, party_of
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def several(db: None) -> list[ReviewTask]:
    """Six tasks: individuals from CRM at 30 to 70 %, one pair of organisations of D&B and Markit at 90 %."""
    for probability in (0.3, 0.4, 0.5, 0.6, 0.7):
        one, other = SourceRecordFactory.create_batch(2)
        party_of(one)
        party_of(other)
        a_suggestion(one, other, probability)
    companies = [
        SourceRecordFactory(source_id=source, party_type="organisation", attributes=a_company())
        for source in ("dnb", "markit")
    ]
    for company in companies:
        party_of(company)
    a_suggestion(*companies, probability=0.9)
    refresh_tasks()
    return list(ReviewTask.objects.all())


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, 6),
        ({"kind": "match"}, 6),
        ({"kind": "conflict"}, 0),
        ({"party_type": "individual"}, 5),
        ({"band": "likely"}, 1),
        ({"band": "unlikely"}, 1),
        ({"source": "markit"}, 1),
        ({"state": "done"}, 0),
        ({"kind": "nonsense"}, 6),
    ],
)
def test_a_filter_narrows_the_queue(
    filters: dict[str, str], found: int, several: list[ReviewTask], signed_in: SignedIn
) -> None:
    page = signed_in("ben").get("/tasks/", filters).content.decode()
    assert page.count('data-testid="queue-row"') == found


def test_mine_only_shows_what_i_have_claimed(several: list[ReviewTask], ada: User) -> None:
    claim_task(task=several[2], user=ada)
    assert page_of({"mine": True}, ada).tasks == [several[2]]


@pytest.mark.parametrize("sort", ["priority", "probability", "uncertain", "oldest"])
def test_pages_by_key_show_every_task_once(sort: str, several: list[ReviewTask], ada: User) -> None:
    for age, task in enumerate(several):
        ReviewTask.objects.filter(pk=task.pk).update(
            created_at=timezone.now() - timedelta(days=age // 2), priority=age % 2
        )
    seen, cursor = [], ""
    while True:
        page = page_of({"sort": sort}, ada, cursor=cursor, size=2)
        seen += [task.pk for task in page.tasks]
        cursor = page.following
        if not cursor:
            break
    assert sorted(seen) == sorted(task.pk for task in several)
    assert len(seen) == len(set(seen))


def test_a_cursor_that_is_none_of_ours_shows_the_first_page(several: list[ReviewTask], ada: User) -> None:
    assert len(page_of({}, ada, cursor="made-up").tasks) == 6


def test_the_order_is_as_asked(several: list[ReviewTask], ada: User) -> None:
    assert [task.probability for task in page_of({"sort": "probability"}, ada).tasks] == [0.9, 0.7, 0.6, 0.5, 0.4, 0.3]


def test_an_empty_queue_says_what_to_do_next(signed_in: SignedIn) -> None:
    assert "load a feed" in signed_in("ada").get("/tasks/").content.decode()


def test_a_filter_without_result_offers_the_whole_queue(several: list[ReviewTask], signed_in: SignedIn) -> None:
    assert "Whole queue" in signed_in("ada").get("/tasks/?kind=conflict").content.decode()


def test_htmx_gets_the_rows_alone(several: list[ReviewTask], signed_in: SignedIn) -> None:
    page = signed_in("ada").get("/tasks/", headers={"HX-Request": "true"}).content.decode()
    assert "queue-row" in page
    assert "<html" not in page


def test_the_sidebar_counts_the_open_tasks(several: list[ReviewTask], signed_in: SignedIn) -> None:
    page = signed_in("ben").get("/rules/").content.decode()
    assert re.search(r'title="Open tasks">6<', page)
