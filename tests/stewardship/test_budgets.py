"""How many queries a page may cost. More data must not cost more queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.models import ReviewTask
from tests.factories import SourceRecordFactory, a_suggestion, party_of
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db
SESSION = 4  # session, user, roles, size of the queue
BUDGETS = {
    "/": SESSION + 21,
    "/tasks/": SESSION + 9,
    "/tasks/bulk/": SESSION + 6,
    "/tasks/{task}/": SESSION + 25,
    "/tasks/{task}/?by=record": SESSION + 25,
    "/tasks/{task}/graph/": SESSION + 7,
    "/tasks/decided/": SESSION + 1,
    "/parties/": SESSION + 3,
    "/parties/?q=smith": SESSION + 6,
    "/parties/{party}/": SESSION + 17,
    "/parties/{party}/?known_at={now}": SESSION + 12,
    "/parties/{party}/lineage/": SESSION + 10,
    "/parties/{party}/split/": SESSION + 5,
    "/parties/merge/?a={party}&b={other}": SESSION + 18,
    "/feeds/": SESSION + 7,
    "/feeds/quarantine/": SESSION + 7,
    "/quality/": SESSION + 5,
    "/quality/feeds/crm/": SESSION + 3,
    "/matching/": SESSION + 6,
    "/matching/labels/": SESSION + 6,
    "/matching/labels/answers/": SESSION + 2,
    "/matching/agreement/": SESSION + 2,
    "/matching/training/": SESSION + 4,
    "/rules/": SESSION + 3,
    "/approvals/": SESSION + 2,
    "/activity/": SESSION + 3,
    "/activity/events/": SESSION + 1,
    "/activity/events/?state=waiting": SESSION + 1,
    "/activity/events/?state=slow": SESSION + 1,
}


def more_questions(number: int) -> None:
    for _ in range(number):
        one, other = SourceRecordFactory.create_batch(2)
        party_of(one)
        party_of(other)
        a_suggestion(one, other)


@pytest.mark.parametrize("template", BUDGETS)
def test_a_page_keeps_its_budget_whatever_there_is(template: str, question: ReviewTask, signed_in: SignedIn) -> None:
    more_questions(12)
    refresh_tasks()
    client = signed_in("ada")
    now = timezone.now().strftime("%Y-%m-%dT%H:%M:%S.%f")
    address = template.format(task=question.pk, party=question.party_a_id, other=question.party_b_id, now=now)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    said = "\n".join(query["sql"][:160] for query in queries.captured_queries)
    assert len(queries) <= BUDGETS[template], said


@pytest.mark.parametrize(("judgement", "budget"), [("match", 68), ("no_match", 53), ("unsure", 55)])
def test_an_answer_keeps_its_budget_however_long_the_queue(
    judgement: str, budget: int, question: ReviewTask, signed_in: SignedIn
) -> None:
    more_questions(12)
    refresh_tasks()
    client = signed_in("ada")
    client.get(f"/tasks/{question.pk}/")
    with CaptureQueriesContext(connection) as queries:
        assert client.post(f"/tasks/{question.pk}/decide/", {"judgement": judgement}).status_code == 302
    assert len(queries) <= budget
