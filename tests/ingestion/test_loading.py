"""A whole load on real Spark and PostgreSQL: what is accepted, what is set aside and why, what a second load does."""

import json
import os
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pyarrow.dataset as ds
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from ingestion import loading, stages
from ingestion.actions import CannotLoad, create_run
from ingestion.lake import Lake, open_lake
from ingestion.loading import LoadFailed
from ingestion.models import Feed, FeedRun, RejectedRow, RunState
from ingestion.queries import progress, rejects
from ingestion.run_lock import LOAD_LOCK, Busy
from party_hub.models import SourceRecord, UnresolvedRecord
from tests.ingestion.conftest import BAD_LEI, GOOD_LEI, Load, companies, customers, written

pytestmark = [pytest.mark.spark, pytest.mark.django_db]


def reasons(run: FeedRun) -> dict[int, tuple[str, str]]:
    """Line → field and reason of the rows set aside; and nothing is lost."""
    assert run.landed == run.accepted + run.quarantined
    assert run.rejects.count() == run.quarantined
    return {row.line: (row.field, row.reason) for row in rejects(run)}


def attributes(source: str, key: str) -> dict[str, Any]:
    found: dict[str, Any] = SourceRecord.objects.get(source=source, key=key).attributes
    return found


def test_a_file_becomes_source_records_that_wait_to_be_matched(load: Load, tmp_path: Path) -> None:
    run = load("crm", customers(tmp_path, {}, {"CUSTOMER_ID": "C2", "LAST_NAME": 'O"Hara, "Sue"\nLou'}))
    assert (run.state, run.landed, run.accepted, run.created, run.quarantined) == (RunState.SUCCEEDED, 2, 2, 2, 0)
    assert set(run.seconds) == {"land", "map", "validate", "curate", "register"}
    assert attributes("crm", "C2")["names"][0]["family"] == 'O"Hara, "Sue" Lou'
    record = SourceRecord.objects.get(key="C1")
    assert record.raw_location == f"{run.raw_location}#2"
    assert record.effective_at.isoformat() == "2026-05-01T10:00:00+00:00"
    assert UnresolvedRecord.objects.count() == 2


def test_bad_rows_are_set_aside_with_field_and_reason_and_the_others_go_in(load: Load, tmp_path: Path) -> None:
    run = load(
        "crm",
        customers(
            tmp_path,
            {"CUSTOMER_ID": "C1"},
            {"CUSTOMER_ID": "C2", "BIRTH_DATE": "1985-02-30"},
            {"CUSTOMER_ID": "C3", "LEI": BAD_LEI},
            {"CUSTOMER_ID": ""},
            {"CUSTOMER_ID": "C5", "FIRST_NAME": "n/a", "LAST_NAME": ""},
            {"CUSTOMER_ID": "C6", "CUSTOMER_TYPE": "Q"},
            {"CUSTOMER_ID": "C7", "BIRTH_DATE": "2190-01-01"},
            {"CUSTOMER_ID": "C8", "LAST_CHANGED": "yesterday"},
            {"CUSTOMER_ID": "C9", "LEI": GOOD_LEI},
        ),
    )
    assert reasons(run) == {
        3: ("BIRTH_DATE", "'1985-02-30' is no date that exists."),
        4: ("LEI", "The check digits of the LEI are wrong."),
        5: ("CUSTOMER_ID", "The key is missing."),
        6: ("LAST_NAME", "The name is missing."),
        7: ("CUSTOMER_TYPE", "'Q' is no party type of this feed (p, person, individual, c, company, organisation)."),
        8: ("BIRTH_DATE", "The date of birth is before 1901 or in the future."),
        9: ("LAST_CHANGED", "'yesterday' is no point in time that exists."),
    }
    assert set(SourceRecord.objects.values_list("key", flat=True)) == {"C1", "C9"}
    raw = json.loads(RejectedRow.objects.get(run=run, line=3).raw)
    assert (raw["CUSTOMER_ID"], raw["BIRTH_DATE"]) == ("C2", "1985-02-30")
    lei = run.results.get(code="lei_valid:be_in_set")
    assert (lei.passed, lei.failing, lei.severity, lei.dimension) == (False, 1, "quarantine", "validity")


