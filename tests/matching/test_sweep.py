"""What a lost hand-over left waiting is found within a minute or two."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from matching.tasks import sweep
from party_hub.actions.register_records import register_records
from party_hub.models import Membership, UnresolvedRecord
from tests.matching.test_matching import people


@pytest.fixture
def waiting(transactional_db):
    """Records that came in and were handed to nobody."""
    register_records(source="crm", records=people(0), actor="system:test")
    return UnresolvedRecord.objects.count()


def test_what_waits_too_long_is_matched(waiting):
    UnresolvedRecord.objects.update(since=timezone.now() - timedelta(minutes=5))
    assert sweep() == waiting
    assert not UnresolvedRecord.objects.exists()
    assert Membership.objects.count() == waiting


def test_what_came_in_just_now_is_left_to_whoever_has_it_in_hand(waiting):
    assert sweep() == 0
    assert UnresolvedRecord.objects.count() == waiting


@pytest.mark.django_db
def test_the_sweep_is_scheduled_from_the_start():
    task = PeriodicTask.objects.get(task="matching.sweep")
    assert task.enabled
    assert task.interval.every == 1
