"""The queue follows what the match model is unsure of, and nothing else."""

from typing import Any

import pytest

from party_hub.actions.decide import decide
from party_hub.actions.merge_parties import merge_parties
from party_hub.domain.judgement import Judgement
from party_hub.models import Link, SourceRecord
from stewardship.actions.decide_task import decide_task
from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.models import ReviewTask, TaskKind, TaskState
from stewardship.presentation.reasons import BY_KIND
from tests import gleif
from tests.factories import SourceRecordFactory, a_company, a_suggestion, party_holding, party_of
from tests.people import person

pytestmark = pytest.mark.django_db


def two_records() -> tuple[SourceRecord, SourceRecord]:
    one, other = SourceRecordFactory.create_batch(2)
    party_of(one)
    party_of(other)
    return one, other


def test_a_suggestion_becomes_one_open_task() -> None:
    a_suggestion(*two_records(), probability=0.6)
    refreshed = refresh_tasks()
    task = ReviewTask.objects.get()
    assert (refreshed.opened, refreshed.open) == (1, 1)
    assert (task.kind, task.state, task.probability) == (TaskKind.MATCH, TaskState.OPEN, 0.6)
    assert task.party_a_id < task.party_b_id


def test_refreshing_again_changes_nothing() -> None:
    a_suggestion(*two_records())
    refresh_tasks()
    again = refresh_tasks()
    assert (again.opened, again.changed, again.dismissed, again.open) == (0, 0, 0, 1)


def test_two_parties_are_one_question_however_many_of_their_records_are_alike() -> None:
    one, other, third = SourceRecordFactory.create_batch(3)
    party_of(one, other)
    party_of(third)
    a_suggestion(one, third, probability=0.5)
    a_suggestion(other, third, probability=0.8)
    refresh_tasks()
    assert ReviewTask.objects.get().probability == 0.8


def test_two_records_of_the_same_party_are_no_question() -> None:
    one, other = SourceRecordFactory.create_batch(2)
    party_of(one, other)
    a_suggestion(one, other)
    assert refresh_tasks().open == 0


def test_a_question_goes_away_when_the_parties_become_one() -> None:
    one, other = two_records()
    a_suggestion(one, other)
    refresh_tasks()
    merge_parties(parties=[party_holding(one).pk, party_holding(other).pk], actor="user:ada", reason="Same person.")
    assert refresh_tasks().dismissed == 1
    assert ReviewTask.objects.get().state == TaskState.DISMISSED


@pytest.mark.parametrize("judgement", [Judgement.NO_MATCH, Judgement.UNSURE])
def test_what_somebody_has_decided_is_not_asked_again(judgement: Judgement) -> None:
    one, other = two_records()
    a_suggestion(one, other)
    decide(left=one.pk, right=other.pk, judgement=judgement, actor="user:ada")
    assert refresh_tasks().open == 0


def test_better_evidence_updates_the_open_task() -> None:
    pair = a_suggestion(*two_records(), probability=0.5)
    refresh_tasks()
    pair.probability = 0.9
    pair.save()
    assert refresh_tasks().changed == 1
    assert ReviewTask.objects.get().probability == 0.9


def test_a_suggestion_that_is_gone_takes_its_task_along() -> None:
    pair = a_suggestion(*two_records())
    refresh_tasks()
    pair.delete()
    assert refresh_tasks().dismissed == 1


def test_a_new_record_that_would_join_what_somebody_has_parted_is_a_conflict() -> None:
    one, other = two_records()
    decide(left=one.pk, right=other.pk, judgement=Judgement.NO_MATCH, actor="user:ada")
    newcomer = SourceRecordFactory()
    for known, score in ((one, 0.99), (other, 0.97)):
        left, right = sorted((known.pk, newcomer.pk))
        Link.objects.create(left_id=left, right_id=right, score=score, model_version="test")
    party_of(newcomer)
    refresh_tasks()
    task = ReviewTask.objects.get()
    assert task.kind == TaskKind.CONFLICT
    assert newcomer.pk in (task.left_id, task.right_id)