def test_rows_that_do_not_fit_the_header_are_set_aside_with_their_text(load: Load, tmp_path: Path) -> None:
    path = customers(tmp_path, {}, {"CUSTOMER_ID": "C9"})
    first, good, last = path.read_text().splitlines()
    path.write_text("\n".join([first, good, "C7,P,Too,few", last, f"{last},too,many"]))
    run = load("crm", path)
    why = "The row has not as many columns as the header, or a quote is not closed."
    assert reasons(run) == {3: ("", why), 5: ("", why)}
    assert RejectedRow.objects.get(run=run, line=3).raw == "C7,P,Too,few"
    assert run.created == 2


def test_of_rows_with_one_key_the_latest_is_taken_and_the_others_wait(load: Load, tmp_path: Path) -> None:
    run = load(
        "crm",
        customers(
            tmp_path,
            {"CUSTOMER_ID": "C1", "LAST_NAME": "Old", "LAST_CHANGED": "2025-01-01T00:00:00Z"},
            {"CUSTOMER_ID": "C1", "LAST_NAME": "New", "LAST_CHANGED": "2026-01-01T00:00:00Z"},
            {"CUSTOMER_ID": "C2", "LAST_NAME": "First"},
            {"CUSTOMER_ID": "C2", "LAST_NAME": "Second"},
            {"CUSTOMER_ID": "C3"},
        ),
    )
    assert reasons(run) == {
        2: ("CUSTOMER_ID", "The key occurs more than once in the file; line 3 was taken."),
        5: ("CUSTOMER_ID", "The key occurs more than once in the file; line 4 was taken."),
    }
    assert attributes("crm", "C1")["names"][0]["family"] == "New"
    assert attributes("crm", "C2")["names"][0]["family"] == "First"


def test_the_same_file_again_changes_nothing_and_says_so(load: Load, tmp_path: Path) -> None:
    path = customers(tmp_path, {}, {"CUSTOMER_ID": "C2", "LEI": BAD_LEI})
    first, second = load("crm", path), load("crm", path)
    assert (second.landed, second.accepted, second.quarantined, second.unchanged) == (2, 1, 1, 1)
    assert (second.created, second.updated, second.same_as) == (0, 0, first)
    assert list(rejects(second)) == list(rejects(first))
    assert SourceRecord.objects.get(key="C1").version == 1


def test_an_overlapping_file_changes_only_what_is_new(load: Load, tmp_path: Path) -> None:
    load("crm", customers(tmp_path, {}, {"CUSTOMER_ID": "C2"}))
    later = {"CUSTOMER_ID": "C2", "CITY": "York", "LAST_CHANGED": "2026-06-01T00:00:00Z"}
    run = load("crm", customers(tmp_path, {}, later, {"CUSTOMER_ID": "C3"}))
    assert (run.unchanged, run.updated, run.created, run.same_as) == (1, 1, 1, None)
    older = load(
        "crm", customers(tmp_path, {"CUSTOMER_ID": "C2", "CITY": "Bath", "LAST_CHANGED": "2020-06-01T00:00:00Z"})
    )
    assert older.late == 1
    assert attributes("crm", "C2")["addresses"][0]["city"] == "York"


def test_dnb_rows_need_nine_digits(load: Load, tmp_path: Path) -> None:
    run = load("dnb", companies(tmp_path, {}, {"DUNS_NUMBER": "12AB"}))
    assert reasons(run) == {3: ("DUNS_NUMBER", "The DUNS number is not nine digits.")}


def test_markit_xml_with_nested_addresses(load: Load, tmp_path: Path) -> None:
    entity = "<entity><entityId>{}</entityId><longName>{}</longName><lei>{}</lei>"
    entity += "<address><city>Köln</city></address></entity>"
    rows = [entity.format(4711, escape("Müller & Söhne"), GOOD_LEI), entity.format(4712, "Wrong", BAD_LEI)]
    run = load("markit", written(tmp_path, "markit.xml", f"<entities>\n{''.join(rows)}</entities>"))
    assert reasons(run) == {2: ("lei", "The check digits of the LEI are wrong.")}
    found = attributes("markit", "4711")
    assert found["names"][0]["full"] == "Müller & Söhne"
    assert found["addresses"][0]["city"] == "Köln"


