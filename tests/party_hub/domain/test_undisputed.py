"""What all records say alike is not weighed, and comes out as if it had been."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from party_hub.domain.rules import Rule, RuleBook
from party_hub.domain.survivorship import build_golden

from .test_survivorship import CRM, DNB, MARKIT, rules, says

said_of_many = st.fixed_dictionaries(
    {},
    optional={
        "names": st.lists(st.sampled_from([{"full": "Acme"}, {"full": "ACME"}, {"full": "Ace", "type": "former"}])),
        "phones": st.lists(st.sampled_from(["+44 1", "+44 2"]), max_size=2),
        "employees": st.sampled_from([5, 5.0, 7]),
        "country": st.sampled_from(["GB", "gb", "FR"]),
    },
)


@given(st.lists(st.tuples(st.sampled_from([CRM, MARKIT, DNB]), said_of_many), min_size=2, max_size=5), rules)
def test_what_nobody_disputes_is_golden_as_if_it_had_been_weighed(drawn, chosen):
    said = [says(number, source, **attributes) for number, (source, attributes) in enumerate(drawn)]
    book = RuleBook({("names", ""): chosen, ("country", ""): Rule(follows="names")})
    # Trust that differs by attribute, were it nobody's, has every attribute weighed.
    assert build_golden(said, book) == build_golden(said, replace(book, trust={("nobody", "names"): 50}))
