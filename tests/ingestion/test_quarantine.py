"""Rows that were set aside: corrected, replayed, dismissed, sent anew. None is lost, none comes twice."""

import csv
import io
import json
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from ingestion.models import FeedRun, RejectedRow, RejectState, RunState
from ingestion.quarantine.actions import NotOpen, dismiss_rows, fix_row, replay_rows, supersede_rejects
from ingestion.quarantine.queries import RejectFilter, as_csv, groups, open_by_feed, rejects_where
from ingestion.sample.sources import CRM_COLUMNS
from ingestion.tasks import replay_rejects
from party_hub.actions.register_records import IncomingRecord, register_records
from party_hub.models import AuditEntry, SourceRecord, UnresolvedRecord
from tests.ingestion.conftest import BAD_LEI, CUSTOMER, GOOD_LEI

pytestmark = pytest.mark.django_db
NO_DAY = "'1985-02-30' is no date that exists."


def a_run(feed: str = "crm", **fields: Any) -> FeedRun:
    now = timezone.now()
    about = {"state": RunState.SUCCEEDED, "location": "x", "requested_by": "user:dan", "raw_location": "file:///raw/x"}
    about |= {"started_at": now, "finished_at": now, "columns": CRM_COLUMNS if feed == "crm" else []}
    return FeedRun.objects.create(feed_id=feed, **{**about, **fields})


def a_row(run: FeedRun, line: int = 2, field: str = "BIRTH_DATE", reason: str = NO_DAY, **columns: str) -> RejectedRow:
    raw = json.dumps({**CUSTOMER, "BIRTH_DATE": "1985-02-30", **columns})
    key = columns.get("CUSTOMER_ID", "C1")
    return RejectedRow.objects.create(
        run=run, line=line, key=key, field=field, reason=reason, raw=raw, rule="problem_reason:be_null"
    )


def test_a_corrected_row_comes_in_as_the_row_of_its_file() -> None:
    row = a_row(a_run())
    assert fix_row(row_id=row.pk, values={"BIRTH_DATE": "1985-02-28"}, actor="user:ada").reason == ""
    record = SourceRecord.objects.get(source="crm", key="C1")
    assert record.attributes["date_of_birth"] == "1985-02-28"
    assert record.raw_location == "file:///raw/x#2"
    assert UnresolvedRecord.objects.filter(record=record).exists()
    row.refresh_from_db()
    assert (row.state, row.closed_by) == (RejectState.REPLAYED, "user:ada")
    assert json.loads(row.raw)["BIRTH_DATE"] == "1985-02-30"
    assert row.fixed["BIRTH_DATE"] == "1985-02-28"


def test_a_correction_is_audited_by_its_columns_not_by_their_values() -> None:
    row = a_row(a_run())
    fix_row(row_id=row.pk, values={"BIRTH_DATE": "1985-02-28"}, actor="user:ada", note="As in the passport.")
    entry = AuditEntry.objects.get(verb="fix_row")
    assert (entry.actor, entry.subject_id, entry.reason) == ("user:ada", "crm", "As in the passport.")
    assert entry.details["columns"] == ["BIRTH_DATE"]
    assert "1985" not in json.dumps(entry.details)


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"BIRTH_DATE": "1985-02-31"}, "BIRTH_DATE", "'1985-02-31' is no date that exists."),
        ({"BIRTH_DATE": "1985-02-28", "LEI": BAD_LEI}, "LEI", "The check digits of the LEI are wrong."),
        ({"BIRTH_DATE": "2190-01-01"}, "BIRTH_DATE", "The date of birth is before 1901 or in the future."),
        ({"BIRTH_DATE": "", "CUSTOMER_ID": ""}, "CUSTOMER_ID", "The key is missing."),
    ],
)
def test_a_correction_that_breaks_a_rule_still_writes_nothing(values: dict[str, str], field: str, reason: str) -> None:
    row = a_row(a_run())
    checked = fix_row(row_id=row.pk, values=values, actor="user:ada")
    assert (checked.field, checked.reason) == (field, reason)
    row.refresh_from_db()
    assert (row.state, row.fixed) == (RejectState.OPEN, None)
    assert not SourceRecord.objects.exists()
    assert not AuditEntry.objects.filter(verb="fix_row").exists()


def test_a_row_is_corrected_once() -> None:
    row = a_row(a_run())
    fix_row(row_id=row.pk, values={"BIRTH_DATE": "1985-02-28"}, actor="user:ada")
    with pytest.raises(NotOpen, match="replayed already"):
        fix_row(row_id=row.pk, values={"BIRTH_DATE": "1986-02-28"}, actor="user:cleo")
    assert SourceRecord.objects.get().version == 1


