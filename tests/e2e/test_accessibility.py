"""Each page, light and dark: axe finds nothing (WCAG 2.2 AA), and no page scrolls sideways on a telephone."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from stewardship.models import ReviewTask
from tests.browser import Hub
from tests.e2e.every_page import every_page, training_pages

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(
    scheme: str, browser: Browser, live_server: LiveServer, questions: list[ReviewTask]
) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    hub = Hub(context.new_page(), live_server)
    hub.open("/sign-in/")
    found = {"/sign-in/": hub.violations()}
    hub.sign_in("ada")
    for path in every_page(questions[0]):
        hub.open(path)
        found[path] = hub.violations()
    context.close()
    assert {path: violations for path, violations in found.items() if violations} == {}
    assert hub.complaints == []


def test_axe_finds_nothing_where_a_lead_settles(hub: Hub, questions: list[ReviewTask]) -> None:
    training_pages()
    hub.sign_in("cleo")
    hub.open("/matching/agreement/")
    assert hub.violations() == []
    hub.page.get_by_test_id("disagreement").get_by_role("link").click()
    hub.page.wait_for_url("**/pair/**")
    assert hub.violations() == []


def test_no_page_is_wider_than_a_telephone(
    browser: Browser, live_server: LiveServer, questions: list[ReviewTask]
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    hub = Hub(context.new_page(), live_server)
    hub.sign_in("ada")
    widths = {}
    for path in every_page(questions[0]):
        hub.open(path)
        widths[path] = hub.page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert {path: width for path, width in widths.items() if width > 390} == {}


def test_error_pages_are_accessible_too(ada: Hub) -> None:
    ada.open("/nowhere/")
    assert ada.violations() == []
    ada.complaints.clear()  # the browser reports the 404 itself


def test_the_skip_link_leads_past_the_navigation(ada: Hub) -> None:
    ada.open("/rules/")
    ada.page.keyboard.press("Tab")
    assert ada.page.evaluate("document.activeElement.textContent") == "Skip to content"
    ada.page.keyboard.press("Enter")
    ada.page.keyboard.press("Tab")
    assert ada.page.evaluate("document.querySelector('main').contains(document.activeElement)")
