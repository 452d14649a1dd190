"""health_check tells an operator what is missing, and a load balancer whether to send traffic."""

import io
import json
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from party_hub import health
from party_hub.models import OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)


def one(name: str, patience: float = 10.0) -> health.Finding:
    (finding,) = health.examine({name}, patience=patience)
    return finding


@pytest.fixture
def slow_probe() -> Iterator[str]:
    @health.probe("sleepy")
    def sleepy() -> health.Answer:
        time.sleep(15)
        return "awake", {}

    yield "sleepy"
    del health.PROBES["sleepy"]


@pytest.mark.parametrize("name", ["database", "migrations", "cache", "broker", "java", "disk", "outbox"])
def test_what_runs_is_fit(name: str) -> None:
    finding = one(name)

    assert finding.fit, finding.detail
    assert finding.detail


def test_ready_asks_only_what_every_page_needs() -> None:
    findings = health.ready()

    assert {finding.name for finding in findings} == {"database", "cache"}
    assert all(finding.fit for finding in findings)


def test_queues_without_a_worker_are_named() -> None:
    finding = one("workers")

    assert not finding.fit
    assert finding.detail == "no worker answers for default, spark"


def test_a_broker_that_is_away_is_unfit_and_does_not_hang() -> None:
    started = time.monotonic()
    with override_settings(KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1"):
        finding = one("broker")

    assert not finding.fit
    assert time.monotonic() - started < 30


def test_events_that_wait_too_long_make_the_hub_unfit() -> None:
    late = timezone.now() - timedelta(minutes=6)
    values = {"topic": "party.golden", "key": "k", "type": "party.created", "payload": {}}
    OutboxEvent.objects.create(correlation_id="00000000-0000-0000-0000-000000000001", created_at=late, **values)

    finding = one("outbox")

    assert not finding.fit
    assert finding.detail.startswith("1 events wait, the oldest for 36")


def test_a_probe_that_does_not_answer_is_given_up(slow_probe: str) -> None:
    started = time.monotonic()
    finding = one(slow_probe, patience=0.3)

    assert (finding.fit, finding.detail) == (False, "no answer within 0 s")
    assert time.monotonic() - started < 10


def test_the_command_prints_json_and_ends_with_1_when_not_fit() -> None:
    out = io.StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("health_check", "--json", "--only", "database", "workers", stdout=out)

    report = json.loads(out.getvalue())
    assert report["fit"] is False
    assert {check["name"]: check["fit"] for check in report["checks"]} == {"database": True, "workers": False}


def test_the_command_ends_quietly_when_fit() -> None:
    out = io.StringIO()
    call_command("health_check", "--only", "database", "cache", stdout=out)

    assert out.getvalue().count("✓ fit") == 2
