"""The quarantine's pages: who sees what, who may correct, and what is said where."""

import json
from collections.abc import Callable

import pytest
from django.utils import timezone

from ingestion.models import FeedRun, RejectedRow, RejectState, RunState
from party_hub.models import AuditEntry, SourceRecord
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db
Row = Callable[..., RejectedRow]
COLUMNS = ["CUSTOMER_ID", "CUSTOMER_TYPE", "FIRST_NAME", "LAST_NAME", "COMPANY_NAME", "BIRTH_DATE", "COLOUR"]


@pytest.fixture
def run(db: None) -> FeedRun:
    now = timezone.now()
    return FeedRun.objects.create(
        feed_id="crm", state=RunState.SUCCEEDED, location="crm.csv", raw_location="file:///raw/crm.csv", landed=2,
        quarantined=2, requested_by="user:dan", started_at=now, finished_at=now, columns=COLUMNS,
    )  # fmt: skip


@pytest.fixture
def row(run: FeedRun) -> RejectedRow:
    """Ann Smith, born on a day that is not."""
    raw = dict(zip(COLUMNS, ("C1", "P", "Ann", "Smith", "", "1985-02-30", "green"), strict=True))
    return RejectedRow.objects.create(
        run=run, line=2, key="C1", field="BIRTH_DATE", reason="'1985-02-30' is no date that exists.",
        raw=json.dumps(raw), rule="problem_reason:be_null",
    )  # fmt: skip


def form_of(row: RejectedRow, **changes: str) -> dict[str, str]:
    """What the browser sends: every column by its place."""
    values = json.loads(row.raw) | changes
    return {f"c{place}": values[column] for place, column in enumerate(COLUMNS)}


def test_a_steward_corrects_a_row_in_the_form(row: RejectedRow, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    page = client.get(f"/feeds/quarantine/{row.pk}/").content.decode()
    assert '-error">&#x27;1985-02-30&#x27; is no date that exists.' in page.replace("\n", "")
    answer = client.post(f"/feeds/quarantine/{row.pk}/", form_of(row, BIRTH_DATE="1985-02-28"))
    assert answer["Location"] == "/feeds/quarantine/?feed=crm"
    assert SourceRecord.objects.get(key="C1").attributes["date_of_birth"] == "1985-02-28"
    assert "came in as C1" in client.get(answer["Location"]).content.decode()


def test_what_is_wrong_still_is_said_at_its_field_and_what_was_typed_stays(
    row: RejectedRow, signed_in: SignedIn
) -> None:
    answer = signed_in("ada").post(
        f"/feeds/quarantine/{row.pk}/", form_of(row, BIRTH_DATE="1985-13-13", FIRST_NAME="Anne")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1985-13-13&#x27; is no date" in page
    assert 'value="Anne"' in page
    assert not SourceRecord.objects.exists()


def test_a_viewer_reads_the_row_masked_and_corrects_nothing(row: RejectedRow, signed_in: SignedIn) -> None:
    client = signed_in("ben")
    for path in ("/feeds/quarantine/", f"/feeds/quarantine/{row.pk}/", f"/feeds/{row.run_id}/"):
        page = client.get(path).content.decode()
        assert "is no date that exists" in page
        assert "1985-02-30" not in page
    page = client.get(f"/feeds/quarantine/{row.pk}/").content.decode()
    assert "Smith" in page
    assert "green" not in page  # a column that no mapping reads may hold anything
    assert "Save and let it in" not in page
    assert client.post(f"/feeds/quarantine/{row.pk}/", form_of(row)).status_code == 403
    assert client.post("/feeds/quarantine/", {"act": "replay", "rows": [row.pk]}).status_code == 403
    download = b"".join(client.get("/feeds/quarantine/rows.csv?feed=crm")).decode()
    assert "1985-02-30" not in download


def test_a_download_is_audited(row: RejectedRow, signed_in: SignedIn) -> None:
    answer = signed_in("ada").get(f"/feeds/quarantine/rows.csv?run={row.run_id}&state=any&feed=crm")
    assert answer["Content-Disposition"] == f'attachment; filename="quarantine-{row.run_id}.csv"'
    assert "1985-02-30" in b"".join(answer).decode()
    assert AuditEntry.objects.get(verb="download_rows").details == {"personal": True}


def test_a_filter_shows_its_rows_only(row: RejectedRow, signed_in: SignedIn) -> None:
    client = signed_in("ada")

    def shown(query: str) -> int:
        return client.get(f"/feeds/quarantine/?{query}").content.decode().count('data-testid="reject-row"')

    assert [shown(query) for query in ("", "feed=crm", "feed=dnb", "rule=problem_reason:be_null", "rule=none")] == [
        1, 1, 0, 1, 0
    ]  # fmt: skip
    assert shown("reason=…+is+no+date+that+exists.") == 1
    assert shown("state=replayed") == 0
    assert shown("run=oops&before=x&state=nonsense") == 1


def test_ticked_rows_are_replayed_and_dismissed(row: RejectedRow, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    page = client.post("/feeds/quarantine/", {"act": "replay", "rows": [row.pk]}, follow=True).content.decode()
    assert "0 came in, 1 still breaks a rule." in page
    page = client.post("/feeds/quarantine/", {"act": "dismiss", "rows": [row.pk]}, follow=True).content.decode()
    assert "Say why the rows are not to come in." in page
    page = client.post("/feeds/quarantine/", {"act": "replay"}, follow=True).content.decode()
    assert "Tick the rows first." in page
    client.post("/feeds/quarantine/", {"act": "dismiss", "rows": [row.pk], "reason": "A test."})
    row.refresh_from_db()
    assert row.state == RejectState.DISMISSED
    page = client.get(f"/feeds/quarantine/{row.pk}/").content.decode()
    assert "A test." in page
    assert "Save and let it in" not in page


def test_all_rows_of_a_filter_are_replayed(row: RejectedRow, run: FeedRun, signed_in: SignedIn) -> None:
    raw = json.loads(row.raw) | {"BIRTH_DATE": "", "CUSTOMER_ID": "C2"}
    RejectedRow.objects.create(run=run, line=3, key="C2", reason="old", raw=json.dumps(raw))
    answer = signed_in("ada").post("/feeds/quarantine/?feed=crm", {"act": "replay_all"})
    assert answer["Location"] == "/feeds/quarantine/?feed=crm"
    assert SourceRecord.objects.get().key == "C2"


def test_a_row_that_is_not_open_is_not_corrected_again(row: RejectedRow, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    client.post(f"/feeds/quarantine/{row.pk}/", form_of(row, BIRTH_DATE=""))
    page = client.post(f"/feeds/quarantine/{row.pk}/", form_of(row, BIRTH_DATE=""), follow=True).content.decode()
    assert "replayed already" in page
    assert client.post("/feeds/quarantine/987654/", {}).status_code == 404
