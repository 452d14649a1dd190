"""A steward's day without a mouse."""

import pytest
from playwright.sync_api import expect

from stewardship.models import ReviewTask, TaskState
from tests.browser import Hub

pytestmark = pytest.mark.e2e


def heading_has_focus(hub: Hub) -> bool:
    return bool(hub.page.evaluate("document.activeElement === document.querySelector('h1')"))


@pytest.mark.parametrize(("key", "judgement"), [("x", "match"), ("n", "no_match"), ("u", "unsure")])
def test_one_key_decides_and_moves_on_to_the_next_heading(
    key: str, judgement: str, ada: Hub, questions: list[ReviewTask]
) -> None:
    first, second, _ = questions
    ada.open(f"/tasks/{first.pk}/")
    ada.page.keyboard.press(key)
    ada.page.wait_for_url(f"**/tasks/{second.pk}/?decided={first.pk}")
    first.refresh_from_db()
    assert (first.state, first.judgement) == (TaskState.DONE, judgement)
    assert heading_has_focus(ada)


def test_z_takes_the_last_decision_back(ada: Hub, questions: list[ReviewTask]) -> None:
    first = questions[0]
    ada.open(f"/tasks/{first.pk}/")
    ada.page.keyboard.press("x")
    expect(ada.page.get_by_test_id("undo")).to_be_visible()
    ada.page.keyboard.press("z")
    ada.page.wait_for_url(f"**/tasks/{first.pk}/")
    expect(ada.page.get_by_text("The task is open again")).to_be_visible()
    first.refresh_from_db()
    assert first.state == TaskState.OPEN


def test_j_and_k_go_to_the_next_task_and_back(ada: Hub, questions: list[ReviewTask]) -> None:
    first, second, _ = questions
    ada.open(f"/tasks/{first.pk}/")
    ada.page.keyboard.press("j")
    ada.page.wait_for_url(f"**/tasks/{second.pk}/?ahead=1")
    ada.page.keyboard.press("k")
    ada.page.wait_for_url(f"**/tasks/{first.pk}/")


def test_j_walks_the_queue_and_enter_opens(ada: Hub, questions: list[ReviewTask]) -> None:
    ada.open("/tasks/")
    for key in ("j", "j", "k", "j", "Enter"):
        ada.page.keyboard.press(key)
    ada.page.wait_for_url(f"**/tasks/{questions[1].pk}/")


def test_keys_are_silent_where_one_types(ada: Hub, questions: list[ReviewTask]) -> None:
    first = questions[0]
    ada.open(f"/tasks/{first.pk}/")
    ada.page.keyboard.press("c")
    ada.page.keyboard.type("next unsure x")
    expect(ada.page.locator("#comment-text")).to_have_value("next unsure x")
    first.refresh_from_db()
    assert first.state == TaskState.OPEN


def test_keys_are_silent_while_a_dialog_is_open(ada: Hub, questions: list[ReviewTask]) -> None:
    first = questions[0]
    ada.open(f"/tasks/{first.pk}/")
    ada.page.keyboard.press("?")
    expect(ada.page.get_by_role("dialog")).to_be_visible()
    ada.page.keyboard.press("x")
    ada.page.keyboard.press("Escape")
    expect(ada.page.get_by_role("dialog")).to_be_hidden()
    first.refresh_from_db()
    assert first.state == TaskState.OPEN


def test_keys_can_be_switched_off(ada: Hub, questions: list[ReviewTask]) -> None:
    first = questions[0]
    ada.open(f"/tasks/{first.pk}/")
    ada.page.keyboard.press("?")
    ada.page.get_by_role("button", name="Switch shortcuts off").click()
    expect(ada.page.locator("html")).to_have_attribute("data-shortcuts", "off")
    ada.page.keyboard.press("x")
    ada.page.keyboard.press("/")
    first.refresh_from_db()
    assert first.state == TaskState.OPEN
    assert ada.page.evaluate("document.activeElement.id") != "top-search"


def test_slash_goes_to_the_search(ada: Hub, questions: list[ReviewTask]) -> None:
    ada.open("/rules/")
    ada.page.keyboard.press("/")
    ada.page.keyboard.type("northwind")
    ada.page.keyboard.press("Enter")
    ada.page.wait_for_url("**/parties/?q=northwind")
    expect(ada.page.get_by_test_id("party-row")).to_have_count(2)


def test_s_opens_the_split_of_a_party(ada: Hub, questions: list[ReviewTask]) -> None:
    task = questions[0]
    larger = task.party_b_id if task.party_b.golden.record_count > 1 else task.party_a_id
    ada.open(f"/parties/{larger}/")
    ada.page.keyboard.press("s")
    ada.page.wait_for_url(f"**/parties/{larger}/split/")


def test_every_shortcut_is_a_button_that_can_be_seen(ada: Hub, questions: list[ReviewTask]) -> None:
    ada.open(f"/tasks/{questions[1].pk}/")
    carriers = ada.page.locator("[aria-keyshortcuts]").all()
    keys = {carrier.get_attribute("aria-keyshortcuts") for carrier in carriers if carrier.is_visible()}
    assert keys >= {"x", "n", "u", "c", "h", "j", "k", "/", "?"}
