"""The pages on which a CSV becomes a feed."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ingestion.models import Feed, FeedMapping, FeedRun, MappingDraft
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db
CONTENT = b"id,company,country,phone\n1,Acme Ltd,GB,020 7946 0018\n2,,DE,\n"


@pytest.fixture(autouse=True)
def _lake_in_a_folder(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_URL = (tmp_path / "lake").as_uri()


def begun(client: Client, content: bytes = CONTENT, path: str = "/feeds/new/") -> MappingDraft:
    answer = client.post(path, {"file": SimpleUploadedFile("Listed 2026.csv", content)})
    draft = MappingDraft.objects.get()
    assert answer["Location"] == f"/feeds/new/{draft.pk}/"
    return draft


def form(**changes: str) -> dict[str, str]:
    sent = {"c0": "key", "c1": "name.full", "c2": "address.country", "c3": "phone", "party_type": "organisation"}
    return {**sent, "title": "Listed", "name": "listed", "source": "exchange", "trust": "40", **changes}


def test_a_file_is_guessed_previewed_corrected_and_saved(signed_in: SignedIn) -> None:
    client = signed_in("dan")
    draft = begun(client)
    page = client.get(f"/feeds/new/{draft.pk}/").content.decode()
    assert page.count('data-testid="column-row"') == 4
    assert page.count('data-testid="preview-row"') == 2
    assert "+442079460018" in page
    assert "The name is missing." in page
    assert 'value="listed_2026"' in page
    page = client.post(f"/feeds/new/{draft.pk}/", form(c1="", act="preview")).content.decode()
    assert "Say which column is the name" in page
    answer = client.post(f"/feeds/new/{draft.pk}/", form(act="save", load="yes"))
    run = FeedRun.objects.get()
    assert answer["Location"] == f"/feeds/{run.pk}/"
    assert (run.feed_id, run.location) == ("listed", draft.location)
    assert FeedMapping.objects.get().spec["columns"]["phone"] == "phone"
    assert "Listed" in client.get("/feeds/").content.decode()


def test_htmx_gets_the_preview_alone(signed_in: SignedIn) -> None:
    client = signed_in("dan")
    draft = begun(client)
    part = client.post(f"/feeds/new/{draft.pk}/", form(c3=""), headers={"HX-Request": "true"}).content.decode()
    assert part.count('data-testid="preview-row"') == 2
    assert "<html" not in part
    assert "+442079460018" not in part


def test_a_preview_that_comes_after_the_save_is_no_mistake(signed_in: SignedIn) -> None:
    client = signed_in("dan")
    draft = begun(client)
    client.post(f"/feeds/new/{draft.pk}/", form(act="save"))
    assert client.post(f"/feeds/new/{draft.pk}/", form(), headers={"HX-Request": "true"}).status_code == 204
    assert client.get(f"/feeds/new/{draft.pk}/").status_code == 404


def test_a_name_that_is_taken_and_a_mapping_that_cannot_be_are_said(signed_in: SignedIn) -> None:
    client = signed_in("dan")
    draft = begun(client)
    answer = client.post(f"/feeds/new/{draft.pk}/", form(act="save", name="crm", source="no spaces"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "There is a feed of this name already." in page
    assert "Letters, digits, - and _." in page
    answer = client.post(f"/feeds/new/{draft.pk}/", form(act="save", c0=""))
    assert "key of the record" in answer.content.decode()
    assert not Feed.objects.filter(name="listed").exists()


def test_a_file_that_is_no_csv_is_said_at_the_field(signed_in: SignedIn) -> None:
    answer = signed_in("dan").post("/feeds/new/", {"file": SimpleUploadedFile("x.csv", b"one\n1\n")})
    assert answer.status_code == 422
    assert "one column only" in answer.content.decode()


def test_a_mapping_is_changed_with_a_newer_file(signed_in: SignedIn) -> None:
    client = signed_in("dan")
    client.post(f"/feeds/new/{begun(client).pk}/", form(act="save"))
    assert "/feeds/listed/mapping/" in client.get("/feeds/").content.decode()
    draft = begun(client, path="/feeds/listed/mapping/")
    answer = client.post(f"/feeds/new/{draft.pk}/", form(act="save", c3=""))
    assert answer["Location"] == "/feeds/"
    assert "phone" not in FeedMapping.objects.get().spec["columns"]
    assert client.get("/feeds/crm/mapping/").status_code == 404


@pytest.mark.parametrize("name", ["ada", "ben", "cleo", "sam"])
def test_only_an_administrator_makes_a_feed(name: str, signed_in: SignedIn) -> None:
    draft = begun(signed_in("dan"))
    client = signed_in(name)
    assert client.get("/feeds/new/").status_code == 403
    assert client.get(f"/feeds/new/{draft.pk}/").status_code == 403
    assert client.post(f"/feeds/new/{draft.pk}/", form(act="save")).status_code == 403


def test_a_draft_is_its_makers_own(signed_in: SignedIn) -> None:
    client = signed_in("dan")
    draft = begun(client)
    MappingDraft.objects.update(created_by="user:dora")
    assert client.get(f"/feeds/new/{draft.pk}/").status_code == 404
