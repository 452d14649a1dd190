"""News of an LEI that has no successor: asked once, noted by a steward, gone when the news is."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from party_hub.actions.errors import Conflict
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.domain.judgement import Judgement
from party_hub.models import SourceRecord
from stewardship.actions.decide_task import decide_task, undo_decision
from stewardship.actions.note_news import note_news
from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.models import ReviewTask, TaskKind, TaskState
from stewardship.presentation.priority import total
from tests.factories import SourceRecordFactory, a_company, party_of
from tests.people import person
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db
LEI = "5493001KJTIIGC8Y1R12"


def of_lei(status: str) -> list[dict[str, Any]]:
    return [{"scheme": "lei", "value": LEI, "country": "", "valid": True, "status": status}]


def a_record(source: str, key: str, status: str = "issued") -> SourceRecord:
    attributes = a_company("Fiordland Bank", identifiers=of_lei(status))
    record: SourceRecord = SourceRecordFactory(
        source_id=source, key=key, party_type="legal_entity", attributes=attributes
    )
    return record


def the_register_says(status: str) -> None:
    record = SourceRecord.objects.get(source="gleif")
    record.attributes["identifiers"] = of_lei(status)
    record.save()
    resolve_parties(records=[record.pk], actor="system:match")
    refresh_tasks(records=[record.pk])


@pytest.fixture
def client_of_the_bank() -> None:
    """Fiordland Bank, whom the CRM and the register know."""
    party_of(a_record("gleif", LEI), a_record("crm", "C-1"))
    refresh_tasks()
    assert not ReviewTask.objects.exists()


def open_tasks() -> list[str]:
    return list(ReviewTask.objects.filter(state=TaskState.OPEN).values_list("news", flat=True))


@pytest.mark.parametrize("status", ["lapsed", "retired", "annulled", "duplicate"])
def test_bad_news_is_asked_about_and_goes_with_the_news(status: str, client_of_the_bank: None) -> None:
    the_register_says(status)
    assert open_tasks() == [f"{LEI} {status}"]
    refresh_tasks()
    assert len(open_tasks()) == 1
    the_register_says("issued")
    assert open_tasks() == []
    assert ReviewTask.objects.get().state == TaskState.DISMISSED


def test_an_lei_that_the_register_withdrew_is_news_too(client_of_the_bank: None) -> None:
    record = SourceRecord.objects.get(source="gleif")
    record.withdrawn_at = timezone.now()
    record.save()
    resolve_parties(records=[record.pk], actor="system:match")
    refresh_tasks()
    assert open_tasks() == [f"{LEI} withdrawn"]


def test_what_the_register_alone_knows_is_no_question() -> None:
    party_of(a_record("gleif", LEI, "lapsed"))
    refresh_tasks()
    assert open_tasks() == []


def test_noted_news_is_not_asked_again_until_it_is_another(client_of_the_bank: None) -> None:
    the_register_says("lapsed")
    task = ReviewTask.objects.get()
    with pytest.raises(Conflict, match="Say what"):
        note_news(task=task, user=person("ada"), reason=" ")
    with pytest.raises(Conflict, match="about an LEI"):
        decide_task(task=task, judgement=Judgement.MATCH, reason="", user=person("ada"))
    note_news(task=task, user=person("ada"), reason="They renew it in May.")
    refresh_tasks()
    assert open_tasks() == []
    the_register_says("retired")
    assert open_tasks() == [f"{LEI} retired"]


def test_a_note_can_be_taken_back(client_of_the_bank: None) -> None:
    the_register_says("lapsed")
    task = note_news(task=ReviewTask.objects.get(), user=person("ada"), reason="They renew it in May.")
    undo_decision(task=task, user=person("ada"))
    assert open_tasks() == [f"{LEI} lapsed"]


def test_ada_reads_the_news_and_notes_it(client_of_the_bank: None, signed_in: SignedIn) -> None:
    the_register_says("lapsed")
    task, ada = ReviewTask.objects.get(), signed_in("ada")
    assert LEI in ada.get("/tasks/").content.decode()
    page = ada.get(f"/tasks/{task.pk}/").content.decode()
    for said in ("Fiordland Bank", LEI, "its registration has lapsed", 'data-testid="news-noted"'):
        assert said in page
    assert 'data-testid="news-noted"' not in signed_in("ben").get(f"/tasks/{task.pk}/").content.decode()
    assert signed_in("ben").post(f"/tasks/{task.pk}/note/", {"reason": "x"}).status_code == 403
    assert ada.post(f"/tasks/{task.pk}/note/", {"reason": "They renew it in May."}).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.kind, task.reason) == (TaskState.DONE, TaskKind.LEI_STATUS, "They renew it in May.")
    assert "They renew it in May." in ada.get("/tasks/decided/").content.decode()


@pytest.mark.parametrize(
    ("constraint", "change"),
    [("task_of_a_pair_a_pin_or_news", {"news": ""}), ("task_one_open_about_news", {"pk": None})],
)
def test_the_database_refuses(constraint: str, change: dict[str, Any], client_of_the_bank: None) -> None:
    the_register_says("lapsed")
    task = ReviewTask.objects.get()
    for name, value in change.items():
        setattr(task, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        task.save()


def test_a_question_about_one_party_has_a_priority_that_adds_up_and_no_neighbourhood(
    client_of_the_bank: None, signed_in: SignedIn
) -> None:
    the_register_says("lapsed")
    task, client = ReviewTask.objects.get(), signed_in("ada")
    priority = client.get(f"/tasks/{task.pk}/").context["priority"]
    assert total(priority) == task.priority
    assert client.get(f"/tasks/{task.pk}/graph/").status_code == 404