def test_what_a_steward_has_parted_raises_no_conflict_by_itself() -> None:
    one, other = SourceRecordFactory.create_batch(2)
    party_of(one, other)
    decide(left=one.pk, right=other.pk, judgement=Judgement.NO_MATCH, actor="user:ada")
    assert Link.objects.get().held == "cannot_link"
    assert refresh_tasks().open == 0


def test_the_most_uncertain_of_two_likenesses_comes_first() -> None:
    a_suggestion(*two_records(), probability=0.95)
    a_suggestion(*two_records(), probability=0.5)
    refresh_tasks()
    assert [task.probability for task in ReviewTask.objects.order_by("-priority")] == [0.5, 0.95]


def with_lei(lei: str) -> SourceRecord:
    record = SourceRecordFactory(
        party_type="legal_entity",
        attributes={"names": [{"full": "Northwind Ltd"}], "identifiers": [{"scheme": "lei", "value": lei}]},
    )
    party_of(record)
    return record


@pytest.mark.parametrize(
    ("second", "probability", "asked"),
    [("213800WAVVOPS85N2205", 0.3, 0), ("213800WAVVOPS85N2205", 0.7, 1), (None, 0.3, 1)],
    ids=["unlikely and contradicting", "likely though contradicting", "unlikely"],
)
def test_an_unlikely_pair_of_parties_that_contradict_each_other_is_no_question(
    second: str | None, probability: float, asked: int
) -> None:
    one = with_lei("5299000J2N45DDNE4Y28")
    other = with_lei(second) if second else two_records()[0]
    a_suggestion(one, other, probability=probability)
    assert refresh_tasks().open == asked


@pytest.mark.parametrize(
    ("held", "kind"),
    [
        ("ambiguous", TaskKind.AMBIGUOUS),
        ("contradiction", TaskKind.CONTRADICTION),
        ("weak_bridge", TaskKind.WEAK_CLUSTER),
        ("same_source", TaskKind.SOURCE_DUPLICATE),
    ],
)
def test_a_link_that_is_held_says_why_it_is_asked(held: str, kind: TaskKind) -> None:
    left, right = sorted(two_records(), key=lambda record: record.pk)
    Link.objects.create(left=left, right=right, score=0.99, model_version="test", held=held)
    refresh_tasks()
    assert ReviewTask.objects.get().kind == kind
    assert kind in BY_KIND


def an_entity(lei: str, **more: Any) -> SourceRecord:
    identifiers = [{"scheme": "lei", "value": lei, "country": "", "valid": True, **more.pop("of_lei", {})}]
    attributes = a_company(f"Fiordland {lei[-4:]}", identifiers=identifiers, **more)
    record = SourceRecordFactory(source_id="gleif", party_type="legal_entity", attributes=attributes)
    party_of(record)
    return record


def test_the_successor_of_an_lei_is_a_question_until_somebody_answers() -> None:
    heir = an_entity(gleif.HOLDING)
    gone = an_entity(
        gleif.BANK, of_lei={"status": "merged"},
        relations=[{"type": "successor", "scheme": "lei", "value": gleif.HOLDING}],
    )  # fmt: skip
    refresh_tasks()
    task = ReviewTask.objects.get()
    assert (task.kind, {task.left_id, task.right_id}) == (TaskKind.LEI_NEWS, {heir.id, gone.id})
    refresh_tasks(records=[gone.id])
    assert ReviewTask.objects.get().state == TaskState.OPEN
    decide_task(task=task, judgement=Judgement.NO_MATCH, reason="Both go on.", user=person("ada"))
    refresh_tasks()
    assert not ReviewTask.objects.filter(state=TaskState.OPEN).exists()


def test_a_successor_that_is_not_in_the_hub_is_no_question() -> None:
    an_entity(gleif.BANK, relations=[{"type": "successor", "scheme": "lei", "value": gleif.HOLDING}])
    refresh_tasks()
    assert not ReviewTask.objects.exists()
