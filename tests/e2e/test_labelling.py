"""A steward labels pairs: by keys alone, by mouse, and without JavaScript."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from matching.actions.choose_questions import choose_questions
from matching.actions.start_round import start_round
from matching.models import Label, LabelRound
from stewardship.models import ReviewTask
from tests.browser import Hub
from tests.people import PASSWORD, person

pytestmark = pytest.mark.e2e


@pytest.fixture
def asked(questions: list[ReviewTask]) -> LabelRound:
    """A round of three pairs."""
    found = start_round(actor="user:cleo", second_share=0)
    choose_questions(round_id=found.pk)
    return found


def verdicts() -> list[str]:
    return list(Label.objects.filter(retracted_at=None).order_by("pk").values_list("verdict", flat=True))


def test_a_round_is_labelled_by_keys_alone(ada: Hub, asked: LabelRound) -> None:
    ada.open("/matching/labels/")
    names = ada.page.get_by_test_id("label-pair").get_by_role("columnheader").all_inner_texts()
    ada.page.keyboard.press("x")
    expect(ada.page.get_by_text("1 of 3 answered")).to_be_visible()
    assert ada.page.evaluate("document.activeElement === document.querySelector('h1')")
    ada.page.keyboard.press("z")
    expect(ada.page.get_by_text("0 of 3 answered")).to_be_visible()
    assert ada.page.get_by_test_id("label-pair").get_by_role("columnheader").all_inner_texts() == names
    ada.page.keyboard.press("n")
    expect(ada.page.get_by_text("1 of 3 answered")).to_be_visible()
    ada.page.keyboard.press("j")
    ada.page.wait_for_url("**/matching/labels/")
    ada.page.keyboard.press("u")
    expect(ada.page.get_by_text("2 of 3 answered")).to_be_visible()
    expect(ada.page.get_by_text("Nothing left for you")).to_be_visible()
    assert verdicts() == ["no_match", "unsure"]


def test_a_pair_is_labelled_by_mouse_and_corrected(ada: Hub, asked: LabelRound) -> None:
    ada.open("/matching/")
    ada.page.get_by_role("link", name="Label pairs").click()
    ada.page.get_by_test_id("decide-match").click()
    expect(ada.page.get_by_text("1 of 3 answered")).to_be_visible()
    ada.page.get_by_role("link", name="Your answers").click()
    ada.page.get_by_test_id("label-row").get_by_role("link").click()
    ada.page.get_by_test_id("decide-no-match").click()
    expect(ada.page.get_by_text("1 of 3 answered")).to_be_visible()
    assert verdicts() == ["no_match"]


def test_everything_works_without_javascript(browser: Browser, live_server: LiveServer, asked: LabelRound) -> None:
    person("ada")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-in/?next=/matching/labels/")
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_test_id("decide-match").click()
    page.get_by_test_id("undo").click()
    expect(page.get_by_text("0 of 3 answered")).to_be_visible()
    page.get_by_test_id("skip").click()
    page.get_by_test_id("decide-no-match").click()
    expect(page.get_by_text("1 of 3 answered")).to_be_visible()
    context.close()
    assert verdicts() == ["no_match"]
