"""A lead trains a model, looks at it beside the one in force, puts it there, and takes it back."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from matching.actions.manage_models import ensure_model
from matching.models import TrainingRun
from matching.queries import active_model
from stewardship.models import ReviewTask
from tests.browser import Hub
from tests.matching.test_training import answers
from tests.people import PASSWORD, person

pytestmark = pytest.mark.e2e


@pytest.fixture
def shipped(questions: list[ReviewTask]) -> str:
    """The model in force, and forty answers to learn from."""
    answers(40)
    return ensure_model(actor="system:test")


def test_a_lead_trains_activates_and_rolls_back(hub: Hub, shipped: str) -> None:
    hub.sign_in("cleo")
    hub.open("/matching/")
    hub.page.get_by_role("link", name="Training", exact=True).click()
    hub.page.get_by_role("button", name="Train a model").click()
    expect(hub.page.get_by_test_id("beside")).to_be_visible()
    expect(hub.page.get_by_test_id("learning-curve").locator("circle").first).to_be_visible()
    run = TrainingRun.objects.get()
    assert (run.state, active_model().version) == ("done", shipped)

    hub.page.get_by_role("link", name="See what it would change").click()
    with hub.page.expect_navigation():
        hub.page.get_by_role("button", name="Work it out").click()
    hub.page.reload()
    expect(hub.page.get_by_test_id("impact")).to_contain_text("would come apart")
    hub.page.get_by_label("Reason").first.fill("Better on what it never saw.")
    hub.page.get_by_role("button", name="Put it in force").click()
    hub.page.wait_for_url("**/matching/")
    assert active_model().version == run.model_version

    hub.open(f"/matching/{shipped}/")
    hub.page.get_by_label("Reason").first.fill("The queue grew too long.")
    hub.page.get_by_role("button", name="Put it back in force").click()
    hub.page.wait_for_url("**/matching/")
    assert active_model().version == shipped


def test_a_training_is_started_and_read_without_javascript(
    browser: Browser, live_server: LiveServer, shipped: str
) -> None:
    person("cleo")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-in/?next=/matching/training/")
    page.get_by_label("User name").fill("cleo")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Train a model").click()
    expect(page.get_by_test_id("curve-step").first).to_be_visible()
    context.close()
    assert TrainingRun.objects.get().state == "done"
