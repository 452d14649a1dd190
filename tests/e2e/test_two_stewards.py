"""Two stewards at one queue: the database keeps them off each other's questions, and the pages say so."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from stewardship.models import Lease, ReviewTask, TaskState
from tests.browser import Hub
from tests.people import person

pytestmark = pytest.mark.e2e


@pytest.fixture
def cleo(browser: Browser, live_server: LiveServer, questions: list[ReviewTask]) -> Hub:
    """The lead steward at her own desk."""
    hub = Hub(browser.new_context().new_page(), live_server)
    hub.sign_in("cleo")
    return hub


def test_who_opens_a_question_holds_it_and_the_other_is_told(ada: Hub, cleo: Hub, questions: list[ReviewTask]) -> None:
    first = questions[0]
    ada.open(f"/tasks/{first.pk}/")
    assert Lease.objects.get(task=first).holder == person("ada")
    cleo.open(f"/tasks/{first.pk}/")
    expect(cleo.page.get_by_text("is working on this task")).to_be_visible()
    expect(cleo.page.get_by_text("ada looks at this too")).to_be_visible()
    expect(cleo.page.get_by_test_id("decide-match")).to_be_disabled()
    cleo.open("/tasks/next/")
    cleo.page.wait_for_url(f"**/tasks/{questions[1].pk}/")


def test_two_who_press_at_once_decide_once(ada: Hub, cleo: Hub, questions: list[ReviewTask]) -> None:
    first = questions[0]
    ada.open(f"/tasks/{first.pk}/")
    Lease.objects.all().delete()
    cleo.open(f"/tasks/{first.pk}/")
    Lease.objects.all().delete()
    ada.page.get_by_test_id("decide-unsure").click()
    ada.page.wait_for_url("**/?decided=*")
    cleo.page.get_by_test_id("decide-match").click()
    expect(cleo.page.get_by_text("answered in the meantime")).to_be_visible()
    first.refresh_from_db()
    assert (first.judgement, first.decided_by) == ("unsure", person("ada"))


def test_a_hold_renews_while_one_looks_and_frees_itself_after(ada: Hub, cleo: Hub, questions: list[ReviewTask]) -> None:
    first = questions[0]
    ada.open(f"/tasks/{first.pk}/")
    Lease.objects.update(expires_at=timezone.now() + timedelta(seconds=1))
    with ada.page.expect_response("**/present/"):
        ada.page.evaluate("htmx.trigger('#presence', 'revive')")
    assert Lease.objects.get(task=first).expires_at > timezone.now() + timedelta(minutes=2)
    Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    cleo.open(f"/tasks/{first.pk}/")
    expect(cleo.page.get_by_test_id("decide-match")).to_be_enabled()
    assert Lease.objects.get(task=first).holder == person("cleo")


def test_a_page_says_when_its_question_has_been_answered_elsewhere(
    ada: Hub, cleo: Hub, questions: list[ReviewTask]
) -> None:
    first = questions[0]
    cleo.open(f"/tasks/{first.pk}/")
    Lease.objects.all().delete()
    ada.open(f"/tasks/{first.pk}/")
    ada.page.get_by_test_id("decide-match").click()
    ada.page.wait_for_url("**/?decided=*")
    cleo.page.evaluate("htmx.trigger('#presence', 'revive')")
    expect(cleo.page.get_by_text("This has changed since you opened it")).to_be_visible()


def test_going_on_to_another_question_frees_the_one_before(ada: Hub, questions: list[ReviewTask]) -> None:
    for task in questions[:2]:
        ada.open(f"/tasks/{task.pk}/")
    assert [lease.task_id for lease in Lease.objects.all()] == [questions[1].pk]


def test_the_database_lets_a_decided_task_be_decided_no_second_time(questions: list[ReviewTask]) -> None:
    task = questions[0]
    answer = {"state": TaskState.DONE, "judgement": "match", "decided_at": timezone.now()}
    ReviewTask.objects.filter(pk=task.pk).update(
        **answer, act="11111111-1111-1111-1111-111111111111", decided_by=person("ada")
    )
    with pytest.raises(IntegrityError, match="decided already"), transaction.atomic():
        ReviewTask.objects.filter(pk=task.pk).update(act="22222222-2222-2222-2222-222222222222")


def test_z_again_and_again_takes_back_one_answer_after_the_other(ada: Hub, questions: list[ReviewTask]) -> None:
    ada.open(f"/tasks/{questions[0].pk}/")
    for task in questions[:2]:
        ada.page.wait_for_url(f"**/tasks/{task.pk}/*")
        ada.page.keyboard.press("n")
    ada.page.wait_for_url(f"**/tasks/{questions[2].pk}/*")
    for task in reversed(questions[:2]):
        expect(ada.page.get_by_test_id("undo")).to_be_visible()
        ada.page.keyboard.press("z")
        ada.page.wait_for_url(f"**/tasks/{task.pk}/*")
    assert ReviewTask.objects.filter(state=TaskState.OPEN).count() == 3


def test_an_impatient_z_takes_nothing_back_that_the_page_does_not_show(ada: Hub, questions: list[ReviewTask]) -> None:
    first, second, third = questions
    ada.open(f"/tasks/{first.pk}/")
    ada.page.keyboard.press("n")
    ada.page.wait_for_url(f"**/tasks/{second.pk}/*")
    expect(ada.page.get_by_test_id("undo")).to_be_visible()
    ada.page.keyboard.press("n")
    ada.page.keyboard.press("z")
    ada.page.wait_for_url(f"**/tasks/{third.pk}/*")
    assert set(ReviewTask.objects.filter(state=TaskState.OPEN)) == {third}


def test_the_next_task_is_fetched_ahead_and_held_only_when_shown(ada: Hub, questions: list[ReviewTask]) -> None:
    first, second, _ = questions
    with ada.page.expect_response(f"**/tasks/{second.pk}/?ahead=1"):
        ada.open(f"/tasks/{first.pk}/")
    assert [lease.task_id for lease in Lease.objects.all()] == [first.pk]
    with ada.page.expect_response("**/present/"):
        ada.page.keyboard.press("j")
    assert [lease.task_id for lease in Lease.objects.all()] == [second.pk]
