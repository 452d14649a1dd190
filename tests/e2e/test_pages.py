"""What JavaScript adds, and that nothing needs it."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from ingestion.models import FeedRun
from stewardship.models import ReviewTask, TaskState
from tests.browser import Hub

pytestmark = pytest.mark.e2e


def test_a_filter_narrows_the_queue_at_once(ada: Hub, questions: list[ReviewTask]) -> None:
    ada.open("/tasks/")
    expect(ada.page.get_by_test_id("queue-row")).to_have_count(3)
    ada.page.get_by_label("Party type").select_option("organisation")
    expect(ada.page.get_by_test_id("queue-row")).to_have_count(1)
    assert "party_type=organisation" in ada.page.url


def test_parties_are_found_while_one_types(ada: Hub, questions: list[ReviewTask]) -> None:
    ada.open("/parties/")
    ada.page.get_by_label("Name or identifier").press_sequentially("northwind")
    expect(ada.page.get_by_test_id("party-row")).to_have_count(2)


def test_a_run_is_followed_until_it_is_over(ada: Hub, questions: list[ReviewTask]) -> None:
    run = FeedRun.objects.create(feed_id="crm", state="running", stage="map", location="x.csv", requested_by="schedule")
    ada.open(f"/feeds/{run.pk}/")
    expect(ada.page.get_by_text("Running")).to_be_visible()
    FeedRun.objects.filter(pk=run.pk).update(state="failed", error="The file is empty.", finished_at=run.requested_at)
    expect(ada.page.get_by_text("The file is empty.")).to_be_visible()


def test_dark_colours_come_by_the_switch(ada: Hub) -> None:
    ada.open("/rules/")
    ada.page.get_by_role("button", name="Dark colours").click()
    expect(ada.page.locator("body")).to_have_css("background-color", "rgb(13, 15, 19)")


def test_lineage_opens_on_demand(ada: Hub, questions: list[ReviewTask]) -> None:
    task = questions[0]
    larger = task.party_b_id if task.party_b.golden.record_count > 1 else task.party_a_id
    ada.open(f"/parties/{larger}/")
    row = ada.page.get_by_test_id("lineage-row").first
    expect(row.get_by_text("Said by")).to_be_hidden()
    row.locator("summary").click()
    expect(row.get_by_text("Said by")).to_be_visible()


def test_a_double_click_decides_one_task(ada: Hub, questions: list[ReviewTask]) -> None:
    first = questions[0]
    ada.open(f"/tasks/{first.pk}/")
    ada.page.get_by_test_id("decide-unsure").dblclick()
    ada.page.wait_for_url(f"**/tasks/*/?decided={first.pk}")
    assert ReviewTask.objects.filter(state=TaskState.DONE).count() == 1


def test_a_steward_decides_and_undoes_without_javascript(
    browser: Browser, live_server: LiveServer, questions: list[ReviewTask]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    hub = Hub(context.new_page(), live_server)
    hub.sign_in("ada")
    hub.page.get_by_role("link", name="Start reviewing").click()
    hub.page.get_by_label("Reason").fill("Same birthday.")
    hub.page.get_by_test_id("decide-match").click()
    hub.page.get_by_test_id("undo").click()
    expect(hub.page.get_by_text("The task is open again")).to_be_visible()
    context.close()
    assert ReviewTask.objects.filter(state=TaskState.OPEN).count() == 3
