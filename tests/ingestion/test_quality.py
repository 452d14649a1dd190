"""What a run's rules found: kept by side and severity, compared with the runs before, as severe as was decided."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from ingestion.adapters import adapter_in_force
from ingestion.feeds import adapters
from ingestion.loading import LoadFailed
from ingestion.mapping.adapter import Severity
from ingestion.models import Feed, FeedRun, QualityResult, QualityRule, RunState
from ingestion.quality import drift
from ingestion.quality.actions import drift_verdicts, keep_results, make_rules_known, set_severity
from ingestion.quality.dimensions import LATE_ARRIVAL, VOLUME_DRIFT, Dimension, dimension_of
from party_hub.models import AuditEntry, SourceRecord
from tests.ingestion.conftest import BAD_LEI, Load, customers

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LEI = "lei_valid:be_in_set"
pytestmark = pytest.mark.django_db


def loads(*rows: int) -> list[drift.Load]:
    """Loads a day apart, the last yesterday at noon."""
    return [drift.Load(NOON - timedelta(days=at + 1), number) for at, number in enumerate(rows)]


@pytest.mark.parametrize(("rows", "passed"), [(100, True), (50, True), (49, False), (200, True), (201, False)])
def test_a_load_of_an_unusual_size_is_seen(rows: int, passed: bool) -> None:
    found = drift.volume(rows, loads(90, 100, 5_000))
    assert found.passed is passed
    assert found.says == f"{rows} rows; 100 are usual."


def test_few_loads_say_nothing_about_what_is_usual() -> None:
    assert drift.volume(1, loads(100, 100)).passed
    assert drift.arrival(NOON + timedelta(days=90), loads(1, 1, 1)).passed


def test_a_file_that_comes_late_is_seen() -> None:
    assert drift.arrival(NOON, loads(1, 1, 1, 1)).passed
    late = drift.arrival(NOON + timedelta(days=2), loads(1, 1, 1, 1))
    assert (late.passed, late.says) == (False, "3 d 0 h after the load before; 1 d 0 h is usual.")


def test_every_rule_of_every_feed_has_a_side_and_a_code_of_its_own() -> None:
    for adapter in adapters().values():
        codes = [rule.code for rule in adapter.rules]
        assert len(set(codes)) == len(codes), adapter.name
        assert {dimension_of(rule) for rule in adapter.rules} <= set(Dimension)


def test_rules_become_known_once_and_keep_what_was_decided() -> None:
    feed = Feed.objects.get(name="crm")
    make_rules_known(feed=feed, adapter=adapter_in_force(feed))
    rule = QualityRule.objects.get(feed=feed, code=LEI)
    assert (rule.severity, rule.dimension) == (Severity.QUARANTINE, Dimension.VALIDITY)
    rule.severity = Severity.WARN
    set_severity(rule=rule, actor="user:dan")
    make_rules_known(feed=feed, adapter=adapter_in_force(feed))
    assert QualityRule.objects.get(feed=feed, code=LEI).severity == Severity.WARN
    assert next(rule for rule in adapter_in_force(feed).rules if rule.code == LEI).severity is Severity.WARN
    assert AuditEntry.objects.get(verb="set_severity").details == {"rule": LEI, "severity": "warn"}
    assert rule.history.count() == 2


def a_rule(**fields: Any) -> QualityRule:
    about = {"feed_id": "crm", "code": LEI, "says": "x", "dimension": Dimension.VALIDITY, "severity": Severity.WARN}
    return QualityRule(**{**about, **fields})


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("quality_rule_known_severity", {"severity": "shout"}),
        ("quality_rule_known_dimension", {"dimension": "beauty"}),
        ("quality_rule_strict_stays_strict", {"code": "key:be_unique"}),
        ("quality_rule_of_the_file_spares_rows", {"code": VOLUME_DRIFT, "severity": Severity.QUARANTINE}),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(constraint: str, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        a_rule(**fields).save()


def test_a_feed_has_a_rule_once() -> None:
    a_rule().save()
    with pytest.raises(IntegrityError, match="quality_rule_once_per_feed"):
        a_rule().save()


def test_severities_that_cannot_be_are_said_at_the_field() -> None:
    with pytest.raises(ValidationError, match="Such a row cannot come in"):
        a_rule(code="problem_reason:be_null").clean()
    with pytest.raises(ValidationError, match="about the whole file"):
        a_rule(code=VOLUME_DRIFT, severity=Severity.QUARANTINE).clean()


def a_run(**fields: Any) -> FeedRun:
    about = {"feed_id": "crm", "state": RunState.SUCCEEDED, "location": "x", "requested_by": "user:dan"}
    return FeedRun.objects.create(**{**about, "finished_at": timezone.now(), **fields})


def a_verdict(**fields: Any) -> dict[str, Any]:
    about = {"code": LEI, "column": "lei_valid", "says": "x", "dimension": "validity", "severity": "warn"}
    return {**about, "passed": False, "rows": 3, "failing": 1, **fields}


def test_a_run_keeps_the_verdicts_of_its_last_attempt() -> None:
    run = a_run()
    keep_results(run=run, verdicts=[a_verdict(), a_verdict(code="other")])
    keep_results(run=run, verdicts=[a_verdict(failing=2)])
    assert run.results.get().failing == 2
    with pytest.raises(IntegrityError, match="quality_result_once_per_run"):
        QualityResult.objects.create(run=run, **a_verdict())


def test_no_more_rows_fail_than_there_are() -> None:
    with pytest.raises(IntegrityError, match="quality_result_failing_within_rows"):
        QualityResult.objects.create(run=a_run(), **a_verdict(failing=4))


def test_a_run_is_compared_with_the_loads_before_it() -> None:
    for at in range(5):
        a_run(landed=100, accepted=100, created=100, requested_at=timezone.now() - timedelta(days=9 - at))
    found = {verdict["code"]: verdict for verdict in drift_verdicts(a_run(landed=0), 10)}
    assert (found[VOLUME_DRIFT]["passed"], found[LATE_ARRIVAL]["passed"]) == (False, False)
    assert found[VOLUME_DRIFT]["says"] == "10 rows; 100 are usual."
    assert found[LATE_ARRIVAL]["severity"] == Severity.WARN


@pytest.mark.spark
def test_a_broken_rule_costs_what_was_decided(load: Load, tmp_path: Path) -> None:
    rows = [{}, {"CUSTOMER_ID": "C2", "LEI": BAD_LEI}]
    feed = Feed.objects.get(name="crm")
    make_rules_known(feed=feed, adapter=adapter_in_force(feed))
    rules = QualityRule.objects.filter(feed=feed)
    rules.filter(code=LEI).update(severity=Severity.STOP)
    with pytest.raises(LoadFailed, match="The check digits of the LEI are wrong"):
        load("crm", customers(tmp_path, *rows))
    stopped = FeedRun.objects.get()
    assert (stopped.state, stopped.results.get(code=LEI).failing) == (RunState.FAILED, 1)
    assert not SourceRecord.objects.exists()

    rules.filter(code=LEI).update(severity=Severity.WARN)
    run = load("crm", customers(tmp_path, *rows))
    assert (run.created, run.quarantined) == (2, 0)
    noted = run.results.get(code=LEI)
    assert (noted.passed, noted.failing, noted.lines) == (False, 1, [3])

    for _ in range(2):
        a_run(landed=100, accepted=100, created=100)
    rules.filter(code=VOLUME_DRIFT).update(severity=Severity.STOP)
    with pytest.raises(LoadFailed, match="3 rows; 100 are usual"):
        load("crm", customers(tmp_path, *rows, {"CUSTOMER_ID": "C3"}))
    assert SourceRecord.objects.count() == 2


def test_a_rule_that_leaves_room_shows_which_rows_take_it(load: Load, tmp_path: Path) -> None:
    run = load("crm", customers(tmp_path, {}, {"CUSTOMER_ID": "C2", "ZIP": ""}))
    result = run.results.get(code="postcode:not_be_null")
    assert (result.passed, result.failing, result.lines) == (True, 1, [3])
