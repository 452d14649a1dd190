"""Each page for each role."""

import pytest
from django.test import Client

from stewardship.models import ReviewTask
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db
LISTS = [
    "/",
    "/tasks/",
    "/parties/",
    "/feeds/",
    "/feeds/quarantine/",
    "/quality/",
    "/quality/feeds/crm/",
    "/matching/",
    "/matching/labels/",
    "/matching/labels/answers/",
    "/matching/agreement/",
    "/matching/training/",
    "/rules/",
    "/activity/",
    "/activity/events/",
]
READERS = ["ada", "ben", "cleo", "dan"]


def pages_of(task: ReviewTask) -> list[str]:
    a, b = task.party_a_id, task.party_b_id
    return [
        *LISTS,
        f"/tasks/{task.pk}/",
        f"/tasks/{task.pk}/graph/",
        "/tasks/decided/",
        "/tasks/export/",
        f"/parties/{a}/",
        f"/parties/{a}/hierarchy/",
        f"/parties/{a}/lineage/",
        f"/parties/{a}/split/",
        f"/parties/merge/?a={a}&b={b}",
    ]


@pytest.mark.parametrize("name", READERS)
def test_every_role_of_people_opens_every_page(name: str, question: ReviewTask, signed_in: SignedIn) -> None:
    client = signed_in(name)
    assert {page: client.get(page).status_code for page in pages_of(question)} == dict.fromkeys(pages_of(question), 200)


def test_a_program_opens_no_page(question: ReviewTask, signed_in: SignedIn) -> None:
    client = signed_in("sam")
    assert {client.get(page).status_code for page in pages_of(question)} == {403}


def test_whoever_is_not_signed_in_is_asked_to(question: ReviewTask, client: Client) -> None:
    for page in pages_of(question):
        answer = client.get(page)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize(("name", "status"), [("ada", 302), ("cleo", 302), ("ben", 403), ("dan", 403), ("sam", 403)])
def test_only_stewards_change_anything(name: str, status: int, question: ReviewTask, signed_in: SignedIn) -> None:
    client, task, party = signed_in(name), question, question.party_b_id
    posts = {
        f"/tasks/{task.pk}/comment/": {"text": "Look at the birthday."},
        f"/tasks/{task.pk}/claim/": {},
        f"/tasks/{task.pk}/handle/": {"resume": "1"},
        "/tasks/views/": {"filters": "band=likely", "name": "Likely"},
        f"/parties/{party}/": {"attribute": "gender", "value": "female", "reason": "She says so."},
        f"/tasks/{task.pk}/decide/": {"judgement": "unsure"},
        f"/tasks/{task.pk}/undo/": {},
    }
    assert {path: client.post(path, data).status_code for path, data in posts.items()} == dict.fromkeys(posts, status)


@pytest.mark.parametrize(("name", "status"), [("dan", 302), ("ada", 403), ("ben", 403)])
def test_only_administrators_load_feeds(name: str, status: int, signed_in: SignedIn) -> None:
    assert signed_in(name).post("/feeds/", {"feed": "crm"}).status_code == status


def test_a_viewer_sees_no_button_that_would_be_refused(question: ReviewTask, signed_in: SignedIn) -> None:
    page = signed_in("ben").get(f"/tasks/{question.pk}/").content.decode()
    assert "decide-match" not in page
    assert "Claim" not in page


def test_a_viewer_sees_personal_values_masked(question: ReviewTask, signed_in: SignedIn) -> None:
    party = f"/parties/{question.party_a_id}/"
    for page in (party, f"/tasks/{question.pk}/", f"{party}split/", f"{party}lineage/?attribute=date_of_birth"):
        assert "1984-03-12" not in signed_in("ben").get(page).content.decode()
        assert "1984-03-12" in signed_in("ada").get(page).content.decode()
