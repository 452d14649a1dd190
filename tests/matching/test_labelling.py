"""Stewards teach the matcher: what is asked, of whom, and what becomes of the answers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from matching.actions.choose_questions import choose_questions
from matching.actions.label_pairs import CHOSEN_ANEW, hold_question, label_pair, settle_pair, skip_question, take_back
from matching.actions.start_round import start_round
from matching.answers import known_answers
from matching.engine.holding import is_held_back
from matching.labelling import last_labels, next_question, open_round, progress
from matching.models import CandidatePair, Label, LabelRound, Question
from party_hub.actions.decide import decide
from party_hub.actions.errors import Conflict, NotFound
from party_hub.domain.judgement import Judgement
from party_hub.models import AuditEntry, Link
from tests.factories import SourceRecordFactory, a_company, a_person, a_suggestion

pytestmark = pytest.mark.django_db
ADA, BEN, CLEO = "user:ada", "user:ben", "user:cleo"
NAMES = ["Ann Smith", "Jon Müller", "Eva Brandt", "Liam Dahl", "Mona Keller", "Nils Holm", "Olga Ivanov", "Iris Lund"]


def suggested(number: int) -> list[CandidatePair]:
    """Pairs of people of all scores, each a little different."""
    found = []
    for place in range(number):
        name = f"{NAMES[place % len(NAMES)]}{place}"
        more = {"emails": [f"p{place}@example.org"]} if place % 2 else {"date_of_birth": "1984-03-12"}
        one = SourceRecordFactory(attributes=a_person(name))
        other = SourceRecordFactory(source_id="dnb", attributes=a_person(name[: -1 - place % 3], **more))
        found.append(a_suggestion(one, other, (place + 1) / (number + 1)))
    return found


def ask(wanted: int = 20, second_share: int = 0) -> LabelRound:
    return start_round(actor=CLEO, wanted=wanted, second_share=second_share)


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Callable[..., object]) -> Callable[..., object]:
    """What is handed over on commit is done at once."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_a_round_asks_as_many_pairs_as_wanted_and_holds_every_fourth_back() -> None:
    suggested(60)
    asked = ask(wanted=12)
    assert choose_questions(round_id=asked.pk) == 12
    purposes = list(asked.questions.values_list("purpose", flat=True))
    assert purposes == (["learn"] * 3 + ["check"]) * 3
    for question in asked.questions.all():
        held = is_held_back(str(question.left_id), str(question.right_id))
        assert held == (question.purpose == "check")
        assert question.probability == CandidatePair.objects.get(left=question.left, right=question.right).probability


def test_people_and_companies_are_asked_in_turn() -> None:
    suggested(20)
    for place in range(20):
        firms = [
            SourceRecordFactory(source_id=source, party_type="organisation", attributes=a_company(f"Northwind {place}"))
            for source in ("dnb", "markit")
        ]
        a_suggestion(*firms)
    asked = ask(wanted=8)
    choose_questions(round_id=asked.pk)
    kinds = [question.left.party_type for question in asked.questions.select_related("left")]
    assert kinds.count("individual") == kinds.count("organisation") == 4


def test_a_round_of_few_pairs_asks_all_of_them() -> None:
    suggested(3)
    asked = ask()
    assert choose_questions(round_id=asked.pk) == 3
    assert choose_questions(round_id=asked.pk) == 3


def test_a_round_opens_with_a_worker_choosing_and_closes_the_one_before(committed: Callable[..., object]) -> None:
    suggested(5)
    first = ask()
    with committed():  # type: ignore[attr-defined]
        second = ask()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.open, second.open) == (False, True)
    assert second.chosen_at is not None
    assert second.questions.count() == 5
    assert choose_questions(round_id=first.pk) == 0


def test_pairs_that_somebody_answered_or_decided_are_not_asked() -> None:
    labelled, decided, open_one = suggested(3)
    label_pair(left=labelled.left_id, right=labelled.right_id, verdict=Judgement.MATCH, actor=ADA)
    decide(left=decided.left_id, right=decided.right_id, judgement=Judgement.NO_MATCH, actor=ADA)
    asked = ask()
    choose_questions(round_id=asked.pk)
    assert [question.left_id for question in asked.questions.all()] == [open_one.left_id]


