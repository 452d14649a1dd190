"""A file sent through the browser: who may, how large, where it goes, and that its run starts."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ingestion.lake import open_lake
from ingestion.models import Feed, FeedRun
from ingestion.uploads import safe_name
from party_hub.models import AuditEntry
from tests.people import person
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db
CONTENT = b"CUSTOMER_ID\n1\n"


@pytest.fixture(autouse=True)
def _lake_in_a_folder(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_URL = (tmp_path / "lake").as_uri()


def a_file(name: str = "crm.csv", content: bytes = CONTENT) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_file_lands_in_the_raw_zone_with_its_manifest_and_its_run_waits(signed_in: SignedIn) -> None:
    answer = signed_in("dan").post("/feeds/upload/", {"feed": "crm", "file": a_file()})
    run = FeedRun.objects.get()
    assert answer["Location"] == f"/feeds/{run.pk}/"
    assert (run.feed_id, run.requested_by, run.state) == ("crm", "user:dan", "queued")
    lake = open_lake()
    name = run.location.removeprefix(f"{lake.url}/")
    assert name.startswith("raw/crm/")
    assert lake.get_bytes(name) == CONTENT
    manifest = lake.manifest(name.rpartition("/")[0])
    assert manifest is not None
    assert (manifest["feed"], manifest["sent_by"], manifest["files"][0]["bytes"]) == ("crm", "user:dan", len(CONTENT))
    assert AuditEntry.objects.get(verb="upload").subject_id == str(run.pk)


@pytest.mark.parametrize("name", ["ada", "ben", "sam"])
def test_who_may_not_load_sends_nothing(name: str, signed_in: SignedIn) -> None:
    assert signed_in(name).post("/feeds/upload/", {"feed": "crm", "file": a_file()}).status_code == 403
    assert not FeedRun.objects.exists()


def test_a_form_without_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("dan"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/feeds/upload/", {"feed": "crm", "file": a_file()}).status_code == 403


def test_a_file_that_is_too_large_is_refused_before_it_is_read(signed_in: SignedIn, settings: Any) -> None:
    settings.UPLOAD_LIMIT_MB = 0
    page = signed_in("dan").post("/feeds/upload/", {"feed": "crm", "file": a_file()}, follow=True).content.decode()
    assert "The file is larger than 0 MB" in page
    assert not FeedRun.objects.exists()


def test_what_is_missing_is_said_at_its_field(signed_in: SignedIn) -> None:
    answer = signed_in("dan").post("/feeds/upload/", {"feed": "crm"})
    assert answer.status_code == 422
    assert 'id="id_file-error">Choose a file.' in answer.content.decode()
    answer = signed_in("dan").post("/feeds/upload/", {"feed": "none", "file": a_file()})
    assert "There is no such feed." in answer.content.decode()


def test_a_feed_that_is_switched_off_takes_no_file(signed_in: SignedIn) -> None:
    Feed.objects.filter(name="crm").update(active=False)
    answer = signed_in("dan").post("/feeds/upload/", {"feed": "crm", "file": a_file()})
    assert answer.status_code == 422
    assert not FeedRun.objects.exists()


def test_a_name_cannot_lead_out_of_its_place() -> None:
    assert safe_name("../../etc/pass wd.csv") == "pass_wd.csv"
    assert safe_name("C:\\files\\.hidden") == "hidden"
    assert safe_name("…/") == "upload"
