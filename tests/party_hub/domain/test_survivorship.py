"""Which value survives, and what lineage says of it."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from party_hub.domain.candidates import Testimony
from party_hub.domain.lineage import unfold
from party_hub.domain.pins import PinnedValue
from party_hub.domain.rules import Rule, RuleBook, Strategy
from party_hub.domain.survivorship import build_golden

CRM = {"source": "crm", "trust": 60}
MARKIT = {"source": "markit", "trust": 85}
DNB = {"source": "dnb", "trust": 75}


def says(number, source, effective_at="2026-01-01T00:00:00Z", party_type="organisation", **attributes):
    return Testimony(
        UUID(int=number), source["source"], f"K{number}", source["trust"], effective_at, party_type, attributes
    )


def rule(attribute, strategy):
    return RuleBook({(attribute, ""): strategy if isinstance(strategy, Rule) else Rule((strategy,))})


def golden(strategy, *testimonies, attribute="legal_form"):
    result = build_golden(testimonies, rule(attribute, strategy))
    return result.values[attribute], told(result)[attribute]["reason"]


def told(result):
    return unfold(result.lineage, result.values)


def test_the_most_trusted_source_wins():
    value, reason = golden(Strategy.SOURCE_TRUST, says(1, CRM, legal_form="Ltd"), says(2, MARKIT, legal_form="PLC"))
    assert value == "PLC"
    assert reason == "markit (trust 85) outranks trust 60"


def test_a_former_name_comes_after_one_that_holds_whoever_says_so():
    trusted = says(1, MARKIT, names=[{"full": "Gennonex Motors", "type": "former"}])
    other = says(2, CRM, names=[{"full": "Morales Group", "type": "legal"}])
    value, reason = golden(Strategy.SOURCE_TRUST, trusted, other, attribute="names")
    assert [name["full"] for name in value] == ["Morales Group", "Gennonex Motors"]
    assert reason == "the other is a former one"


def test_the_most_recent_value_wins():
    old = says(1, MARKIT, "2025-01-01T00:00:00Z", legal_form="PLC")
    new = says(2, CRM, "2026-02-03T00:00:00Z", legal_form="Ltd")
    assert golden(Strategy.MOST_RECENT, old, new) == ("Ltd", "most recent: 2026-02-03")


def test_the_most_frequent_value_wins_whatever_its_case():
    said = [says(1, MARKIT, legal_form="PLC"), says(2, CRM, legal_form="Ltd"), says(3, DNB, legal_form="LTD")]
    assert golden(Strategy.MOST_FREQUENT, *said) == ("Ltd", "said by 2 records, the next by 1")


def test_the_longest_value_wins():
    said = [says(1, MARKIT, legal_form="PLC"), says(2, CRM, legal_form="Public Limited Company")]
    assert golden(Strategy.LONGEST, *said)[0] == "Public Limited Company"


def test_the_most_complete_address_comes_first_and_all_are_kept():
    short = {"full": "London", "city": "London"}
    full = {"full": "1 Poultry", "street": "1 Poultry", "city": "London", "postcode": "EC2R 8EJ", "country": "GB"}
    result = build_golden(
        [says(1, MARKIT, addresses=[short]), says(2, CRM, addresses=[full])], rule("addresses", Strategy.MOST_COMPLETE)
    )
    assert result.values["addresses"] == [full, short]
    assert [value["won"] for value in told(result)["addresses"]["values"]] == [True, True]


def test_capitals_survive_only_where_nobody_writes_otherwise():
    shouted, written = {"full": "NORTHWIND TRADERS"}, {"full": "Northwind Traders"}
    result = build_golden([says(1, MARKIT, names=[shouted]), says(2, CRM, names=[written])], RuleBook({}))
    assert result.values["names"] == [written]


def test_lineage_names_the_winner_and_every_loser_with_its_records():
    result = build_golden(
        [says(1, CRM, legal_form="Ltd"), says(2, MARKIT, legal_form="PLC"), says(3, DNB, legal_form="Ltd")],
        RuleBook({}),
    )
    values = told(result)["legal_form"]["values"]
    assert [(value["value"], value["won"]) for value in values] == [("PLC", True), ("Ltd", False)]
    assert [record["key"] for record in values[1]["records"]] == ["K3", "K1"]


def test_a_pin_beats_every_rule_and_is_named_in_the_lineage():
    pin = PinnedValue(7, "legal_form", "GmbH", "user:ada", "seen in the register")
    result = build_golden([says(1, MARKIT, legal_form="PLC")], RuleBook({}), [pin])
    assert result.values["legal_form"] == "GmbH"
    assert told(result)["legal_form"]["rule"] == "pin"
    assert [(value["value"], value["won"]) for value in told(result)["legal_form"]["values"]] == [
        ("GmbH", True),
        ("PLC", False),
    ]


def test_a_pin_in_a_list_makes_its_value_the_first():
    pin = PinnedValue(7, "phones", "+44 2", "user:ada", "rang it")
    result = build_golden([says(1, CRM, phones=["+44 1", "+44 2"])], RuleBook({}), [pin])
    assert result.values["phones"] == ["+44 2", "+44 1"]


def test_one_legal_entity_makes_the_party_one():
    said = [says(1, CRM, names=[{"full": "X"}]), says(2, MARKIT, party_type="legal_entity", names=[{"full": "X"}])]
    assert build_golden(said, RuleBook({})).party_type == "legal_entity"


def test_one_record_is_golden_as_it_stands_each_value_once():
    names = [{"full": "Acme"}, {"full": "Acme Trading and Shipping"}, {"full": "ACME"}]
    result = build_golden([says(1, CRM, names=names, legal_form="Ltd")], RuleBook({}))
    assert result.values == {"names": names[:2], "legal_form": "Ltd"}
    lineage = told(result)
    assert (lineage["names"]["rule"], lineage["names"]["reason"]) == ("only_record", "the only record")
    assert [(value["value"], value["won"]) for value in lineage["names"]["values"]] == [(n, True) for n in names[:2]]
    assert lineage["legal_form"]["values"][0]["records"][0]["key"] == "K1"


def test_among_equals_a_source_s_own_first_value_stays_first():
    names = [{"full": "Acme"}, {"full": "Acme Trading and Shipping", "type": "trade"}]
    said = [says(number, CRM, names=names) for number in (1, 2)]
    assert build_golden(said, RuleBook({})).values["names"] == names


def test_a_golden_record_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        build_golden([], RuleBook({}))


forms = st.sampled_from(["Ltd", "LTD", "PLC", "Limited", "GmbH"])
testimonies = st.lists(
    st.tuples(st.sampled_from([CRM, MARKIT, DNB]), st.sampled_from(["2025", "2026"]), forms), min_size=1, max_size=6
)


@given(testimonies, st.sampled_from(list(Strategy)), st.randoms())
def test_the_order_of_the_records_does_not_matter(drawn, strategy, random):
    said = [
        says(number, source, f"{year}-01-01T00:00:00Z", legal_form=form)
        for number, (source, year, form) in enumerate(drawn)
    ]
    shuffled = list(said)
    random.shuffle(shuffled)
    assert build_golden(said, rule("legal_form", strategy)) == build_golden(shuffled, rule("legal_form", strategy))


@given(testimonies, st.sampled_from(list(Strategy)))
def test_every_value_that_a_record_gives_is_in_the_lineage(drawn, strategy):
    said = [
        says(number, source, f"{year}-01-01T00:00:00Z", legal_form=form)
        for number, (source, year, form) in enumerate(drawn)
    ]
    lineage = told(build_golden(said, rule("legal_form", strategy)))["legal_form"]["values"]
    assert sorted(record["record"] for value in lineage for record in value["records"]) == sorted(
        str(one.record) for one in said
    )


@given(testimonies, st.sampled_from(list(Strategy)), st.booleans())
def test_told_lineage_has_the_golden_values_as_its_winners(drawn, strategy, pinned):
    said = [
        says(number, source, f"{year}-01-01T00:00:00Z", legal_form=form, phones=[form, "+44 1"])
        for number, (source, year, form) in enumerate(drawn)
    ]
    pins = [PinnedValue(7, "phones", "+44 2", "user:ada", "rang it")] if pinned else []
    result = build_golden(said, rule("legal_form", strategy), pins)
    for name, golden_value in result.values.items():
        winners = [value["value"] for value in told(result)[name]["values"] if value["won"]]
        assert winners == (golden_value if name == "phones" else [golden_value])


@pytest.mark.parametrize(
    ("chosen", "winner", "reason"),
    [
        (Rule((Strategy.OLDEST,)), "Ltd", "said first: 2024-01-01"),
        (Rule((Strategy.MAXIMUM,)), "plc", "the greatest value"),
        (Rule((Strategy.MINIMUM,)), "GmbH", "the smallest value"),
        (Rule((Strategy.HIGHEST_QUALITY, Strategy.LONGEST)), "GmbH", "tie, the longest value"),
        (Rule(excluded=frozenset({"markit"})), "GmbH", "dnb (trust 75) outranks trust 60"),
        (Rule(half_life=365), "GmbH", "dnb (trust 75) outranks trust 85 after age and checks"),
    ],
)
def test_each_strategy_chooses_its_own_winner_and_says_why(chosen, winner, reason):
    said = [
        says(1, CRM, "2024-01-01T00:00:00Z", legal_form="Ltd"),
        says(2, MARKIT, "2024-06-01T00:00:00Z", legal_form="plc"),
        says(3, DNB, "2026-06-01T00:00:00Z", legal_form="GmbH"),
    ]
    assert golden(chosen, *said) == (winner, reason)


def test_a_number_is_compared_as_a_number():
    said = [says(1, CRM, employees=9), says(2, DNB, employees=100)]
    assert golden(Rule((Strategy.MAXIMUM,)), *said, attribute="employees")[0] == 100
    assert golden(Rule((Strategy.MINIMUM,)), *said, attribute="employees")[0] == 9


GOOD = {"scheme": "lei", "value": "5299000J2N45DDNE4Y28", "valid": True}
BAD = {"scheme": "lei", "value": "5299000J2N45DDNE4Y29", "valid": False}


def test_a_value_that_fails_its_check_can_lose_trust_or_not_be_heard():
    said = [says(1, MARKIT, identifiers=[BAD]), says(2, CRM, identifiers=[GOOD])]
    assert golden(Rule(), *said, attribute="identifiers")[0] == [BAD, GOOD]
    assert golden(Rule(doubt=50), *said, attribute="identifiers")[0] == [GOOD, BAD]
    assert golden(Rule((Strategy.HIGHEST_QUALITY,)), *said, attribute="identifiers")[0] == [GOOD, BAD]
    assert golden(Rule(verified_only=True), *said, attribute="identifiers")[0] == [GOOD]


def test_rules_that_leave_out_hold_for_a_party_of_one_record_too():
    one = says(1, CRM, legal_form="Ltd", phones=["+44 1", "+44 22"])
    assert "legal_form" not in build_golden([one], rule("legal_form", Rule(excluded=frozenset({"crm"})))).values
    assert golden(Rule(first_only=True), one, attribute="phones")[0] == ["+44 1"]
    assert golden(Rule((Strategy.LONGEST,)), one, attribute="phones")[0] == ["+44 22", "+44 1"]


def test_a_source_can_be_trusted_more_in_one_attribute():
    said = [says(1, CRM, legal_form="Ltd"), says(2, MARKIT, legal_form="PLC")]
    book = RuleBook(trust={("crm", "legal_form"): 95})
    assert build_golden(said, book).values["legal_form"] == "Ltd"


def test_who_is_trusted_most_in_an_attribute_spells_it_and_is_named_in_the_reason():
    said = [says(1, MARKIT, legal_form="l.t.d"), says(2, CRM, legal_form="L.t.d"), says(3, DNB, legal_form="PLC")]
    result = build_golden(said, RuleBook(trust={("crm", "legal_form"): 95}))
    assert result.values["legal_form"] == "L.t.d"
    assert told(result)["legal_form"]["reason"] == "crm (trust 95) outranks trust 75"


def test_a_value_can_follow_the_record_that_won_elsewhere():
    home, office = {"full": "1 High Street", "country": "GB"}, {"full": "2 Rue Royale", "country": "FR"}
    said = [
        says(1, MARKIT, "2024-01-01T00:00:00Z", addresses=[office], country="FR"),
        says(2, CRM, "2026-01-01T00:00:00Z", addresses=[home], country="GB"),
    ]
    assert golden(Rule(), *said, attribute="country")[0] == "FR"
    value, reason = golden(Rule(follows="addresses"), *said, attribute="country")
    assert (value, reason) == ("GB", "follows addresses: the same record won there")


def test_a_rule_says_itself_in_words():
    chosen = Rule((Strategy.MOST_RECENT, Strategy.LONGEST), frozenset({"crm"}), half_life=90, follows="addresses")
    assert chosen.label == (
        "Most recent, then longest; following addresses; trust halved every 90 days; never from crm"
    )


rules = st.builds(
    Rule,
    strategies=st.lists(st.sampled_from(list(Strategy)), min_size=1, max_size=3, unique=True).map(tuple),
    excluded=st.sets(st.sampled_from(["crm", "dnb"]), max_size=1).map(frozenset),
    half_life=st.none() | st.integers(1, 2000),
    doubt=st.integers(0, 100),
)


@given(testimonies, rules, st.randoms())
def test_no_rule_depends_on_the_order_of_the_records(drawn, chosen, random):
    said = [
        says(number, source, f"{year}-01-01T00:00:00Z", legal_form=form, phones=[form, "+44 1"])
        for number, (source, year, form) in enumerate(drawn)
    ]
    book = RuleBook({("legal_form", ""): chosen, ("phones", ""): chosen})
    shuffled = list(said)
    random.shuffle(shuffled)
    assert build_golden(said, book) == build_golden(shuffled, book)


@given(testimonies, rules)
def test_taking_a_loser_away_never_changes_the_winner(drawn, chosen):
    said = [
        says(number, source, f"{year}-01-01T00:00:00Z", legal_form=form)
        for number, (source, year, form) in enumerate(drawn)
    ]
    book = rule("legal_form", chosen)
    whole = build_golden(said, book)
    if "legal_form" not in whole.values:
        return
    for loser in (entry for entry in told(whole)["legal_form"]["values"] if not entry["won"]):
        gone = {record["record"] for record in loser["records"]}
        rest = build_golden([one for one in said if str(one.record) not in gone], book)
        assert rest.values["legal_form"] == whole.values["legal_form"]
