"""What a relation may say, and how it is written."""

from typing import Any

import pytest

from party_hub.domain.relations import BadRelation, exception_in_words, fault_of, relation
from party_hub.domain.validation import problems_of
from tests.factories import a_company

PARENT = {"type": "direct_parent", "scheme": "duns", "value": "150483782"}


def test_a_relation_is_written_in_one_way() -> None:
    made = relation("direct_parent", "duns", "15-048-3782", since="2020-01-01", share="75.50 %", ended=True)
    assert made == {**PARENT, "since": "2020-01-01", "share": "75.5", "status": "ended"}
    assert fault_of(made) == ""


def test_a_placeholder_names_nobody() -> None:
    assert relation("direct_parent", "duns", "000000000") is None


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"type": "Direct Parent"}, "no code of a relationship type"),
        ({"value": "12AB"}, "is no true DUNS"),
        ({"share": "175"}, "no share from 0 to 100"),
        ({"since": "2021-01-01", "until": "2020-01-01"}, "ends"),
        ({"scheme": "", "value": "", "exception": "no lei"}, "no code of an exception"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(said: dict[str, str], reason: str) -> None:
    parts = {**PARENT, **said}
    with pytest.raises(BadRelation, match=reason):
        relation(parts.pop("type"), **parts)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({**PARENT, "value": "15-048-3782"}, "not in canonical form"),
        ({**PARENT, "status": "over"}, "not in canonical form"),
        ({**PARENT, "since": "yesterday"}, "Invalid isoformat"),
        ({**PARENT, "scheme": "shoe"}, "scheme must be one of"),
        ({"type": "direct_parent"}, "scheme must be one of"),
    ],
)
def test_every_door_refuses_a_relation_that_is_not_canonical(item: dict[str, Any], reason: str) -> None:
    (problem,) = problems_of("organisation", a_company(relations=[item]))
    assert problem.field == "relations[0]"
    assert reason in problem.reason


def test_a_record_about_relations_needs_no_name_but_says_whose_they_are() -> None:
    duns = [{"scheme": "duns", "value": "081466849", "country": "", "valid": True}]
    assert problems_of("organisation", {"identifiers": duns, "relations": [PARENT]}) == []
    assert [problem.field for problem in problems_of("organisation", {"relations": [PARENT]})] == ["names"]


def test_exceptions_are_told_in_words_even_new_ones() -> None:
    assert exception_in_words("NO_LEI") == "The parent has no LEI."
    assert exception_in_words("BRAND_NEW") == "Brand new."
