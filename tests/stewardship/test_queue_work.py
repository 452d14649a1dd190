"""Ordering the work: whose a task is, when it is due, saved views, acts on many, the queue as a file."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from party_hub.models import Decision
from stewardship.actions.handle_task import assign_tasks, put_aside
from stewardship.actions.lease import claim_task
from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.models import AssignmentRule, Lease, ReviewTask, SavedView, TaskState
from stewardship.presentation.priority import parts, total
from stewardship.queries.next_task import next_task
from stewardship.queries.queue import page_of
from stewardship.queries.queue_export import safe
from tests.factories import SourceRecordFactory, a_person, a_suggestion, party_of
from tests.people import person
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(db: None) -> list[ReviewTask]:
    """Four tasks about people, at 50, 60, 70 and 80 %."""
    for probability in (0.5, 0.6, 0.7, 0.8):
        one, other = SourceRecordFactory.create_batch(2)
        party_of(one)
        party_of(other)
        a_suggestion(one, other, probability)
    refresh_tasks()
    return list(ReviewTask.objects.all())


def found(filters: dict[str, object], user: User) -> int:
    return len(page_of(filters, user).tasks)


def test_a_task_is_mine_when_given_to_me_and_nobody_elses(many: list[ReviewTask], ada: User) -> None:
    claim_task(task=many[0], user=person("cleo"))
    assign_tasks(tasks=many[:1], user=person("cleo"), to=ada)
    assert (found({"whose": "mine"}, ada), found({"whose": "unassigned"}, ada)) == (1, 3)
    assert not Lease.objects.exists()
    assert next_task(person("cleo")) == many[1].pk
    assert next_task(ada) == many[0].pk


def test_a_team_finds_its_tasks(many: list[ReviewTask], ada: User) -> None:
    ReviewTask.objects.filter(pk=many[0].pk).update(team=Group.objects.get(name="steward"))
    assert found({"whose": "team"}, ada) == 1


def test_what_is_put_aside_comes_back_by_itself(many: list[ReviewTask], ada: User) -> None:
    put_aside(tasks=many[:2], user=ada, until=timezone.now() + timedelta(days=1))
    assert (found({}, ada), found({"whose": "waiting"}, ada)) == (2, 2)
    assert next_task(ada) == many[2].pk
    ReviewTask.objects.update(waiting_until=timezone.now() - timedelta(seconds=1))
    assert found({}, ada) == 4


def test_the_page_of_a_task_gives_it_away_and_puts_it_aside(many: list[ReviewTask], signed_in: SignedIn) -> None:
    task, client, cleo = many[0], signed_in("ada"), person("cleo")
    client.post(f"/tasks/{task.pk}/handle/", {"assign_to": cleo.pk, "assign": "1"})
    client.post(f"/tasks/{task.pk}/handle/", {"days": "3", "wait": "1"})
    task.refresh_from_db()
    assert task.assigned_to == cleo
    assert task.waiting_until is not None
    client.post(f"/tasks/{task.pk}/handle/", {"resume": "1"})
    task.refresh_from_db()
    assert task.waiting_until is None


def test_the_first_rule_that_fits_gives_team_and_time(db: None) -> None:
    steward = Group.objects.get_or_create(name="steward")[0]
    AssignmentRule.objects.create(position=1, name="British", country="GB", team=steward, due_hours=2)
    AssignmentRule.objects.create(position=2, name="French", country="FR", due_hours=1)
    one, other = SourceRecordFactory.create_batch(2, attributes=a_person())
    party_of(one)
    party_of(other)
    a_suggestion(one, other)
    refresh_tasks()
    task = ReviewTask.objects.get()
    assert task.team == steward
    assert task.due_at is not None
    assert timedelta(hours=1) < task.due_at - task.created_at <= timedelta(hours=2)


@pytest.mark.parametrize(("due", "number"), [("overdue", 1), ("today", 2), ("week", 4)])
def test_what_is_due_is_found(due: str, number: int, many: list[ReviewTask], ada: User) -> None:
    for task, hours in zip(many, (-1, 5, 50, 100), strict=True):
        ReviewTask.objects.filter(pk=task.pk).update(due_at=timezone.now() + timedelta(hours=hours))
    assert found({"due": due}, ada) == number
    assert page_of({"sort": "due"}, ada).tasks[0] == many[0]


def test_a_name_or_a_number_finds_tasks(question: ReviewTask, many: list[ReviewTask], ada: User) -> None:
    assert found({"q": "Anne  Smith"}, ada) == 1
    assert page_of({"q": f"#{many[1].pk}"}, ada).tasks == [many[1]]
    assert found({"q": "nobody of that name"}, ada) == 0


def test_tasks_without_probability_come_last_and_on_one_page_only(many: list[ReviewTask], ada: User) -> None:
    unknown = sorted(many[:2], key=lambda task: task.pk)
    ReviewTask.objects.filter(pk__in=[task.pk for task in unknown]).update(probability=None)
    seen, cursor = [], ""
    for _ in range(4):
        page = page_of({"sort": "probability"}, ada, cursor=cursor, size=1)
        seen += page.tasks
        cursor = page.following
    assert (seen[2:], cursor) == (unknown, "")
    assert len(set(seen)) == 4


def test_a_priority_is_the_sum_that_its_page_shows(many: list[ReviewTask], signed_in: SignedIn) -> None:
    ReviewTask.objects.update(created_at=timezone.now() - timedelta(days=9, hours=1))
    refresh_tasks()
    for task in ReviewTask.objects.select_related("party_a__golden", "party_b__golden"):
        a, b = task.party_a.golden, task.party_b.golden
        days = (timezone.now() - task.created_at).total_seconds() / 86_400
        summands = parts(
            kind=task.kind,
            probability=task.probability,
            records=a.record_count + b.record_count,
            sources=a.source_count + b.source_count,
            days=days,
        )
        assert task.priority == total(summands)
        assert all(0 <= part.points <= part.most for part in summands)
    assert "How it adds up" in signed_in("ada").get(f"/tasks/{many[0].pk}/").content.decode()


def test_a_likeness_against_the_identifiers_waits_behind_others(many: list[ReviewTask], signed_in: SignedIn) -> None:
    records = [
        SourceRecordFactory(
            attributes=a_person(identifiers=[{"scheme": "national_id", "value": value, "country": "DE"}])
        )
        for value in ("C01X00T47", "K92L44M81")
    ]
    for record in records:
        party_of(record)
    a_suggestion(*records, 0.5)
    refresh_tasks()
    against = ReviewTask.objects.exclude(pk__in=[task.pk for task in many]).get()
    plain = parts(kind="match", probability=0.5, records=2, sources=2, days=0)
    said = parts(kind="match", probability=0.5, records=2, sources=2, days=0, contradicted=True)
    assert against.priority == total(said) < total(plain)
    assert against.priority < min(task.priority for task in many)
    assert "the identifiers contradict each other" in signed_in("ada").get(f"/tasks/{against.pk}/").content.decode()


def test_two_parties_with_one_identifier_are_a_question(ada: User) -> None:
    lei = {"identifiers": [{"scheme": "lei", "value": "5493001KJTIIGC8Y1R12", "country": "", "valid": True}]}
    one, other = (
        SourceRecordFactory(source_id=source, party_type="organisation", attributes={"names": [{"full": name}], **lei})
        for source, name in (("crm", "Northwind Ltd"), ("dnb", "Southgate plc"))
    )
    party_of(one)
    party_of(other)
    refresh_tasks()
    task = ReviewTask.objects.get()
    assert (task.kind, {task.left_id, task.right_id}) == ("identifier", {one.pk, other.pk})


def test_a_refresh_near_a_record_leaves_the_rest_of_the_queue_alone(many: list[ReviewTask]) -> None:
    before = set(ReviewTask.objects.values_list("pk", "state", "priority"))
    near = refresh_tasks(records=[many[0].left_id])
    assert (near.opened, near.changed, near.dismissed, near.open) == (0, 0, 0, 1)
    assert set(ReviewTask.objects.values_list("pk", "state", "priority")) == before


def test_a_view_is_saved_shared_and_forgotten(many: list[ReviewTask], signed_in: SignedIn) -> None:
    ada, cleo = signed_in("ada"), signed_in("cleo")
    ada.post("/tasks/views/", {"filters": "band=likely&sort=due", "name": "Likely ones", "shared": "1"})
    ada.post("/tasks/views/", {"filters": "whose=mine", "name": "My own"})
    page = cleo.get("/tasks/").content.decode()
    assert "?band=likely&amp;sort=due" in page
    assert "My own" not in page
    view = SavedView.objects.get(name="Likely ones")
    cleo.post("/tasks/views/", {"forget": view.pk})
    ada.post("/tasks/views/", {"forget": view.pk})
    assert [view.name for view in SavedView.objects.all()] == ["My own"]


def test_a_view_without_a_name_is_refused(signed_in: SignedIn) -> None:
    answer = signed_in("ada").post("/tasks/views/", {"filters": "", "name": ""}, follow=True)
    assert "Give the view a name" in answer.content.decode()


def test_an_act_on_many_shows_first_what_it_reaches(many: list[ReviewTask], signed_in: SignedIn) -> None:
    page = signed_in("ada").get("/tasks/bulk/?band=likely").content.decode()
    assert page.count('data-testid="bulk-row"') == 1
    assert 'value="no_match"' not in page


def test_a_lead_decides_many_and_each_can_be_taken_back(many: list[ReviewTask], signed_in: SignedIn) -> None:
    cleo = signed_in("cleo")
    bulk = {"filters": "band=open", "act": "no_match", "reason": "Namesakes.", "expected": "3"}
    cleo.post("/tasks/bulk/", bulk)
    done = ReviewTask.objects.filter(state=TaskState.DONE)
    assert done.count() == 3
    assert len({task.act for task in done}) == 3
    assert set(Decision.objects.values_list("reason", flat=True)) == {"Namesakes."}
    cleo.post(f"/tasks/{done[0].pk}/undo/")
    assert ReviewTask.objects.filter(state=TaskState.DONE).count() == 2


def test_a_steward_gives_many_away_but_decides_one_by_one(many: list[ReviewTask], signed_in: SignedIn) -> None:
    ada, cleo = signed_in("ada"), person("cleo")
    ada.post("/tasks/bulk/", {"filters": "", "act": "assign", "assign_to": cleo.pk, "expected": "4"})
    assert ReviewTask.objects.filter(assigned_to=cleo).count() == 4
    answer = ada.post("/tasks/bulk/", {"filters": "", "act": "no_match", "reason": "x", "expected": "4"})
    assert answer.status_code == 403
    assert not Decision.objects.exists()


def test_an_act_on_many_stops_where_the_queue_has_moved(many: list[ReviewTask], signed_in: SignedIn) -> None:
    cleo = signed_in("cleo")
    answer = cleo.post("/tasks/bulk/", {"filters": "", "act": "no_match", "reason": "x", "expected": "3"})
    assert "has changed since you looked" in answer.content.decode()
    answer = cleo.post("/tasks/bulk/", {"filters": "", "act": "no_match", "reason": "", "expected": "4"})
    assert "Say why" in answer.content.decode()
    assert not Decision.objects.exists()


def test_the_queue_can_be_taken_away_as_a_file(many: list[ReviewTask], signed_in: SignedIn) -> None:
    answer = signed_in("ben").get("/tasks/export/?band=likely")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode())))  # type: ignore[arg-type]
    assert [row["task"] for row in rows] == [str(many[3].pk)]
    assert (rows[0]["name_a"], rows[0]["probability"]) == ("Ann Smith", "0.8")


@pytest.mark.parametrize("text", ["=1+1", "+44", "-x", "@sum", "\tx"])
def test_no_name_becomes_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert safe("Ann Smith") == "Ann Smith"