def test_two_stewards_are_not_asked_the_same_pair_at_the_same_time() -> None:
    suggested(4)
    asked = ask()
    choose_questions(round_id=asked.pk)
    first = next_question(asked, ADA)
    assert first is not None
    hold_question(question=first, actor=ADA)
    assert next_question(asked, ADA) == first
    assert next_question(asked, BEN) != first
    Question.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert next_question(asked, BEN) == first


def test_a_skipped_pair_is_left_to_others() -> None:
    suggested(2)
    asked = ask()
    choose_questions(round_id=asked.pk)
    first = next_question(asked, ADA)
    assert first is not None
    skip_question(question=first.pk, actor=ADA)
    skip_question(question=first.pk, actor=ADA)
    assert next_question(asked, ADA) not in (first, None)
    assert next_question(asked, BEN) == first
    with pytest.raises(NotFound):
        skip_question(question=0, actor=ADA)


def test_a_second_steward_is_asked_too_and_the_first_is_not_asked_again() -> None:
    suggested(1)
    asked = ask(second_share=100)
    choose_questions(round_id=asked.pk)
    question = next_question(asked, ADA)
    assert question is not None
    first = label_pair(left=question.left_id, right=question.right_id, verdict=Judgement.MATCH, actor=ADA)
    assert next_question(asked, ADA) is None
    assert progress(asked, ADA).answered == 0
    assert progress(asked, ADA).waiting_twice == 1
    assert next_question(asked, BEN) == question
    second = label_pair(left=question.left_id, right=question.right_id, verdict=Judgement.NO_MATCH, actor=BEN)
    assert (first.reading, second.reading) == ("first", "second")
    assert next_question(asked, CLEO) is None
    assert (progress(asked, BEN).answered, progress(asked, BEN).mine, progress(asked, BEN).done) == (1, 1, True)


def test_a_label_tells_who_when_by_which_model_and_how_the_pair_compared() -> None:
    pair = suggested(1)[0]
    label = label_pair(left=pair.right_id, right=pair.left_id, verdict=Judgement.MATCH, actor=ADA)
    assert (label.left_id, label.right_id, label.author) == (pair.left_id, pair.right_id, ADA)
    assert len(label.model_version) == len(label.features) == 16
    assert label.probability is not None
    assert 0 <= label.probability <= 1
    assert AuditEntry.objects.filter(verb="label", subject_id=str(label.pk), actor=ADA).exists()
    assert not Link.objects.exists()


def test_the_same_answer_twice_is_one_and_another_takes_its_place() -> None:
    pair = suggested(1)[0]
    answers = [
        label_pair(left=pair.left_id, right=pair.right_id, verdict=verdict, actor=ADA)
        for verdict in (Judgement.MATCH, Judgement.MATCH, Judgement.UNSURE)
    ]
    assert answers[0] == answers[1]
    assert Label.objects.get(retracted_at=None).verdict == "unsure"
    assert Label.objects.count() == 2
    assert [label.pk for label in last_labels(ADA)] == [answers[2].pk]


def test_an_answer_taken_back_is_asked_again_and_kept_as_closed() -> None:
    suggested(1)
    asked = ask()
    choose_questions(round_id=asked.pk)
    question = next_question(asked, ADA)
    assert question is not None
    label = label_pair(left=question.left_id, right=question.right_id, verdict=Judgement.MATCH, actor=ADA)
    with pytest.raises(NotFound):
        take_back(label=label.pk, actor=BEN)
    take_back(label=label.pk, actor=ADA)
    assert next_question(asked, ADA) == question
    assert Label.objects.get().retracted_at is not None
    with pytest.raises(NotFound):
        take_back(label=label.pk, actor=ADA)


def test_what_can_never_be_one_is_not_labelled() -> None:
    person, firm = SourceRecordFactory(), SourceRecordFactory(party_type="organisation", attributes=a_company())
    with pytest.raises(Conflict, match="never the same"):
        label_pair(left=person.pk, right=firm.pk, verdict=Judgement.MATCH, actor=ADA)
    gone = SourceRecordFactory(withdrawn_at=timezone.now())
    with pytest.raises(NotFound):
        label_pair(left=person.pk, right=gone.pk, verdict=Judgement.MATCH, actor=ADA)


