"""Decisions that cannot all hold."""

from django.utils import timezone

from party_hub.actions.decide import decide
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.domain.judgement import Judgement
from party_hub.models import SourceRecord
from stewardship.actions.refresh_tasks import refresh_tasks
from tests.factories import SourceRecordFactory, a_person


def opposed_records() -> list[SourceRecord]:
    """Ann, Anna and Anne. Ada has matched the first two and the last two; while Anna was withdrawn, Cleo parted the
    others. Now Anna is back, and the queue asks.
    """
    ann, anna, anne = found = [_record_of(name) for name in ("Ann", "Anna", "Anne")]
    for left, right in ((ann, anna), (anna, anne)):
        decide(left=left.pk, right=right.pk, judgement=Judgement.MATCH, actor="user:ada")
    comes_and_goes(anna, withdrawn=True)
    decide(left=ann.pk, right=anne.pk, judgement=Judgement.NO_MATCH, actor="user:cleo", reason="Born elsewhere.")
    comes_and_goes(anna, withdrawn=False)
    return found


def comes_and_goes(record: SourceRecord, *, withdrawn: bool) -> None:
    """Its source withdraws the record, or has it again."""
    record.withdrawn_at = timezone.now() if withdrawn else None
    record.save()
    resolve_parties(records=[record.pk], actor="system:test")
    refresh_tasks(records=[record.pk])


def _record_of(name: str) -> SourceRecord:
    record: SourceRecord = SourceRecordFactory(key=f"C-{name}", attributes=a_person(name))
    resolve_parties(records=[record.pk], actor="system:test")
    return record
