"""Files sent through a real browser: compressed ones, several in one, garbage; and a load that broke off is retried."""

import gzip
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from ingestion import loading, stages
from ingestion.actions import create_run
from ingestion.models import FeedRun, RunState
from party_hub.models import SourceRecord
from tests.browser import Hub
from tests.ingestion.conftest import customers, written
from tests.ingestion.test_unpacking import zipped, zstd

pytestmark = [pytest.mark.e2e, pytest.mark.spark, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _a_worker_elsewhere(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lake of its own; and the web process only asks for a load, which `work` carries out."""
    settings.LAKE_URL = (tmp_path / "lake").as_uri()
    monkeypatch.setattr("party_hub.chain._send", lambda task, kwargs: None)


def work() -> None:
    """What the Spark worker does about the runs that wait."""
    for run in FeedRun.objects.filter(state=RunState.QUEUED):
        with suppress(loading.LoadFailed):
            loading.load(run)


@pytest.fixture
def dan(hub: Hub) -> Hub:
    """The administrator at his desk."""
    hub.sign_in("dan")
    return hub


def send(hub: Hub, path: Path) -> None:
    """To the CRM feed, by the form under the feeds."""
    hub.open("/feeds/")
    form = hub.page.get_by_test_id("upload-form")
    form.get_by_label("Feed").select_option("crm")
    form.get_by_label("File").set_input_files(path)
    form.get_by_role("button", name="Send and load").click()
    expect(hub.page.get_by_role("heading", name="Waits for a worker")).to_be_visible()
    work()


def told(hub: Hub, label: str) -> str:
    """The number under this label on the run's page."""
    return hub.page.locator(".tile", has_text=label).locator(".tile-number").inner_text()


def fits(hub: Hub) -> None:
    """On a telephone nothing sticks out, and axe finds nothing wrong."""
    assert hub.violations() == []
    hub.page.set_viewport_size({"width": 390, "height": 844})
    assert hub.page.evaluate("document.documentElement.scrollWidth") <= 390
    hub.page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("ending", ["gz", "zst", "zip"])
def test_a_compressed_file_is_sent_and_loaded(dan: Hub, tmp_path: Path, ending: str) -> None:
    one, two = customers(tmp_path, {}).read_bytes(), customers(tmp_path, {"CUSTOMER_ID": "C2"}).read_bytes()
    both = one + two.splitlines(keepends=True)[1]
    packed = {"gz": gzip.compress(both), "zst": zstd(both), "zip": zipped(monday_csv=one, tuesday_csv=two)}
    send(dan, written(tmp_path, f"crm.csv.{ending}", packed[ending]))
    expect(dan.page.get_by_test_id("run-progress").get_by_text("Succeeded")).to_be_visible()
    assert (told(dan, "Landed"), told(dan, "Created")) == ("2", "2")
    assert set(SourceRecord.objects.values_list("key", flat=True)) == {"C1", "C2"}
    fits(dan)


def test_garbage_is_refused_in_a_sentence_and_the_next_file_is_welcome(dan: Hub, tmp_path: Path) -> None:
    send(dan, written(tmp_path, "crm.csv.gz", gzip.compress(b"CUSTOMER_ID\nC1\n")[:-9]))
    progress = dan.page.get_by_test_id("run-progress")
    expect(progress.get_by_text("crm.csv.gz cannot be unpacked; it seems to be damaged or cut off")).to_be_visible()
    fits(dan)
    send(dan, written(tmp_path, "crm.csv", b"\x89PNG\r\n\x1a\n\xff\xfe\xff"))
    expect(progress.get_by_text("crm.csv is not UTF-8")).to_be_visible()
    send(dan, customers(tmp_path, {}))
    expect(progress.get_by_text("Succeeded")).to_be_visible()


def test_a_load_that_broke_off_goes_on_where_it_was_by_its_button(
    dan: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = broken_off(
        customers(tmp_path, {}, {"CUSTOMER_TYPE": "a kind of party that nobody has heard of"}), monkeypatch
    )
    spent = run.seconds["land"]
    dan.open(f"/feeds/{run.pk}/")
    progress = dan.page.get_by_test_id("run-progress")
    expect(progress.get_by_role("listitem").filter(has_text="Broke off:")).to_contain_text("Register")
    fits(dan)
    progress.get_by_role("button", name="Retry").click()
    expect(progress.get_by_text("Queued")).to_be_visible()
    work()
    expect(progress.get_by_text("Succeeded")).to_be_visible()
    assert (told(dan, "Created"), told(dan, "Set aside")) == ("1", "1")
    fits(dan)
    run.refresh_from_db()
    assert run.seconds["land"] == spent  # it did not land again


def broken_off(path: Path, monkeypatch: pytest.MonkeyPatch) -> FeedRun:
    """A run that failed where it was to register its records."""
    run = create_run(feed="crm", location=str(path), actor="user:dan")
    with monkeypatch.context() as patch:
        patch.setattr(stages, "register_staged", breaks)
        with pytest.raises(MemoryError):
            loading.load(run)
    path.unlink()  # what has landed is enough
    return run


def breaks(**_: Any) -> None:
    raise MemoryError
