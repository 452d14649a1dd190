"""Feeds in a real browser: a CSV becomes a feed, a row is corrected; with and without JavaScript."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from ingestion.models import Feed, FeedRun, RejectedRow, RunState
from party_hub.models import SourceRecord
from tests.browser import Hub
from tests.ingestion.conftest import CUSTOMER

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LISTED = "ref,firm,land,phone number\n1,Acme Ltd,GB,020 7946 0018\n2,Borealis AG,AT,\n"


@pytest.fixture(autouse=True)
def _lake_in_a_folder(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_URL = (tmp_path / "lake").as_uri()


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "listed.csv"
    path.write_text(LISTED)
    return path


def send(hub: Hub, path: Path) -> None:
    hub.open("/feeds/new/")
    hub.page.get_by_label("CSV file").set_input_files(path)
    hub.page.get_by_role("button", name="Look at its columns").click()
    hub.page.wait_for_url("**/feeds/new/*/")


def test_a_preview_follows_what_is_said_of_the_columns(hub: Hub, listed: Path) -> None:
    hub.sign_in("dan")
    hub.open("/feeds/new/")
    assert hub.violations() == []
    send(hub, listed)
    preview = hub.page.locator("#preview")
    expect(preview.get_by_text("Say which column is the name")).to_be_visible()
    hub.page.get_by_label("firm").select_option("name.full")
    expect(preview.get_by_text("Acme Ltd")).to_be_visible()
    expect(preview.get_by_text("+442079460018")).to_be_visible()
    assert hub.violations() == []
    hub.page.set_viewport_size({"width": 390, "height": 844})
    assert hub.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_feed_is_made_without_javascript(browser: Browser, live_server: LiveServer, listed: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    hub = Hub(context.new_page(), live_server)
    hub.sign_in("dan")
    send(hub, listed)
    hub.page.get_by_label("firm").select_option("name.full")
    hub.page.get_by_role("button", name="Look again").click()
    expect(hub.page.get_by_test_id("preview-row")).to_have_count(2)
    hub.page.get_by_label("Load listed.csv at once").uncheck()
    hub.page.get_by_role("button", name="Save").click()
    hub.page.wait_for_url("**/feeds/")
    expect(hub.page.get_by_text("listed is a feed now")).to_be_visible()
    context.close()
    assert Feed.objects.get(name="listed").mapping.spec["columns"]["firm"] == "name.full"


def test_a_steward_corrects_a_row(ada: Hub) -> None:
    now = timezone.now()
    run = FeedRun.objects.create(
        feed_id="crm", state=RunState.SUCCEEDED, location="x", raw_location="file:///raw/x", started_at=now,
        finished_at=now, requested_by="user:dan", landed=1, quarantined=1,
    )  # fmt: skip
    raw = json.dumps({**CUSTOMER, "BIRTH_DATE": "1985-02-30"})
    RejectedRow.objects.create(
        run=run, line=2, key="C1", field="BIRTH_DATE", reason="'1985-02-30' is no date that exists.", raw=raw
    )
    ada.open("/feeds/")
    ada.page.get_by_role("link", name="Quarantine").click()
    ada.page.get_by_role("link", name="Line 2").click()
    birthday = ada.page.get_by_label("BIRTH_DATE")
    expect(birthday).to_have_attribute("aria-invalid", "true")
    birthday.fill("1985-02-28")
    ada.page.get_by_role("button", name="Save and let it in").click()
    expect(ada.page.get_by_text("came in as C1")).to_be_visible()
    assert SourceRecord.objects.get(key="C1").attributes["date_of_birth"] == "1985-02-28"
