"""A plain CSV that nobody planned for: guessed, mapped, previewed, saved as a feed that loads like any other."""

import gzip
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django_celery_beat.models import PeriodicTask

from ingestion.adapters import adapter_in_force
from ingestion.mapping.guess import guess, party_type_of
from ingestion.mapping.sample import BadSample, read_sample
from ingestion.mapping.saved import TARGETS, BadMapping, SavedMapping
from ingestion.mappings import NewFeed, begin_mapping, preview, save_mapping
from ingestion.models import Feed, FeedMapping, MappingDraft, QualityRule
from ingestion.unpacking import BadArchive
from party_hub.models import AuditEntry, OutboxEvent, SourceRecord, SourceSystem
from tests.ingestion.conftest import GOOD_LEI, Load, written

pytestmark = pytest.mark.django_db
LISTED = "record_id;name;land;town;url;isin\nA1;Aalberts N.V.;Netherlands;Utrecht;http://www.aalberts.com;X\n"
LISTED += "A2;;Germany;Köln;;\nA1;Again;France;Paris;;\n"
MAPPED = {"record_id": "key", "name": "name.full", "land": "address.country", "town": "address.city", "url": "website"}
NEW = NewFeed("listed", "Listed companies", "exchange", trust=30)


@pytest.fixture(autouse=True)
def _lake_in_a_folder(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_URL = (tmp_path / "lake").as_uri()


def a_draft(folder: Path, content: str = LISTED) -> MappingDraft:
    return begin_mapping(path=written(folder, "listed.csv", content), name="listed.csv", actor="user:dan")


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter"),
    [
        ("a,b\n1,ü\n".encode(), "utf-8", ","),
        ("\ufeffa;b\n1;2\n".encode(), "utf-8", ";"),
        ("a\tb\n1\tM\xfcller\n".encode("latin-1"), "windows-1252", "\t"),
        ("a|b\n1|2,3\n".encode("utf-16"), "utf-16", "|"),
        (b'a,b\n"1\n2",3\n', "utf-8", ","),
    ],
)
def test_how_a_file_is_written_is_found_out(tmp_path: Path, content: bytes, encoding: str, delimiter: str) -> None:
    sample = read_sample(written(tmp_path, "x.csv", content))
    assert (sample.encoding, sample.delimiter, sample.columns) == (encoding, delimiter, ["a", "b"])
    assert len(sample.rows) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b" \n", "empty"),
        (b"one\n1\n", "one column only"),
        (b"a,,c\n1,2,3\n", "Column 2 has no name"),
        (b"a,a\n1,2\n", "'a' more than once"),
        (b"a,b\n1\n", "no rows that fit"),
        (b"a,b\n\x001,2\n", "zero bytes"),
        (b"\x89PNG\r\n\x1a\n\x00\x90", "is a picture, no CSV"),
        (b"%PDF-1.4\n%\xe2\xe3\n1 0 obj <</Size 2, >>\n", "is a PDF document, no CSV"),
        (b'<?xml version="1.0"?><a>1, 2</a>', "is an XML or HTML document, no CSV"),
        (b'\n[{"id": 1, "name": "Acme"}]', "is a JSON document, no CSV"),
        ("名前,国\n1,日本\n".encode("shift-jis"), "an encoding that cannot be told"),
    ],
)
def test_a_file_that_is_no_csv_says_why(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(BadSample, match=says):
        read_sample(written(tmp_path, "x.csv", content))


def test_a_header_in_brackets_is_no_json(tmp_path: Path) -> None:
    assert read_sample(written(tmp_path, "x.csv", "[id],[name]\n1,Acme\n")).columns == ["[id]", "[name]"]


def test_what_is_wrong_with_a_file_is_said_of_its_own_name(tmp_path: Path) -> None:
    sent = tmp_path / "tmp1234.upload"
    with zipfile.ZipFile(sent, "w") as workbook:
        workbook.writestr("[Content_Types].xml", "<Types/>")
        workbook.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    with pytest.raises(BadArchive, match=r"^clients\.xlsx is an Office document, such as an Excel workbook\. Save its"):
        begin_mapping(path=sent, name="clients.xlsx", actor="user:dan")


def test_a_draft_begins_with_a_compressed_file_too(tmp_path: Path) -> None:
    path = written(tmp_path, "listed.csv.gz", gzip.compress(LISTED.encode()))
    assert begin_mapping(path=path, name=path.name, actor="user:dan").columns[0] == "record_id"
    with pytest.raises(BadArchive):
        begin_mapping(path=written(tmp_path, "x.gz", b"\x1f\x8bbroken"), name="x.gz", actor="user:dan")


def test_columns_are_guessed_by_name_and_by_content() -> None:
    columns = ["Customer ID", "First-Name", "SURNAME", "x1", "x2", "x3", "x4", "email", "colour"]
    row = ("7", "Ann", "Smith", GOOD_LEI, "a@example.org", "1984-03-12", "Deutschland", "green", "")
    rows = [dict(zip(columns, (str(at), *row[1:]), strict=True)) for at in range(8)]
    found = guess(columns, rows)
    assert {column: one.target for column, one in found.items()} == {
        "Customer ID": "key", "First-Name": "name.given", "SURNAME": "name.family", "x1": "identifier.lei",
        "x2": "email", "x3": "value.date_of_birth", "x4": "address.country", "email": "", "colour": "",
    }  # fmt: skip
    assert (found["SURNAME"].because, found["x1"].because) == ("by its name", "by its content")
    assert party_type_of(found) == "individual"


def test_without_a_known_name_the_key_is_what_tells_rows_apart() -> None:
    rows = [{"a": "same", "b": str(at), "name": "x"} for at in range(6)]
    assert guess(["a", "b", "name"], rows)["b"].target == "key"


def test_every_target_makes_an_adapter() -> None:
    mapping = SavedMapping({f"c_{target}": target for target in TARGETS}, party_type="")
    adapter = mapping.adapter(name="x", title="X", source="crm")
    assert set(adapter.columns) == set(mapping.columns)
    assert SavedMapping.from_json(mapping.as_json()) == mapping


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"n": "name.full"}, "key of the record"),
        ({"k": "key"}, "which column is the name"),
        ({"k": "key", "n": "name.full", "m": "name.full"}, "Name can be taken from one column only"),
        ({"k": "key", "n": "name.full", "m": "shoe_size"}, "no attribute 'shoe_size'"),
    ],
)
def test_a_mapping_that_cannot_be_read_by_says_why(columns: dict[str, str], says: str) -> None:
    with pytest.raises(BadMapping, match=says):
        SavedMapping(columns).adapter(name="x", title="X", source="x")