def test_gleif_golden_copy_columns(load: Load, tmp_path: Path) -> None:
    header = "LEI,Entity.LegalName,Entity.LegalAddress.City,Entity.LegalAddress.Country,Registration.LastUpdateDate"
    path = written(tmp_path, "gleif.csv", f'{header}\n{GOOD_LEI},"Acme, Inc.",Boston,US,2019-06-18T14:32:00.000Z\n')
    run = load("gleif", path)
    assert (run.created, run.quarantined) == (1, 0)
    assert attributes("gleif", GOOD_LEI)["names"][0]["full"] == "Acme, Inc."
    assert SourceRecord.objects.get(key=GOOD_LEI).party_type == "legal_entity"


def test_a_file_of_events_is_taken_in_its_order_and_bad_lines_wait(load: Load, tmp_path: Path) -> None:
    def event(key: str, day: int, op: str = "upsert", source: str = "events", name: str = "Acme") -> str:
        body = {
            "id": f"{key}{day}",
            "source": source,
            "key": key,
            "op": op,
            "effective_at": f"2026-05-0{day}T00:00:00Z",
        }
        return json.dumps(body | ({"attributes": {"full_name": name}} if op == "upsert" else {}))

    lines = [event("A1", 1), "no json", event("A1", 2, name="Acme Two"), event("A2", 1), event("A2", 2, "withdraw")]
    lines += [event("A3", 1, source="ldap"), event("A4", 1, "explode"), event("A5", 1, source="crm")]
    run = load("events", written(tmp_path, "events.jsonl", "\n".join(lines)))
    found = reasons(run)
    assert found[2] == ("", "The line is no JSON object.")
    assert found[6][0] == "source"
    assert found[6][1].startswith("The source is none of api, crm, dnb,")
    assert found[7] == ("op", "'explode' is neither upsert nor withdraw.")
    assert attributes("events", "A1")["names"][0]["full"] == "Acme Two"
    assert SourceRecord.objects.get(key="A1").version == 2
    assert SourceRecord.objects.get(key="A2").withdrawn_at is not None
    assert SourceRecord.objects.get(key="A5").source_id == "crm"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "crm.csv is empty."),
        (b"A,B\n1,2\n", "crm.csv is no crm file"),
        (b"CUSTOMER_ID\xff\n", "crm.csv is not UTF-8: byte 0xFF"),
    ],
)
def test_a_bad_file_fails_the_run_with_the_reason_and_stays_in_the_raw_zone(
    load: Load, tmp_path: Path, content: bytes, says: str
) -> None:
    with pytest.raises(LoadFailed, match=says):
        load("crm", written(tmp_path, "crm.csv", content))
    run = FeedRun.objects.get()
    assert run.state == RunState.FAILED
    assert run.error.startswith(says)
    assert open_lake().get_bytes(run.raw_location.removeprefix(f"{open_lake().url}/")) == content
    assert not SourceRecord.objects.exists()


def test_a_missing_file_fails_the_run_with_its_name(load: Load, tmp_path: Path) -> None:
    with pytest.raises(LoadFailed, match=r"There is no file .*none\.csv\."):
        load("crm", tmp_path / "none.csv")


def test_raw_and_curated_zones_hold_the_file_and_the_accepted_rows(lake: Lake, tmp_path: Path) -> None:
    path = customers(tmp_path, {}, {"CUSTOMER_ID": "C2", "LEI": BAD_LEI})
    run = loading.load(create_run(feed="crm", location=path.as_uri(), actor="user:dan"))
    raw = lake.manifest(run.raw_location.removeprefix(f"{lake.url}/").rpartition("/")[0])
    assert raw is not None
    assert (raw["feed"], raw["run"], raw["files"][0]["sha256"]) == ("crm", run.pk, run.checksum)
    prefix = run.curated_location.removeprefix(f"{lake.url}/")
    curated = lake.manifest(prefix)
    assert curated is not None
    assert curated["rows"] == 1
    parts = []
    for number, file in enumerate(curated["files"]):
        lake.get(f"{prefix}/{file['name']}", tmp_path / f"{number}.parquet")
        parts.append(tmp_path / f"{number}.parquet")
    (row,) = ds.dataset(parts).to_table().to_pylist()
    assert (row["key"], row["full_name"], row["country"]) == ("C1", "Ann Smith", "GB")


