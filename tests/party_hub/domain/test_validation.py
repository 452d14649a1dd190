"""What every door refuses, with field and reason."""

import pytest

from party_hub.domain.quality import quality_score
from party_hub.domain.validation import problems_of
from tests.factories import a_company, a_person


@pytest.mark.parametrize(("party_type", "attributes"), [("individual", a_person()), ("organisation", a_company())])
def test_what_the_factories_make_is_canonical(party_type, attributes):
    assert problems_of(party_type, attributes) == []


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"names": []}, "names", "at least one element"),
        ({"names": [{"given": "Ann"}]}, "names[0]", "needs full"),
        ({"date_of_birth": "1984-02-30"}, "date_of_birth", "must be a date"),
        ({"date_of_birth": 1984}, "date_of_birth", "must be a text"),
        ({"country": "England"}, "country", "two capitals"),
        ({"phones": "+44"}, "phones", "list of texts"),
        ({"shoe_size": "44"}, "shoe_size", "no canonical attribute"),
        ({"identifiers": [{"scheme": "shoe", "value": "44"}]}, "identifiers[0]", "scheme must be one of"),
        ({"identifiers": [{"scheme": "lei", "value": ""}]}, "identifiers[0]", "needs value"),
        ({"addresses": [{"full": "x", "planet": "Mars"}]}, "addresses[0]", "unknown parts: planet"),
        ({"employees": "many"}, "employees", "whole number"),
    ],
)
def test_each_fault_is_named_with_its_field(change, field, reason):
    problems = problems_of("individual", a_person() | change)
    assert [problem.field for problem in problems] == [field]
    assert reason in problems[0].reason


def test_a_record_without_a_name_is_refused():
    assert [problem.field for problem in problems_of("individual", {"country": "GB"})] == ["names"]


def test_an_unknown_party_type_is_refused():
    assert problems_of("robot", a_person())[0].field == "party_type"


def test_attributes_must_be_an_object():
    assert problems_of("individual", ["Ann"])[0].reason == "must be an object"


def test_quality_grows_with_what_is_known():
    poor = quality_score("individual", {"names": [{"full": "Ann"}]})
    rich = quality_score("individual", a_person())
    assert 0 < poor < rich <= 100


def test_identifiers_that_fail_their_check_count_half():
    good, bad = ([{"scheme": "lei", "value": "X", "valid": valid}] for valid in (True, False))
    name = {"names": [{"full": "X"}]}
    assert quality_score("organisation", name | {"identifiers": bad}) == quality_score("organisation", name) + 10
    assert quality_score("organisation", name | {"identifiers": good}) == quality_score("organisation", name) + 20
