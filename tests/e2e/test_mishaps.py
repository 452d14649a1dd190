"""What goes wrong in a day: the way back by the browser, a lost connection, no JavaScript."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from party_hub.models import SourceRecord
from stewardship.models import Comment, Lease, ReviewTask, TaskState
from tests.browser import Hub
from tests.people import person

pytestmark = pytest.mark.e2e


@pytest.fixture
def plain(browser: Browser, live_server: LiveServer, questions: list[ReviewTask]) -> Hub:
    """Ada in a browser without JavaScript."""
    hub = Hub(browser.new_context(java_script_enabled=False).new_page(), live_server)
    hub.sign_in("ada")
    return hub


def test_the_back_button_shows_what_became_of_the_question(ada: Hub, questions: list[ReviewTask]) -> None:
    first = questions[0]
    ada.open(f"/tasks/{first.pk}/")
    ada.page.get_by_test_id("decide-unsure").click()
    ada.page.wait_for_url("**/?decided=*")
    ada.page.go_back()
    ada.page.reload()
    expect(ada.page.get_by_text("decided by ada")).to_be_visible()
    expect(ada.page.get_by_test_id("decide-match")).to_have_count(0)


def test_an_answer_on_a_lost_connection_can_be_given_again(ada: Hub, questions: list[ReviewTask]) -> None:
    first = questions[0]
    ada.open(f"/tasks/{first.pk}/")
    ada.page.get_by_label("Reason").fill("Told on the telephone.")
    ada.page.route("**/decide/", lambda route: route.abort("internetdisconnected"))
    with ada.page.expect_event("requestfailed"):
        ada.page.get_by_test_id("decide-match").click()
    first.refresh_from_db()
    assert first.state == TaskState.OPEN
    ada.page.unroute("**/decide/")
    ada.open(f"/tasks/{first.pk}/")
    ada.page.get_by_test_id("decide-match").click()
    ada.page.wait_for_url("**/?decided=*")
    ada.complaints.clear()  # the browser reports the broken connection itself


def test_without_javascript_a_record_is_left_out_of_a_match(plain: Hub, questions: list[ReviewTask]) -> None:
    first = questions[0]
    plain.open(f"/tasks/{first.pk}/")
    plain.page.get_by_role("link", name="By record").click()
    spare = SourceRecord.objects.get(source="markit", party_type="individual", attributes__names__0__full="Anne Smith")
    plain.page.locator(f'input[name="left_out"][value="{spare.pk}"]').check()
    plain.page.get_by_role("button", name="Preview without them").click()
    expect(plain.page.get_by_test_id("impact")).to_contain_text("1 record is left out")
    plain.page.get_by_test_id("decide-match").click()
    expect(plain.page.get_by_test_id("undo")).to_be_visible()
    first.refresh_from_db()
    assert (first.state, first.judgement) == (TaskState.DONE, "match")


def test_without_javascript_tasks_are_noted_claimed_and_given_away(plain: Hub, questions: list[ReviewTask]) -> None:
    first, cleo = questions[0], person("cleo")
    plain.open(f"/tasks/{first.pk}/")
    plain.page.locator("#comment-text").fill("@cleo knows the family.")
    plain.page.locator("#comments").get_by_role("button").click()
    expect(plain.page.get_by_text("knows the family")).to_be_visible()
    plain.page.get_by_role("button", name="Claim").click()
    expect(plain.page.get_by_role("button", name="Release")).to_be_visible()
    assert Lease.objects.get(task=first).claimed
    plain.page.get_by_text("Give it to somebody").click()
    plain.page.get_by_label("Give to").select_option(label="cleo")
    plain.page.get_by_role("button", name="Give", exact=True).click()
    expect(plain.page.get_by_text("Given to cleo")).to_be_visible()
    first.refresh_from_db()
    assert first.assigned_to == cleo
    assert Comment.objects.get().mentions.get().user == cleo


def test_without_javascript_the_queue_is_filtered_and_a_view_saved(plain: Hub, questions: list[ReviewTask]) -> None:
    plain.open("/tasks/")
    plain.page.get_by_label("Party type").select_option("organisation")
    plain.page.get_by_role("button", name="Apply").click()
    expect(plain.page.get_by_test_id("queue-row")).to_have_count(1)
    plain.page.get_by_text("Save this view").click()
    plain.page.get_by_label("Name", exact=True).fill("Firms")
    plain.page.get_by_role("button", name="Save", exact=True).click()
    expect(plain.page.get_by_role("link", name="Firms")).to_be_visible()


def test_the_threshold_of_the_graph_moves_with_the_slider(ada: Hub, questions: list[ReviewTask]) -> None:
    ada.open(f"/tasks/{questions[0].pk}/graph/?least=0")
    lines = ada.page.locator("line.tie--pair")
    expect(lines).to_have_count(1)
    with ada.page.expect_response("**/graph/**"):
        ada.page.get_by_label("Show pairs").fill("95")
        ada.page.get_by_label("Show pairs").dispatch_event("change")
    expect(lines).to_have_count(0)


def test_everything_is_reached_by_keys_alone(ada: Hub, questions: list[ReviewTask]) -> None:
    first = questions[0]
    ada.open("/tasks/")
    ada.page.keyboard.press("j")
    ada.page.keyboard.press("Enter")
    ada.page.wait_for_url(f"**/tasks/{first.pk}/")
    ada.page.keyboard.press("r")
    ada.page.keyboard.type("Rel")
    ada.page.keyboard.press("Escape")
    ada.page.keyboard.press("Tab")
    ada.page.keyboard.type("Twins.")
    for _ in range(2):
        ada.page.keyboard.press("Tab")
    ada.page.keyboard.press("Enter")
    ada.page.wait_for_url(f"**/?decided={first.pk}")
    first.refresh_from_db()
    assert (first.judgement, first.reason) == ("no_match", "Relatives or namesakes: Twins.")
