"""What a steward forbids is not heard, is told, and leaves the laws of survivorship standing."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from party_hub.domain.lineage import unfold
from party_hub.domain.pins import Forbidden, PinnedValue
from party_hub.domain.rules import RuleBook
from party_hub.domain.survivorship import Golden, build_golden

from .test_survivorship import CRM, DNB, MARKIT, rule, rules, says, testimonies

TWO = [says(1, MARKIT, legal_form="PLC"), says(2, CRM, legal_form="Ltd")]


def forbid(source: str = "", record: int | None = None, value: Any = None, attribute: str = "legal_form") -> Forbidden:
    return Forbidden(9, attribute, source, UUID(int=record) if record else None, value, "user:ada", "it is a mistake")


def lineage(result: Golden) -> dict[str, Any]:
    return unfold(result.lineage, result.values)["legal_form"]


def test_what_is_forbidden_does_not_win_and_lineage_says_so_in_words() -> None:
    result = build_golden(TWO, RuleBook(), [forbid("markit")])
    assert result.values["legal_form"] == "Ltd"
    told = lineage(result)
    assert told["reason"] == "the only value; markit is not heard, forbidden by user:ada: it is a mistake"
    assert [(value["value"], value["won"], value.get("forbidden")) for value in told["values"]] == [
        ("Ltd", True, None),
        ("PLC", False, 9),
    ]


def test_one_record_can_be_forbidden_and_another_of_its_source_is_heard() -> None:
    said = [*TWO, says(3, MARKIT, legal_form="GmbH")]
    assert build_golden(said, RuleBook(), [forbid(record=1)]).values["legal_form"] == "GmbH"


def test_a_value_alone_is_forbidden_until_its_source_says_another() -> None:
    pin = forbid("markit", value="plc")
    assert build_golden(TWO, RuleBook(), [pin]).values["legal_form"] == "Ltd"
    corrected = [says(1, MARKIT, legal_form="SE"), TWO[1]]
    assert build_golden(corrected, RuleBook(), [pin]).values["legal_form"] == "SE"


def test_one_of_several_values_can_be_forbidden() -> None:
    said = [says(1, CRM, phones=["+44 1", "+44 2"])]
    result = build_golden(said, RuleBook(), [forbid("crm", value="+44 1", attribute="phones")])
    assert result.values["phones"] == ["+44 2"]


def test_where_nothing_else_is_said_there_is_no_value_but_a_reason() -> None:
    result = build_golden(TWO[:1], RuleBook(), [forbid("markit")])
    assert "legal_form" not in result.values
    told = lineage(result)
    assert (told["rule"], [value["won"] for value in told["values"]]) == ("forbidden", [False])


def test_a_pinned_value_wins_beside_what_is_forbidden() -> None:
    pins = [PinnedValue(7, "legal_form", "PLC", "user:ada", "register"), forbid("markit")]
    result = build_golden(TWO, RuleBook(), pins)
    assert result.values["legal_form"] == "PLC"
    assert result.lineage["attributes"]["legal_form"]["beneath"] == "Ltd"


forbidden = st.lists(
    st.builds(
        Forbidden,
        id=st.integers(1, 3),
        attribute=st.just("legal_form"),
        source=st.sampled_from(["crm", "markit", ""]),
        record=st.sampled_from([None, UUID(int=0), UUID(int=1)]),
        value=st.sampled_from([None, "Ltd", "PLC"]),
        author=st.just("user:ada"),
        reason=st.just("x"),
    ),
    max_size=3,
    unique_by=lambda pin: pin.id,
)


@given(testimonies, rules, forbidden, st.randoms())
def test_the_order_of_records_and_pins_does_not_matter(drawn: Any, chosen: Any, pins: Any, random: Any) -> None:
    said = [says(n, source, f"{year}-01-01T00:00:00Z", legal_form=form) for n, (source, year, form) in enumerate(drawn)]
    shuffled, other_pins = list(said), list(pins)
    random.shuffle(shuffled)
    random.shuffle(other_pins)
    book = rule("legal_form", chosen)
    assert build_golden(said, book, pins) == build_golden(shuffled, book, other_pins)


@given(testimonies, rules, forbidden)
def test_taking_a_loser_away_never_changes_the_winner(drawn: Any, chosen: Any, pins: Any) -> None:
    said = [says(n, source, f"{year}-01-01T00:00:00Z", legal_form=form) for n, (source, year, form) in enumerate(drawn)]
    book = rule("legal_form", chosen)
    whole = build_golden(said, book, pins)
    if "legal_form" not in whole.values:
        return
    for loser in (value for value in lineage(whole)["values"] if not value["won"]):
        gone = {record["record"] for record in loser["records"]}
        rest = build_golden([one for one in said if str(one.record) not in gone], book, pins)
        assert rest.values["legal_form"] == whole.values["legal_form"]


@given(testimonies, rules, forbidden)
def test_every_statement_is_in_the_lineage_and_none_that_is_forbidden_wins(
    drawn: Any, chosen: Any, pins: list[Forbidden]
) -> None:
    said = [says(n, source, f"{year}-01-01T00:00:00Z", legal_form=form) for n, (source, year, form) in enumerate(drawn)]
    result = build_golden(said, rule("legal_form", chosen), pins)
    told = unfold(result.lineage, result.values).get("legal_form", {"values": []})["values"]
    told_of = [one["record"] for value in told for one in value["records"]]
    if not chosen.excluded:
        assert sorted(told_of) == sorted(str(one.record) for one in said)
    by_id = {str(one.record): one for one in said}
    for value in told:
        if value["won"]:
            sources = {by_id[one["record"]].source for one in value["records"]}
            assert not any(pin.value is None and pin.source in sources for pin in pins)


@pytest.mark.parametrize("source", [CRM, DNB])
def test_who_says_the_same_without_being_forbidden_keeps_it_golden(source: dict[str, Any]) -> None:
    result = build_golden([TWO[0], says(3, source, legal_form="PLC")], RuleBook(), [forbid("markit")])
    assert result.values["legal_form"] == "PLC"