def test_replay_lets_in_what_keeps_the_rules_of_today_and_leaves_the_rest() -> None:
    run = a_run()
    good = a_row(run, 2, CUSTOMER_ID="C1", BIRTH_DATE="1985-02-28")
    bad = a_row(run, 3, "LEI", "An old reason.", CUSTOMER_ID="C2", BIRTH_DATE="", LEI=BAD_LEI)
    fine = a_row(run, 4, CUSTOMER_ID="C3", BIRTH_DATE="", LEI=GOOD_LEI)
    ids = [good.pk, bad.pk, fine.pk]
    replayed = replay_rows(ids=ids, actor="user:ada")
    assert (replayed.accepted, replayed.refused) == (2, 1)
    assert set(SourceRecord.objects.values_list("key", flat=True)) == {"C1", "C3"}
    bad.refresh_from_db()
    assert (bad.state, bad.field, bad.rule) == (RejectState.OPEN, "LEI", "lei_valid:be_in_set")
    assert bad.reason == "The check digits of the LEI are wrong."
    again = replay_rows(ids=ids, actor="user:ada")
    assert (again.accepted, again.refused) == (0, 1)
    assert set(SourceRecord.objects.values_list("version", flat=True)) == {1}
    assert AuditEntry.objects.filter(verb="replay_rows").count() == 1


def test_a_correction_does_not_overwrite_what_a_newer_file_said() -> None:
    row = a_row(a_run(), LAST_CHANGED="2026-01-01T00:00:00Z")
    newer = IncomingRecord("C1", "individual", '{"names": [{"full": "New"}]}', "raw#9", "2026-03-01T00:00:00Z")
    register_records(source="crm", records=[newer], actor="feed:crm")
    fix_row(row_id=row.pk, values={"BIRTH_DATE": ""}, actor="user:ada")
    assert SourceRecord.objects.get().attributes["names"][0]["full"] == "New"


def test_a_row_that_names_no_moment_spoke_when_its_file_came() -> None:
    row = a_row(a_run(), LAST_CHANGED="")
    register_records(
        source="crm", records=[IncomingRecord("C1", "individual", '{"country": "GB"}', "raw#9", None)], actor="feed:crm"
    )
    fix_row(row_id=row.pk, values={"BIRTH_DATE": ""}, actor="user:ada")
    assert SourceRecord.objects.get().attributes == {"country": "GB"}


def test_of_two_rows_with_one_key_one_comes_in() -> None:
    run = a_run()
    rows = [a_row(run, line, BIRTH_DATE="", CITY=city) for line, city in ((2, "Leeds"), (3, "York"))]
    replayed = replay_rows(ids=[row.pk for row in rows], actor="user:ada")
    assert (replayed.accepted, replayed.refused) == (1, 1)
    rows[1].refresh_from_db()
    assert rows[1].reason == "The key occurs more than once in the file; line 2 was taken."
    assert SourceRecord.objects.get().attributes["addresses"][0]["city"] == "Leeds"


def test_a_row_that_could_not_be_taken_apart_is_corrected_by_the_columns_of_its_file() -> None:
    row = RejectedRow.objects.create(run=a_run(), line=7, reason="too few", raw="C7,P,,Ann,,Smith")
    checked = fix_row(row_id=row.pk, values={"FIRST_NAME": "Ann", "LAST_NAME": "Smith"}, actor="user:ada")
    assert checked.reason == ""
    assert SourceRecord.objects.get(key="C7").attributes["names"][0]["family"] == "Smith"


def test_an_event_of_an_unknown_source_comes_in_once_its_source_is_right() -> None:
    event = {"id": "1", "source": "ldap", "key": "A3", "op": "upsert", "effective_at": "2026-05-01T00:00:00Z"}
    raw = json.dumps({**event, "attributes": '{"full_name": "Acme"}'})
    row = RejectedRow.objects.create(run=a_run("events"), line=6, key="A3", field="source", reason="none", raw=raw)
    checked = fix_row(row_id=row.pk, values={}, actor="user:ada")
    assert checked.field == "source"
    fix_row(row_id=row.pk, values={"source": "crm"}, actor="user:ada")
    assert SourceRecord.objects.get(key="A3").source_id == "crm"