def test_only_somebody_else_settles_answers_that_differ() -> None:
    pair = suggested(1)[0]
    told = {"left": pair.left_id, "right": pair.right_id}
    label_pair(**told, verdict=Judgement.MATCH, actor=ADA)
    with pytest.raises(Conflict, match="do not differ"):
        settle_pair(**told, verdict=Judgement.MATCH, actor=CLEO)
    label_pair(**told, verdict=Judgement.NO_MATCH, actor=BEN)
    assert known_answers() == []
    with pytest.raises(Conflict, match="somebody else"):
        settle_pair(**told, verdict=Judgement.MATCH, actor=ADA)
    settle_pair(**told, verdict=Judgement.NO_MATCH, actor=CLEO)
    assert [one.same for one in known_answers()] == [False]
    for act in (
        lambda: label_pair(**told, verdict=Judgement.UNSURE, actor=ADA),
        lambda: take_back(label=Label.objects.get(author=ADA).pk, actor=ADA),
    ):
        with pytest.raises(Conflict, match="settled"):
            act()
    settle_pair(**told, verdict=Judgement.MATCH, actor=CLEO)
    assert [one.same for one in known_answers()] == [True]


def test_decisions_on_tasks_are_answers_too_unless_a_label_says_otherwise() -> None:
    labelled, decided, unsure = suggested(3)
    decide(left=decided.left_id, right=decided.right_id, judgement=Judgement.MATCH, actor=ADA)
    decide(left=labelled.left_id, right=labelled.right_id, judgement=Judgement.MATCH, actor=ADA)
    decide(left=unsure.left_id, right=unsure.right_id, judgement=Judgement.UNSURE, actor=ADA)
    label_pair(left=labelled.left_id, right=labelled.right_id, verdict=Judgement.NO_MATCH, actor=BEN)
    assert {(one.left, one.same, one.labelled) for one in known_answers()} == {
        (decided.left_id, True, False),
        (labelled.left_id, False, True),
    }


def test_of_many_answers_the_last_are_looked_at_each_with_all_its_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    old, torn, new, decided, forgotten = suggested(5)
    for pair, verdict, author in (
        (torn, Judgement.MATCH, ADA),
        (old, Judgement.MATCH, ADA),
        (new, Judgement.MATCH, ADA),
        (torn, Judgement.NO_MATCH, BEN),
    ):
        label_pair(left=pair.left_id, right=pair.right_id, verdict=verdict, actor=author)
    for pair in (forgotten, decided):
        decide(left=pair.left_id, right=pair.right_id, judgement=Judgement.MATCH, actor=ADA)
    for seconds, label in enumerate(Label.objects.order_by("pk")):
        Label.objects.filter(pk=label.pk).update(created_at=timezone.now() + timedelta(seconds=seconds))
    monkeypatch.setattr("matching.answers.MOST", 2)
    assert {one.left for one in known_answers()} == {new.left_id, decided.left_id, forgotten.left_id}
    monkeypatch.setattr("matching.answers.MOST", 1)
    assert [one.labelled for one in known_answers()] == [False]


def test_nobody_is_taught_by_what_is_withdrawn_or_unsure() -> None:
    gone, unsure = suggested(2)
    label_pair(left=gone.left_id, right=gone.right_id, verdict=Judgement.MATCH, actor=ADA)
    label_pair(left=unsure.left_id, right=unsure.right_id, verdict=Judgement.UNSURE, actor=ADA)
    gone.left.withdrawn_at = timezone.now()
    gone.left.save()
    assert known_answers() == []


def test_open_questions_are_chosen_anew_as_answers_come_in(committed: Callable[..., object]) -> None:
    suggested(CHOSEN_ANEW + 15)
    asked = ask(wanted=CHOSEN_ANEW + 10)
    choose_questions(round_id=asked.pk)
    before = LabelRound.objects.get(pk=asked.pk).chosen_at
    for _ in range(CHOSEN_ANEW):
        question = next_question(asked, ADA)
        assert question is not None
        with committed():  # type: ignore[attr-defined]
            label_pair(left=question.left_id, right=question.right_id, verdict=Judgement.MATCH, actor=ADA)
    after = open_round()
    assert after is not None
    assert after.chosen_at is not None
    assert before is not None
    assert after.chosen_at > before
    assert progress(after, ADA).answered == CHOSEN_ANEW
    assert progress(after, ADA).total == CHOSEN_ANEW + 10


@pytest.mark.parametrize("wrong", [{"wanted": 0}, {"wanted": 2001}, {"second_share": 101}, {"second_share": -1}])
def test_a_round_out_of_range_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(Conflict):
        start_round(actor=CLEO, **wrong)
