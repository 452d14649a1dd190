"""The labelling page: one pair after the other, undo, skip, correct; by everybody who may."""

import pytest
from django.test import Client

from matching.actions.choose_questions import choose_questions
from matching.actions.start_round import start_round
from matching.models import Label, LabelRound, Question
from tests.factories import SourceRecordFactory, a_person, a_suggestion
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db
ADA = "user:ada"


@pytest.fixture
def asked(db: None) -> LabelRound:
    """A round of three questions, each to be read twice."""
    for name in ("Ann Smith", "Jon Müller", "Eva Brandt"):
        a_suggestion(
            SourceRecordFactory(attributes=a_person(name)),
            SourceRecordFactory(source_id="dnb", attributes=a_person(f"{name}e", emails=["e@example.org"])),
        )
    found = start_round(actor=ADA, second_share=100)
    choose_questions(round_id=found.pk)
    return found


def said(question: Question, verdict: str = "match") -> dict[str, str]:
    return {"left": str(question.left_id), "right": str(question.right_id), "verdict": verdict}


def shown(client: Client) -> Question:
    """The pair that the page shows."""
    question = client.get("/matching/labels/").context["question"]
    assert isinstance(question, Question)
    return question


def test_the_page_shows_both_records_progress_and_not_what_the_model_thinks(
    asked: LabelRound, signed_in: SignedIn
) -> None:
    page = signed_in("ada").get("/matching/labels/").content.decode()
    assert "0 of 3 answered" in page
    assert page.count('data-testid="value-a"') == page.count('data-testid="value-b"') > 3
    assert "waterfall" not in page
    assert "<mark>" in page


def test_an_answer_leads_to_the_next_pair_and_undo_back_to_it(asked: LabelRound, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    first = shown(client)
    page = client.post("/matching/labels/answer/", said(first), follow=True)
    label = Label.objects.get()
    assert (label.author, label.verdict) == (ADA, "match")
    assert page.context["question"] != first
    assert 'data-testid="undo"' in page.content.decode()
    page = client.post(f"/matching/labels/answers/{label.pk}/undo/", follow=True)
    assert page.context["question"] == first
    assert not Label.objects.filter(retracted_at=None).exists()


def test_a_skipped_pair_does_not_come_again(asked: LabelRound, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    skipped = set()
    for _ in range(3):
        question = shown(client)
        skipped.add(question.pk)
        client.post(f"/matching/labels/{question.pk}/skip/")
    assert len(skipped) == 3
    page = client.get("/matching/labels/").content.decode()
    assert "Nothing left for you" in page


def test_an_answer_is_corrected_from_the_list_of_ones_own(asked: LabelRound, signed_in: SignedIn) -> None:
    client = signed_in("ada")
    client.post("/matching/labels/answer/", said(shown(client)))
    label = Label.objects.get()
    listed = client.get("/matching/labels/answers/").content.decode()
    assert f"/matching/labels/answers/{label.pk}/" in listed
    assert 'aria-pressed="true"' in client.get(f"/matching/labels/answers/{label.pk}/").content.decode()
    client.post("/matching/labels/answer/", said(label, "no_match"))  # type: ignore[arg-type]
    assert Label.objects.get(retracted_at=None).verdict == "no_match"
    assert client.get(f"/matching/labels/answers/{label.pk}/").status_code == 404


def test_the_second_reader_sees_nothing_of_the_first(asked: LabelRound, signed_in: SignedIn) -> None:
    first, second = signed_in("ada"), signed_in("cleo")
    question = shown(first)
    first.post("/matching/labels/answer/", said(question, "unsure"))
    label = Label.objects.get()
    page = second.get("/matching/labels/")
    assert page.context["question"] == question
    assert "unsure</" not in page.content.decode().split('data-testid="label-pair"')[0].replace("Unsure", "")
    assert "ada" not in page.content.decode()
    assert second.get("/matching/labels/answers/").context["labels"] == []
    assert second.get(f"/matching/labels/answers/{label.pk}/").status_code == 404


@pytest.mark.parametrize("wrong", [{"verdict": "perhaps"}, {"left": "nobody"}, {"right": ""}])
def test_a_wrong_answer_is_refused_with_a_sentence(
    wrong: dict[str, str], asked: LabelRound, signed_in: SignedIn
) -> None:
    client = signed_in("ada")
    page = client.post("/matching/labels/answer/", said(shown(client)) | wrong, follow=True)
    assert "Choose match, no match or unsure" in page.content.decode()
    assert not Label.objects.exists()


def test_a_round_is_started_from_the_page(signed_in: SignedIn) -> None:
    client = signed_in("ada")
    assert client.get("/matching/labels/").context["asked"] is None
    assert client.post("/matching/labels/start/", {"wanted": "0", "second_share": "10"}).status_code == 400
    page = client.post("/matching/labels/start/", {"wanted": "50", "second_share": "10"}, follow=True)
    assert "being chosen" in page.content.decode()
    assert (LabelRound.objects.get().wanted, LabelRound.objects.get().started_by) == (50, ADA)


@pytest.mark.parametrize(("name", "status"), [("ada", 302), ("cleo", 302), ("ben", 403), ("dan", 403), ("sam", 403)])
def test_only_stewards_label(name: str, status: int, asked: LabelRound, signed_in: SignedIn) -> None:
    client, question = signed_in(name), asked.questions.all()[0]
    posts = {
        "/matching/labels/answer/": said(question),
        f"/matching/labels/{question.pk}/skip/": {},
        "/matching/labels/answers/1/undo/": {},
        "/matching/labels/start/": {"wanted": "5", "second_share": "0"},
    }
    assert {path: client.post(path, data).status_code for path, data in posts.items()} == dict.fromkeys(posts, status)


def test_a_viewer_sees_how_far_it_is_and_no_pair(asked: LabelRound, signed_in: SignedIn) -> None:
    page = signed_in("ben").get("/matching/labels/")
    assert "0 of 3 answered" in page.content.decode()
    assert page.context["question"] is None
    assert "Stewards answer here" in page.content.decode()
