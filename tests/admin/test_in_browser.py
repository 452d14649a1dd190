"""The admin and the API's page in a real Chromium: they work under the Content-Security-Policy."""

import re

import pytest
from playwright.sync_api import expect

from party_hub.models import OutboxEvent, SourceSystem
from tests import people
from tests.browser import Hub

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_an_administrator_changes_a_sources_trust(hub: Hub) -> None:
    people.dan()
    hub.sign_in("dan")
    hub.open("/admin/")
    hub.page.get_by_role("link", name="Source systems").first.click()
    hub.page.get_by_role("link", name="D&B").first.click()
    hub.page.get_by_label("Trust").fill("70")
    hub.page.get_by_role("button", name="Save", exact=True).click()
    expect(hub.page.get_by_text("was changed successfully")).to_be_visible()
    assert SourceSystem.objects.get(code="dnb").trust == 70
    assert OutboxEvent.objects.filter(topic="party.reference", key="sources/dnb").count() == 1


@pytest.mark.parametrize(
    "path",
    ["/admin/auth/user/add/", "/admin/party_hub/apitoken/add/", "/admin/django_celery_beat/periodictask/add/",
     "/admin/ingestion/feed/", "/admin/party_hub/auditentry/", "/admin/party_hub/survivorshiprule/"],
)  # fmt: skip
def test_the_admins_pages_break_no_rule_of_the_browser(hub: Hub, path: str) -> None:
    people.dan()
    hub.sign_in("dan")
    hub.open(path)
    expect(hub.page.locator("#content, main").first).to_be_visible()


def test_the_apis_page_shows_every_call_without_breaking_the_policy(hub: Hub) -> None:
    hub.open("/api/docs/")
    expect(hub.page.get_by_text("/api/v1/parties/{party}/", exact=True).first).to_be_visible()
    hub.page.locator(".opblock-summary-control").first.click()
    expect(hub.page.locator(".opblock.is-open")).to_have_count(1)
    expect(hub.page).to_have_title(re.compile("API"))