@pytest.mark.parametrize("moment", ["_land", "_curate", "_register"])
def test_a_run_that_broke_off_can_be_loaded_again_without_a_double_or_lost_row(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    path = customers(tmp_path, {}, {"CUSTOMER_ID": "C2", "LEI": BAD_LEI})
    with monkeypatch.context() as patch:
        patch.setattr(stages.Load, moment, _breaks_off)
        with pytest.raises(MemoryError):
            load("crm", path)
    broken = FeedRun.objects.get()
    assert broken.state == RunState.FAILED
    assert "MemoryError" in broken.error
    run = load("crm", path)
    assert (run.created, run.quarantined, run.same_as) == (1, 1, None)
    assert RejectedRow.objects.count() == 1


def _breaks_off(*_: Any) -> None:
    raise MemoryError


def test_one_run_of_a_feed_at_a_time(load: Load, tmp_path: Path, hub_connection: Any) -> None:
    with hub_connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext('crm'))", [LOAD_LOCK])
    with pytest.raises(Busy, match="Another run of the feed crm is at work"):
        load("crm", customers(tmp_path, {}))


def test_progress_is_told_stage_by_stage(load: Load, tmp_path: Path) -> None:
    seen: list[tuple[str, int | None]] = []
    load("crm", customers(tmp_path, {}), watch=lambda run: seen.append((run.stage, progress(run).percent)))
    assert list(dict.fromkeys(stage for stage, _ in seen)) == ["land", "map", "validate", "curate", "register", ""]
    assert list(dict.fromkeys(percent for _, percent in seen)) == [0, 20, 40, 60, 80, 100]


def test_a_feed_that_is_off_unknown_or_has_no_location_is_not_loaded(db: None) -> None:
    Feed.objects.filter(name="dnb").update(active=False)
    for feed, says in (("ldap", "There is no feed 'ldap'"), ("dnb", "is switched off"), ("crm", "has no location")):
        with pytest.raises(CannotLoad, match=says):
            create_run(feed=feed, actor="user:dan")


def test_load_feed_waits_and_reports_as_json(load: Load, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = customers(tmp_path, {}, {"CUSTOMER_ID": "C2", "LEI": BAD_LEI})
    call_command("load_feed", "crm", str(path), "--wait", "--json")
    report = json.loads(capsys.readouterr().out)
    expected = {"landed": 2, "accepted": 1, "quarantined": 1, "created": 1, "updated": 0, "unchanged": 0}
    assert expected.items() <= report.items()
    assert report["seconds"]["register"] > 0
    call_command("load_feed", "crm", str(path), "--wait")
    assert "unchanged. This very file was loaded by run" in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"failed: There is no file .*none\.csv"):
        call_command("load_feed", "crm", str(tmp_path / "none.csv"), "--wait")
    with pytest.raises(CommandError, match="There is no feed 'ldap'"):
        call_command("load_feed", "ldap", str(path))


def test_load_feed_without_wait_leaves_a_run_for_the_worker(
    load: Load, tmp_path: Path, capsys: pytest.CaptureFixture[str], django_capture_on_commit_callbacks: Any
) -> None:
    path = customers(tmp_path, {})
    with django_capture_on_commit_callbacks() as handed_over:
        call_command("load_feed", "crm", os.fspath(path), "--json")
    report = json.loads(capsys.readouterr().out)
    assert report["state"] == "queued"
    assert len(handed_over) == 1
    handed_over[0]()  # what the Spark worker does
    assert FeedRun.objects.get(pk=report["run"]).state == RunState.SUCCEEDED
