"""A long day: two hundred questions answered through the pages, and a trace of every answer."""

from itertools import cycle

import pytest
from django.test import Client

from party_hub.domain.judgement import Judgement
from party_hub.models import AuditEntry, Decision, GoldenRecord, OutboxEvent
from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.models import ReviewTask, TaskState
from tests.factories import SourceRecordFactory, a_person, a_suggestion, party_of
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)
TASKS = 200


@pytest.fixture
def day(transactional_db: None) -> None:
    """Two hundred pairs of parties that might be one."""
    for number in range(TASKS):
        one, other = (
            SourceRecordFactory(
                source_id=source, attributes=a_person(f"Ann Smith{number}", phones=[f"+44113{number:07}"])
            )
            for source in ("crm", "dnb")
        )
        party_of(one)
        party_of(other)
        a_suggestion(one, other, 0.3 + number / 500)
    refresh_tasks()


def test_two_hundred_answers_leave_two_hundred_traces(day: None) -> None:
    client = Client()
    client.force_login(person("ada"), backend="django.contrib.auth.backends.ModelBackend")
    told_before = OutboxEvent.objects.count()
    for judgement in cycle(Judgement):
        page = client.get("/tasks/next/", follow=True)
        assert page.status_code == 200
        if page.redirect_chain[-1][0] == "/tasks/":
            break
        pk = page.redirect_chain[-1][0].strip("/").split("/")[1]
        answer = client.post(
            f"/tasks/{pk}/decide/", {"judgement": judgement.value, "reason": "Looked at it."}, follow=True
        )
        assert answer.status_code == 200
        assert not [message for message in answer.context["messages"] if message.level_tag == "error"]

    answered = ReviewTask.objects.filter(state=TaskState.DONE)
    assert answered.count() == TASKS
    acts = {task.act for task in answered}
    assert len(acts) == TASKS
    assert set(AuditEntry.objects.filter(act__in=acts).values_list("act", flat=True)) == acts
    assert set(Decision.objects.filter(act__in=acts).values_list("act", flat=True)) == acts
    matches = [task for task in answered if task.judgement == Judgement.MATCH]
    told = OutboxEvent.objects.filter(pk__gt=told_before, type="party.merged")
    assert {event.payload["decision"]["id"] for event in told if event.payload} == {str(task.act) for task in matches}
    for task in matches:
        golden = GoldenRecord.objects.get(party__in=(task.party_a_id, task.party_b_id), record_count=2)
        assert golden.version > 1