def test_rows_are_dismissed_with_a_reason_and_stay_readable() -> None:
    row = a_row(a_run())
    with pytest.raises(ValueError, match="Say why"):
        dismiss_rows(ids=[row.pk], actor="user:ada", reason=" ")
    assert dismiss_rows(ids=[row.pk], actor="user:ada", reason="A test customer.") == 1
    assert dismiss_rows(ids=[row.pk], actor="user:ada", reason="Again.") == 0
    row.refresh_from_db()
    assert (row.state, row.note) == (RejectState.DISMISSED, "A test customer.")
    assert replay_rows(ids=[row.pk], actor="user:ada").accepted == 0


def test_a_row_that_comes_again_supersedes_the_one_that_waits() -> None:
    old = a_run()
    again, accepted, other = (a_row(old, line, CUSTOMER_ID=key) for line, key in ((2, "C1"), (3, "C2"), (4, "C3")))
    nameless = RejectedRow.objects.create(run=old, line=5, reason="The key is missing.", raw="{}")
    new = a_run()
    a_row(new, 2, CUSTOMER_ID="C1")
    RejectedRow.objects.create(run=new, line=5, reason="The key is missing.", raw="{}")
    incoming = IncomingRecord("C2", "individual", "{}", "raw#3", None)
    register_records(source="crm", records=[incoming], actor="feed:crm")
    SourceRecord.objects.update(received_at=timezone.now())
    assert supersede_rejects(run=new, source="crm") == 3
    states = dict(RejectedRow.objects.filter(run=old).values_list("pk", "state"))
    assert states == {
        again.pk: "superseded", accepted.pk: "superseded", nameless.pk: "superseded", other.pk: "open"
    }  # fmt: skip
    assert open_by_feed() == {"crm": 3}


def test_all_rows_of_a_filter_are_replayed_in_the_background() -> None:
    run = a_run()
    for line in range(2, 8):
        a_row(run, line, CUSTOMER_ID=f"C{line}", BIRTH_DATE="" if line % 2 else "1985-02-30")
    done = replay_rejects.apply(kwargs={"wanted": {"feed": "crm"}, "actor": "user:ada"}).get()
    assert done == {"accepted": 3, "refused": 3}
    assert SourceRecord.objects.count() == 3


def test_rows_with_the_same_trouble_stand_together() -> None:
    run = a_run()
    a_row(run, 2, reason="'1985-02-30' is no date that exists.")
    a_row(run, 3, reason="'1999-13-01' is no date that exists.")
    a_row(run, 4, "LEI", "The check digits of the LEI are wrong.")
    found = [(group.field, group.reason, group.rows) for group in groups(RejectFilter(), 10)]
    assert found == [
        ("BIRTH_DATE", "… is no date that exists.", 2),
        ("LEI", "The check digits of the LEI are wrong.", 1),
    ]
    assert rejects_where(RejectFilter(reason="… is no date that exists.")).count() == 2
    assert rejects_where(RejectFilter(feed="dnb")).count() == 0


def read_csv(**options: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(as_csv(RejectFilter(feed="crm"), **options)))))


def test_rows_download_under_their_own_columns_without_formulas() -> None:
    a_row(a_run(), LAST_NAME='=HYPERLINK("http://x")', PHONE="+44 20 7946 0018")
    (row,) = read_csv(personal=True)
    assert (row["line"], row["key"], row["reason"]) == ("2", "C1", NO_DAY)
    assert (row["BIRTH_DATE"], row["CITY"]) == ("1985-02-30", "Leeds")
    assert row["LAST_NAME"] == '\'=HYPERLINK("http://x")'
    assert row["PHONE"] == "+44 20 7946 0018"


def test_personal_values_stay_hidden_in_a_download_the_reason_included() -> None:
    a_row(a_run(), NATIONAL_ID="AB123456C")
    (row,) = read_csv(personal=False)
    assert (row["BIRTH_DATE"], row["NATIONAL_ID"], row["GENDER"]) == ("hidden", "hidden", "")
    assert row["LAST_NAME"] == "Smith"
    assert row["reason"] == "… is no date that exists."


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("rejected_row_known_state", {"state": "lost", "closed_at": timezone.now(), "closed_by": "x"}),
        ("rejected_row_closed_is_told", {"state": RejectState.REPLAYED}),
        ("rejected_row_closed_is_told", {"closed_at": timezone.now()}),
        (
            "rejected_row_dismissed_says_why",
            {"state": RejectState.DISMISSED, "closed_at": timezone.now(), "closed_by": "user:ada"},
        ),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(constraint: str, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        RejectedRow.objects.create(run=a_run(), line=2, reason="why", raw="{}", **fields)
