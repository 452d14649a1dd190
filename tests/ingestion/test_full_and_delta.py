"""Full files withdraw what they leave out, deltas what they mark; neither undoes anything newer, and all comes back."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction

from ingestion import stages
from ingestion.actions import CannotLoad, NotNow, confirm_run, create_run
from ingestion.loading import LoadFailed
from ingestion.loading import load as carry_out
from ingestion.models import Feed, FeedRun, LoadType, RunState
from ingestion.sample.sources import CRM_COLUMNS
from party_hub.models import AuditEntry, Membership, SourceRecord, SourceRecordVersion, UnresolvedRecord
from tests.ingestion.conftest import BAD_LEI, CUSTOMER, Load, csv_text, customers, written

pytestmark = [pytest.mark.spark, pytest.mark.django_db]
NAMES = ("Abbott", "Baker", "Chandler", "Dyer", "Eaves", "Fisher", "Glover", "Hunt", "Ives", "Judd", "Keeler", "Lamb")
PEOPLE = [
    {
        "CUSTOMER_ID": f"C{n}",
        "LAST_NAME": name,
        "FIRST_NAME": name[::-1].title(),
        "BIRTH_DATE": f"19{50 + 3 * n}-{n + 1:02}-{n + 10}",
        "STREET": f"{7 * n + 1} {name} Road",
        "ZIP": f"LS{n + 1} {n}DY",
    }
    for n, name in enumerate(NAMES)
]


def live() -> set[str]:
    return set(SourceRecord.objects.filter(withdrawn_at=None).values_list("key", flat=True))


def keys(*left_out: int) -> set[str]:
    return {f"C{n}" for n in range(12)} - {f"C{n}" for n in left_out}


def party_ids() -> dict[str, Any]:
    return dict(Membership.objects.filter(span__upper_inf=True).values_list("record__key", "party_id"))


def people(folder: Path, *left_out: int, name: str = "full.csv", **changes: str) -> Path:
    """A full file of twelve people, without those that are left out."""
    return customers(folder, *({**PEOPLE[n], **changes} for n in range(12) if n not in left_out), name=name)


def delta(folder: Path, *rows: dict[str, str], name: str = "delta.csv") -> Path:
    """A delta of the CRM: with the column that marks what is gone."""
    filled = ({**CUSTOMER, **row} for row in rows)
    return written(folder, name, csv_text([*CRM_COLUMNS, "OP"], filled))


@pytest.fixture
def full_feed(db: None) -> Feed:
    """The CRM sends full files."""
    feed = Feed.objects.get(pk="crm")
    feed.load_type = LoadType.FULL
    feed.save()
    return feed


# -- Full files -------------------------------------------------------------------------------------------------------


def test_what_a_full_file_leaves_out_is_withdrawn_and_comes_back_with_the_file_before(
    load: Load, tmp_path: Path, full_feed: Feed
) -> None:
    first = people(tmp_path, name="monday.csv")
    assert load("crm", first).created == 12
    call_command("match")
    parties = party_ids()
    assert len(set(parties.values())) == 12
    run = load("crm", people(tmp_path, 3, name="tuesday.csv"))
    assert (run.landed, run.accepted, run.unchanged, run.withdrawn, run.missing) == (11, 11, 11, 1, 1)
    gone = SourceRecord.objects.get(key="C3")
    assert (gone.withdrawn_at, gone.version, gone.raw_location) == (run.as_of, 2, run.raw_location)
    assert set(UnresolvedRecord.objects.values_list("record__key", flat=True)) == {"C3"}
    call_command("match")
    assert "C3" not in party_ids()
    again = load("crm", first)
    assert (again.updated, again.unchanged, again.withdrawn, again.same_as) == (1, 11, 0, None)
    call_command("match")
    assert party_ids() == parties
    assert live() == keys()


def test_a_full_file_that_comes_again_changes_nothing(load: Load, tmp_path: Path, full_feed: Feed) -> None:
    load("crm", people(tmp_path, name="a.csv"))
    load("crm", people(tmp_path, 3, name="b.csv"))
    again = load("crm", people(tmp_path, 3, name="c.csv"))
    assert (again.same_as is not None, again.withdrawn, again.missing, again.landed) == (True, 0, 0, 11)
    assert SourceRecordVersion.objects.count() == 1


def test_the_same_file_as_a_full_one_is_another_matter(load: Load, tmp_path: Path) -> None:
    load("crm", people(tmp_path, name="a.csv"))
    part = people(tmp_path, 3, name="b.csv")
    assert load("crm", part).withdrawn == 0
    call_command("load_feed", "crm", str(part), "--wait", "--full")
    assert live() == keys(3)


def test_a_row_that_was_set_aside_still_speaks_for_its_record(load: Load, tmp_path: Path, full_feed: Feed) -> None:
    load("crm", people(tmp_path, name="a.csv"))
    rows = [PEOPLE[n] | ({"LEI": BAD_LEI} if n == 3 else {}) for n in range(12)]
    run = load("crm", customers(tmp_path, *rows, name="b.csv"))
    assert (run.quarantined, run.missing) == (1, 0)
    assert live() == keys()


def test_a_record_that_changed_after_the_file_was_made_stays(load: Load, tmp_path: Path) -> None:
    load("crm", people(tmp_path, name="a.csv"))
    load("crm", customers(tmp_path, {**PEOPLE[3], "LAST_CHANGED": "2026-06-01T10:00:00Z"}, name="delta.csv"))
    call_command("load_feed", "crm", str(people(tmp_path, 3, 4, name="b.csv")), "--wait", "--full")
    assert live() == keys(4)


def test_a_full_file_speaks_for_its_own_source_alone(load: Load, tmp_path: Path, full_feed: Feed) -> None:
    from tests.ingestion.conftest import companies

    load("dnb", companies(tmp_path, {}))
    load("crm", people(tmp_path))
    assert SourceRecord.objects.filter(source="dnb", withdrawn_at=None).count() == 1


# -- Too much at once -------------------------------------------------------------------------------------------------


def held(load: Load, path: Path) -> tuple[FeedRun, str]:
    with pytest.raises(LoadFailed) as problem:
        load("crm", path)
    run = FeedRun.objects.latest("pk")
    assert (run.state, run.held, run.stage) == (RunState.FAILED, True, "register")
    return run, str(problem.value)


def test_a_run_that_would_withdraw_too_much_stops_and_asks(load: Load, tmp_path: Path, full_feed: Feed) -> None:
    load("crm", people(tmp_path, name="a.csv"))
    run, said = held(load, people(tmp_path, 3, 4, name="b.csv"))
    assert said.startswith(
        "2 of 12 records of crm are not in this full file (17%); at most 10 % may go without being confirmed. If this "
        f"is right, confirm it on the page of run {run.pk}, or load the file with --confirm-withdrawals."
    )
    assert live() == keys()
    full_feed.most_missing_percent = 20
    full_feed.save()
    assert load("crm", people(tmp_path, 3, 4, name="c.csv")).missing == 2


def test_who_confirms_lets_it_go_on_where_it_stopped(
    load: Load, tmp_path: Path, full_feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    load("crm", people(tmp_path, name="a.csv"))
    run, _ = held(load, people(tmp_path, 3, 4, name="b.csv"))
    monkeypatch.setattr("ingestion.actions.hand_over", lambda *_, **__: None)
    confirm_run(run_id=run.pk, actor="user:dan")
    with pytest.raises(NotNow, match="does not wait for anybody to confirm"):
        confirm_run(run_id=run.pk, actor="user:dan")
    with monkeypatch.context() as patch:
        patch.setattr(stages.Load, "_transform", lambda *_: pytest.fail("It began anew."))
        done = carry_out(FeedRun.objects.get(pk=run.pk))
    assert (done.state, done.missing, done.held, done.confirmed_by) == (RunState.SUCCEEDED, 2, False, "user:dan")
    assert live() == keys(3, 4)
    assert AuditEntry.objects.get(verb="confirm_run").actor == "user:dan"


def test_the_command_may_confirm_beforehand(load: Load, tmp_path: Path, full_feed: Feed) -> None:
    load("crm", people(tmp_path, name="a.csv"))
    part = str(people(tmp_path, *range(6), name="b.csv"))
    with pytest.raises(CommandError, match=r"6 of 12 records of crm are not in this full file \(50%\)"):
        call_command("load_feed", "crm", part, "--wait")
    call_command("load_feed", "crm", part, "--wait", "--confirm-withdrawals")
    assert len(live()) == 6


def test_rows_without_a_key_may_be_those_that_are_missing(load: Load, tmp_path: Path, full_feed: Feed) -> None:
    load("crm", people(tmp_path, name="a.csv"))
    path = people(tmp_path, 3, name="b.csv")
    path.write_text(path.read_text() + "C3,P,Ann\n")
    assert "it has 1 row whose key cannot be read: it may be theirs" in held(load, path)[1]


def test_a_full_file_that_comes_late_stops_and_asks(load: Load, tmp_path: Path, full_feed: Feed) -> None:
    older = people(tmp_path, 5, name="a.csv")
    load("crm", people(tmp_path, name="b.csv", LAST_CHANGED="2026-06-01T10:00:00Z"))
    said = held(load, older)[1]
    assert "its newest row is of 2026-05-01 10:00, that of run" in said
    assert live() == keys()


# -- Which files are full ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "load_type"),
    [("crm_FULL_20260501.csv", "full"), ("crm_delta.csv", "delta"), ("crm.csv", "delta"), ("x/full/crm.csv", "delta")],
)
def test_a_file_is_known_by_its_name(name: str, load_type: str) -> None:
    feed = Feed(name="crm", full_names="*full*", delta_names="*delta*")
    assert feed.load_type_of(f"s3://bucket/{name}") == load_type


def test_what_is_said_for_one_file_goes_before_its_name(full_feed: Feed) -> None:
    assert create_run(feed="crm", location="a.csv", actor="user:dan").load_type == "full"
    assert create_run(feed="crm", location="a.csv", actor="user:dan", load_type="delta").load_type == "delta"
    assert create_run(feed="gleif", location="x-lei2-golden-copy.csv.zip", actor="user:dan").load_type == "full"


def test_events_are_never_a_whole_source() -> None:
    with pytest.raises(CannotLoad, match="load it as changes"):
        create_run(feed="events", location="events.jsonl", actor="user:dan", load_type="full")


@pytest.mark.parametrize(
    ("constraint", "model", "fields"),
    [
        ("feed_known_load_type", Feed, {"load_type": "some"}),
        ("feed_missing_is_a_percentage", Feed, {"most_missing_percent": 101}),
        ("feed_run_known_load_type", FeedRun, {"load_type": "some"}),
        ("feed_run_held_has_failed", FeedRun, {"held": True}),
        ("feed_run_missing_in_full_files", FeedRun, {"missing": 1}),
    ],
)
def test_what_makes_no_sense_is_refused(constraint: str, model: Any, fields: dict[str, Any]) -> None:
    create_run(feed="crm", location="a.csv", actor="user:dan")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.update(**fields)


# -- Deltas -----------------------------------------------------------------------------------------------------------


def test_a_row_of_a_delta_that_is_marked_withdraws_its_record(load: Load, tmp_path: Path) -> None:
    load("crm", people(tmp_path))
    nothing_else = dict.fromkeys(CUSTOMER, "") | {"LEI": BAD_LEI}
    gone = {**nothing_else, "CUSTOMER_ID": "C3", "LAST_CHANGED": "2026-05-02T10:00:00Z", "OP": "DELETE"}
    keyless = {**nothing_else, "OP": "delete"}
    run = load("crm", delta(tmp_path, gone, keyless, {**PEOPLE[4], "OP": "update"}))
    assert (run.withdrawn, run.unchanged, run.quarantined, run.missing) == (1, 1, 1, 0)
    assert live() == keys(3)
    assert SourceRecord.objects.get(key="C3").attributes["names"][0]["family"] == "Dyer"


def test_an_older_row_neither_withdraws_nor_brings_back(load: Load, tmp_path: Path) -> None:
    load("crm", people(tmp_path, LAST_CHANGED="2026-05-03T10:00:00Z"))
    early = {"CUSTOMER_ID": "C3", "LAST_CHANGED": "2026-05-02T10:00:00Z", "OP": "delete"}
    assert load("crm", delta(tmp_path, early, name="early.csv")).late == 1
    assert live() == keys()
    gone = {"CUSTOMER_ID": "C3", "LAST_CHANGED": "2026-05-05T10:00:00Z", "OP": "delete"}
    load("crm", delta(tmp_path, gone, name="gone.csv"))
    between = {**PEOPLE[3], "FIRST_NAME": "Anne", "LAST_CHANGED": "2026-05-04T10:00:00Z"}
    assert load("crm", delta(tmp_path, between, name="between.csv")).late == 1
    assert live() == keys(3)
    later = {**PEOPLE[3], "LAST_CHANGED": "2026-05-06T10:00:00Z"}
    assert load("crm", delta(tmp_path, later, name="later.csv")).updated == 1
    assert live() == keys()


def test_a_deletion_may_overtake_the_record(load: Load, tmp_path: Path) -> None:
    gone = {"CUSTOMER_ID": "C3", "LAST_CHANGED": "2026-05-05T10:00:00Z", "OP": "delete"}
    assert load("crm", delta(tmp_path, gone)).withdrawn == 1
    assert load("crm", people(tmp_path)).late == 1
    assert live() == keys(3)