def test_a_preview_is_what_a_load_would_do(tmp_path: Path) -> None:
    draft = a_draft(tmp_path)
    mapping = SavedMapping.from_json(draft.spec)
    assert mapping.columns == MAPPED
    found = preview(draft=draft, mapping=mapping)
    assert [checked.reason for checked in found.rows] == ["", "The name is missing.", ""]
    assert (found.accepted, found.refused, found.repeated) == (2, 1, 1)
    assert found.rows[1].field == "name"


def test_a_saved_mapping_is_a_feed_with_its_source_its_rules_and_a_schedule(tmp_path: Path) -> None:
    draft = a_draft(tmp_path)
    feed = save_mapping(draft=draft, mapping=SavedMapping.from_json(draft.spec), new=NEW, actor="user:dan")
    assert SourceSystem.objects.get(code="exchange").trust == 30
    assert OutboxEvent.objects.filter(type="reference.changed").exists()
    assert adapter_in_force(feed).key == "record_id"
    assert QualityRule.objects.filter(feed=feed, code="key:be_unique").exists()
    assert not PeriodicTask.objects.get(kwargs='{"feed": "listed"}').enabled
    assert AuditEntry.objects.get(verb="save_mapping").subject_id == "listed"
    assert not MappingDraft.objects.exists()
    feed.full_clean()


def test_a_feed_is_saved_once(tmp_path: Path) -> None:
    for turn in range(2):
        draft = a_draft(tmp_path)
        mapping = SavedMapping.from_json(draft.spec)
        if turn:
            with pytest.raises(ValueError, match="already"):
                save_mapping(draft=draft, mapping=mapping, new=NEW, actor="user:dan")
        else:
            save_mapping(draft=draft, mapping=mapping, new=NEW, actor="user:dan")
    assert SourceSystem.objects.filter(code="exchange").count() == 1


def test_a_mapping_is_changed_with_a_newer_file_and_keeps_what_was_said(tmp_path: Path) -> None:
    draft = a_draft(tmp_path)
    feed = save_mapping(
        draft=draft, mapping=SavedMapping({**MAPPED, "isin": "value.ticker"}), new=NEW, actor="user:dan"
    )
    again = begin_mapping(path=tmp_path / "listed.csv", name="listed.csv", actor="user:dan", feed=feed)
    assert again.spec["columns"]["isin"] == "value.ticker"
    save_mapping(draft=again, mapping=SavedMapping({**MAPPED, "isin": ""}), new=None, actor="user:dan")
    assert "isin" not in FeedMapping.objects.get().spec["columns"]
    assert FeedMapping.history.count() == 2


def test_a_feed_without_its_mapping_is_refused() -> None:
    with pytest.raises(ValidationError, match="There is no adapter 'saved'"):
        Feed(name="x", title="X", source_id="crm", adapter="saved").full_clean()


@pytest.mark.spark
def test_a_saved_feed_loads_like_any_other(load: Load, tmp_path: Path) -> None:
    draft = a_draft(tmp_path)
    save_mapping(draft=draft, mapping=SavedMapping.from_json(draft.spec), new=NEW, actor="user:dan")
    run = load("listed", draft.location)
    assert (run.landed, run.created, run.quarantined) == (3, 1, 2)
    assert run.raw_location == draft.location  # it was in the raw zone already
    record = SourceRecord.objects.get()
    assert (record.source_id, record.key, record.attributes["country"]) == ("exchange", "A1", "NL")
    assert record.attributes["websites"] == ["aalberts.com"]
