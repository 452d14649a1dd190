"""A night's load: from a file of a source system to the events that other systems read."""

from pathlib import Path

import pytest
from django.core.management import call_command

from ingestion.models import FeedRun
from ingestion.sample import write_sample
from matching.models import MatchRun
from party_hub.models import GoldenRecord, Party, SourceRecord, UnresolvedRecord
from stewardship.models import ReviewTask, TaskState
from tests.journeys.conftest import Read

pytestmark = [pytest.mark.spark, pytest.mark.django_db(transaction=True)]
RECORDS = 600


def test_feeds_become_parties_questions_and_events(tmp_path: Path, published: Read) -> None:
    write_sample(records=RECORDS, seed=7, out=tmp_path)
    for feed, file in {"crm": "crm.csv", "dnb": "dnb.csv", "markit": "markit.xml"}.items():
        call_command("load_feed", feed, str(tmp_path / file), wait=True, json=True)
    runs = list(FeedRun.objects.all())
    assert [run.state for run in runs] == ["succeeded"] * 3
    assert sum(run.landed for run in runs) == sum(run.accepted + run.quarantined for run in runs)
    assert SourceRecord.objects.count() == UnresolvedRecord.objects.count() == sum(run.accepted for run in runs)

    call_command("match", json=True)
    assert MatchRun.objects.get().state == "done"
    assert not UnresolvedRecord.objects.exists()
    parties = Party.objects.filter(status="active").count()
    assert 0 < parties < SourceRecord.objects.count()
    assert GoldenRecord.objects.count() == parties
    assert ReviewTask.objects.filter(state=TaskState.OPEN).exists()

    told = [(key, envelope) for key, envelope in published() if envelope]
    assert {envelope["type"] for _, envelope in told} == {"party.created"}
    assert {key for key, _ in told} == {str(pk) for pk in Party.objects.values_list("pk", flat=True)}
    assert sum(len(envelope["data"]["xrefs"]) for _, envelope in told) == SourceRecord.objects.count()


def test_the_same_file_again_changes_nothing(tmp_path: Path, published: Read) -> None:
    write_sample(records=RECORDS, seed=7, out=tmp_path)
    for _ in range(2):
        call_command("load_feed", "crm", str(tmp_path / "crm.csv"), wait=True, json=True)
        call_command("match", json=True)
    assert FeedRun.objects.get(same_as__isnull=False).created == 0
    assert len(published()) == Party.objects.count()
