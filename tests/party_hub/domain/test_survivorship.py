"""Which value survives, and what lineage says of it."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from party_hub.domain.lineage import unfold
from party_hub.domain.survivorship import PinnedValue, RuleBook, Strategy, Testimony, build_golden

CRM = {"source": "crm", "trust": 60}
MARKIT = {"source": "markit", "trust": 85}
DNB = {"source": "dnb", "trust": 75}


def says(number, source, effective_at="2026-01-01T00:00:00Z", party_type="organisation", **attributes):
    return Testimony(
        UUID(int=number), source["source"], f"K{number}", source["trust"], effective_at, party_type, attributes
    )


def rule(attribute, strategy):
    return RuleBook({(attribute, ""): strategy})


def golden(strategy, *testimonies, attribute="legal_form"):
    result = build_golden(testimonies, rule(attribute, strategy))
    return result.values[attribute], told(result)[attribute]["reason"]


def told(result):
    return unfold(result.lineage, result.values)


def test_the_most_trusted_source_wins():
    value, reason = golden(Strategy.SOURCE_TRUST, says(1, CRM, legal_form="Ltd"), says(2, MARKIT, legal_form="PLC"))
    assert value == "PLC"
    assert reason == "markit (trust 85) outranks trust 60"


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
