"""What the time line tells of loads, of rules that changed, and of pins: from what, to what, by which run."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from ingestion.models import FeedRun, RunState
from party_hub.actions.change_reference import save_reference
from party_hub.actions.change_rule import RuleChange, change_rule, stored_rule
from party_hub.actions.pin_value import pin_value
from party_hub.actions.register_records import IncomingRecord, register_records
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.domain.identity import record_id
from party_hub.events.catalog import Cause
from party_hub.models import Link, SourceSystem
from party_hub.queries import xref
from stewardship.queries.timeline import Entry, timeline
from tests.factories import a_company
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db
PLACE = "s3://hub/raw/crm/7/crm.csv"


def say(source: str, key: str, day: int, **more: Any) -> None:
    import json

    record = IncomingRecord(
        key, "organisation", json.dumps(a_company(**more)), f"{PLACE}#{day}", datetime(2026, 1, day, tzinfo=UTC)
    )
    register_records(source=source, records=[record], actor="system:feed")
    resolve_parties(records=[record_id(source, key)], actor="system:match")


@pytest.fixture
def party() -> Any:
    """A firm that CRM and D&B tell of."""
    FeedRun.objects.create(
        feed_id="crm", location="crm.csv", requested_by="user:dan", raw_location=PLACE, state=RunState.SUCCEEDED,
        finished_at=timezone.now(),
    )  # fmt: skip
    say("crm", "C-1", 1, legal_form="Ltd")
    say("dnb", "D-1", 2, legal_form="PLC")
    left, right = sorted((record_id("crm", "C-1"), record_id("dnb", "D-1")))
    Link.objects.create(left_id=left, right_id=right, score=0.99, model_version="test")
    resolve_parties(records=[left], actor="system:match")
    found = xref("crm", "C-1")
    assert found is not None
    return found.party


def newest(party: Any) -> Entry:
    return timeline(party, "organisation", personal=True)[0]


def before_and_after(entry: Entry) -> list[tuple[str, list[str], list[str]]]:
    return [(one.label, [v.text for v in one.before], [v.text for v in one.after]) for one in entry.changes]


@pytest.mark.django_db(transaction=True)  # when a record came in is told by the time of its transaction
def test_a_load_is_told_with_the_record_its_version_and_its_run(party: Any, signed_in: SignedIn) -> None:
    say("dnb", "D-1", 5, legal_form="SE")
    entry = newest(party)
    assert before_and_after(entry) == [("Legal form", ["PLC"], ["SE"])]
    (occasion,) = entry.occasions
    run = FeedRun.objects.get()
    assert occasion.text == f"D&B D-1 said something new: its version 2, by run {run.pk} of crm"
    assert f'<a href="/feeds/{run.pk}/">' in signed_in("ben").get(f"/parties/{party}/").content.decode()


def test_a_rule_that_changed_is_told_from_what_to_what(party: Any) -> None:
    rule = {
        "strategy": "oldest", "then": [], "excluded_sources": [], "verified_only": False, "first_only": False,
        "half_life": None, "doubt": 0, "follows": "",
    }  # fmt: skip
    former = stored_rule("legal_form", "")
    change_rule(change=RuleChange("legal_form", "", rule), former=former, actor="user:cleo", reason="First word.")
    resolve_parties(records=None, actor="user:cleo", cause=Cause("user:cleo", "rules_changed"))
    entry = newest(party)
    assert entry.title == "Rules changed"
    assert before_and_after(entry) == [("Legal form", ["PLC"], ["Ltd"])]
    assert [one.text for one in entry.occasions] == ["Rule of Legal form: – → oldest"]
    assert entry.occasions[0].page == "/rules/legal_form/"


def test_a_source_that_is_trusted_otherwise_is_told_too(party: Any) -> None:
    crm = SourceSystem.objects.get(code="crm")
    crm.trust = 99
    save_reference(row=crm, actor="user:dan")
    resolve_parties(records=None, actor="user:dan", cause=Cause("user:dan", "rules_changed"))
    entry = newest(party)
    assert before_and_after(entry)[0] == ("Legal form", ["PLC"], ["Ltd"])
    assert [one.text for one in entry.occasions] == ["Trust in CRM: 60 → 99"]


def test_a_pin_on_what_was_golden_already_is_told_with_what_it_sets(party: Any) -> None:
    pin_value(party=party, attribute="country", value="GB", actor="user:ada", reason="Register.")
    entry = next(one for one in timeline(party, "organisation", personal=True) if one.title == "Value pinned")
    assert entry.reason == "Register."
    assert entry.act is not None


@pytest.mark.django_db(transaction=True)  # else all of it would have happened at one time
def test_a_time_line_as_known_then_is_as_long_as_ever_whatever_has_happened_since(party: Any) -> None:
    for number in range(4):
        if number == 2:
            then = timezone.now()
        pin_value(party=party, attribute="sector", value=f"Sector {number}", actor="user:ada", reason=f"No. {number}")
    told = timeline(party, "organisation", personal=True, known_at=then, limit=2)
    assert [entry.reason for entry in told] == ["No. 1", "No. 0"]
    assert not any(entry.undoable for entry in told)
