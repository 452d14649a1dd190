"""A question about two parties of many records: its page stays readable, hides nothing for good, and costs the same."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from party_hub.models import Party
from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.models import ReviewTask
from stewardship.presentation.columns import MOST_COLUMNS, parts_of
from stewardship.queries.compare import comparison
from tests.factories import SourceRecordFactory, a_person, a_suggestion, party_of
from tests.stewardship.conftest import SignedIn
from tests.stewardship.test_budgets import BUDGETS, more_questions

pytestmark = pytest.mark.django_db
COLUMN_KEY = re.compile(r'<span class="mono small wrap-anywhere">([^<]+)</span>')


def a_question(a: int, b: int) -> ReviewTask:
    """Are a party of `a` records and one of `b` the same?"""
    one = SourceRecordFactory.create_batch(a, attributes=a_person("Ann Smith"))
    other = [
        SourceRecordFactory(attributes=a_person("Anne Smith", emails=[f"anne{number}@example.org"]))
        for number in range(b)
    ]
    party_of(*one)
    party_of(*other)
    a_suggestion(one[0], other[0])
    refresh_tasks()
    return ReviewTask.objects.get()


def keys(page: str) -> list[str]:
    return COLUMN_KEY.findall(page)


@pytest.mark.parametrize(("a", "b"), [(1, 1), (1, 30), (4, 4), (5, 4), (12, 12), (30, 1)])
def test_every_record_is_in_a_part_and_the_two_in_question_in_all(a: int, b: int) -> None:
    task = a_question(a, b)
    compared = comparison(*task.pair, personal=True, evidence=task.evidence)
    parts = parts_of(compared.sides, (), task.evidence)
    assert {column.record.pk for part in parts for column in part} == set(compared.records)
    for part in parts:
        assert len(part) <= MOST_COLUMNS
        assert {column.record.pk for column in part} >= set(task.evidence)
        assert [column.letter for column in part] == sorted(column.letter for column in part)


def test_the_page_says_what_it_does_not_show_and_leads_to_it(signed_in: SignedIn) -> None:
    task, client = a_question(2, 20), signed_in("ada")
    seen = set()
    for part in (1, 2, 3, 4):
        page = client.get(f"/tasks/{task.pk}/?by=record&part={part}").content.decode()
        assert "8 of 22 records, 14 not shown here" in page or part == 4
        seen.update(keys(page))
    assert len(seen) == 22


def test_a_record_left_out_stays_so_while_one_turns_to_another_part(signed_in: SignedIn) -> None:
    task, client = a_question(2, 20), signed_in("ada")
    first = client.get(f"/tasks/{task.pk}/?by=record")
    out = first.context["comparison"].columns[-1].record.pk
    page = client.get(f"/tasks/{task.pk}/?by=record&part=3&left_out={out}").content.decode()
    assert f'<input type="hidden" name="left_out" value="{out}">' in page
    assert "1 record is left out" in page


@pytest.mark.parametrize("nonsense", ["0", "99", "-1", "two", "²"])
def test_a_part_that_there_is_not_shows_one_that_there_is(nonsense: str, signed_in: SignedIn) -> None:
    task = a_question(2, 20)
    page = signed_in("ada").get(f"/tasks/{task.pk}/", {"by": "record", "part": nonsense})
    assert page.status_code == 200
    assert keys(page.content.decode())


def test_what_many_values_hide_opens_without_a_script(signed_in: SignedIn) -> None:
    task = a_question(1, 20)
    page = signed_in("ada").get(f"/tasks/{task.pk}/").content.decode()
    assert "and 14 more" in page
    for number in range(20):
        assert f"anne{number}@example.org" in "".join(re.sub(r"</?mark>", "", page).split())


@pytest.mark.parametrize("address", ["/tasks/{task}/", "/tasks/{task}/?by=record"])
def test_a_large_party_costs_no_more_queries(address: str, signed_in: SignedIn) -> None:
    task, client = a_question(20, 40), signed_in("ada")
    more_questions(12)
    refresh_tasks()
    client.get(address.format(task=task.pk))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address.format(task=task.pk)).status_code == 200
    assert len(queries) <= BUDGETS[address], "\n".join(query["sql"][:220] for query in queries.captured_queries)


def a_large_party(records: int) -> Party:
    """Every record with a mailbox of its own."""
    return party_of(
        *(
            SourceRecordFactory(attributes=a_person("Anne Smith", emails=[f"anne{number}@example.org"]))
            for number in range(records)
        )
    )


def test_a_profile_turns_through_many_records_and_leads_to_the_values_it_does_not_tell(signed_in: SignedIn) -> None:
    party, client = a_large_party(60), signed_in("ada")
    first = client.get(f"/parties/{party.pk}/")
    page = first.content.decode()
    assert "1 to 50 of 60" in page
    assert "40 more values are not shown here" in page
    second = client.get(f"/parties/{party.pk}/?part=2")
    seen = {member.record for answer in (first, second) for member in answer.context["part"].object_list}
    assert len(seen) == 60
    assert f"/parties/{party.pk}/lineage/?attribute=emails" in page
    told = client.get(f"/parties/{party.pk}/lineage/?attribute=emails").content.decode()
    assert all(f"anne{number}@example.org" in told for number in range(60))


def test_a_profile_does_not_grow_with_its_party(signed_in: SignedIn) -> None:
    client = signed_in("ada")
    sizes = [len(client.get(f"/parties/{a_large_party(records).pk}/").content) for records in (60, 240)]
    assert sizes[1] < 1.05 * sizes[0]
