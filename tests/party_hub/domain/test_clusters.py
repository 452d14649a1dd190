"""The laws of clustering, on whatever graph hypothesis thinks of."""

from hypothesis import given
from hypothesis import strategies as st

from party_hub.domain.clusters import CANNOT_LINK, SAME_SOURCE, cluster
from party_hub.domain.contradiction import contradict
from party_hub.domain.doubts import AMBIGUOUS, CONTRADICTION, WEAK_BRIDGE

RECORDS = list(range(12))
pairs = st.tuples(st.sampled_from(RECORDS), st.sampled_from(RECORDS)).filter(lambda pair: pair[0] < pair[1])
links = st.dictionaries(pairs, st.sampled_from([0.91, 0.95, 0.99]), max_size=25)


LEIS = ["5299000J2N45DDNE4Y28", "213800WAVVOPS85N2205", "549300DTUYXVMJXZNY75"]
marked = st.dictionaries(st.sampled_from(RECORDS), st.sampled_from(LEIS).map(lambda lei: {"lei": frozenset([lei])}))
margins = st.sampled_from([0.0, 1.0, 9.0]).map(lambda margin: dict.fromkeys(RECORDS, margin))


def together(members, left, right):
    return any(left in group and right in group for group in members)


def as_links(scored):
    return [(left, right, score) for (left, right), score in scored.items()]


@given(links, st.sets(pairs, max_size=5), st.sets(pairs, max_size=5), marked, margins, st.randoms())
def test_the_order_of_the_input_does_not_matter(scored, must, cannot, marks, margin, random):
    first = cluster(RECORDS, as_links(scored), must, cannot, None, marks, margin)
    shuffled, other_must, other_cannot, records = as_links(scored), list(must), list(cannot), list(RECORDS)
    for part in (shuffled, other_must, other_cannot, records):
        random.shuffle(part)
    turned = [(right, left, score) for left, right, score in shuffled]
    turned_cannot = [(right, left) for left, right in other_cannot]
    assert cluster(records, turned, other_must, turned_cannot, None, marks, margin) == first


@given(links, st.sets(pairs, max_size=5), st.sets(pairs, max_size=8), marked, margins)
def test_a_cannot_link_is_never_joined(scored, must, cannot, marks, margin):
    members = cluster(RECORDS, as_links(scored), must, cannot, None, marks, margin).members
    assert not any(together(members, left, right) for left, right in cannot)


@given(links, st.sets(pairs, max_size=5))
def test_a_must_link_is_joined_where_nothing_forbids_it(scored, must):
    members = cluster(RECORDS, as_links(scored), must).members
    assert all(together(members, left, right) for left, right in must)


@given(links, pairs, marked, margins)
def test_adding_a_must_link_never_loses_another_member_of_its_two_clusters(scored, pair, marks, margin):
    before = cluster(RECORDS, as_links(scored), (), (), None, marks, margin).members
    after = cluster(RECORDS, as_links(scored), [pair], (), None, marks, margin).members
    mine = [group for group in before if pair[0] in group or pair[1] in group]
    joined = next(group for group in after if pair[0] in group)
    assert all(set(group) <= set(joined) for group in mine)


@given(links, st.sets(pairs, max_size=5), st.sets(pairs, max_size=5))
def test_every_record_is_in_exactly_one_cluster(scored, must, cannot):
    members = cluster(RECORDS, as_links(scored), must, cannot).members
    assert sorted(record for group in members for record in group) == RECORDS


@given(links, st.sets(pairs, max_size=5), st.sets(pairs, max_size=5))
def test_only_pairs_that_ended_apart_are_reported_as_held(scored, must, cannot):
    result = cluster(RECORDS, as_links(scored), must, cannot)
    assert not any(together(result.members, left, right) for left, right in result.held)


def test_links_join_what_they_touch():
    assert cluster([1, 2, 3, 4], [(1, 2, 0.9), (2, 3, 0.9)]).members == [[1, 2, 3], [4]]


def test_a_cannot_link_breaks_the_weaker_link():
    result = cluster([1, 2, 3], [(1, 2, 0.95), (2, 3, 0.99)], cannot=[(1, 3)])
    assert result.members == [[1], [2, 3]]
    assert result.held == {(1, 2): CANNOT_LINK}


def test_one_thin_link_does_not_join_two_dense_groups():
    left, right = [(1, 2, 0.99), (2, 3, 0.99), (1, 3, 0.99)], [(4, 5, 0.99), (5, 6, 0.99), (4, 6, 0.99)]
    result = cluster(range(1, 7), [*left, *right, (3, 4, 0.97)])
    assert result.members == [[1, 2, 3], [4, 5, 6]]
    assert result.held == {(3, 4): WEAK_BRIDGE}


def test_two_links_are_enough_to_join_two_dense_groups():
    left, right = [(1, 2, 0.99), (2, 3, 0.99)], [(4, 5, 0.99), (5, 6, 0.99)]
    assert cluster(range(1, 7), [*left, *right, (3, 4, 0.97), (2, 5, 0.97)]).members == [[1, 2, 3, 4, 5, 6]]


def test_a_source_that_holds_each_party_once_is_not_joined_with_itself():
    result = cluster([1, 2, 3], [(1, 2, 0.99), (2, 3, 0.98)], exclusive={1: "gleif", 3: "gleif"})
    assert result.members == [[1, 2], [3]]
    assert result.held == {(2, 3): SAME_SOURCE}


def test_a_must_link_joins_even_two_records_of_such_a_source():
    assert cluster([1, 2], [], must=[(1, 2)], exclusive={1: "gleif", 2: "gleif"}).members == [[1, 2]]


@given(links, marked, margins)
def test_records_whose_identifiers_contradict_are_joined_by_no_chain_of_links(scored, marks, margin):
    for group in cluster(RECORDS, as_links(scored), (), (), None, marks, margin).members:
        assert len({lei for record in group for lei in marks.get(record, {}).get("lei", ())}) <= 1


TWO_FIRMS = {1: {"lei": frozenset(LEIS[:1])}, 3: {"lei": frozenset(LEIS[1:2])}}


def test_a_record_that_fits_two_parties_about_as_well_joins_neither():
    result = cluster([1, 2, 3], [(1, 2, 0.99), (2, 3, 0.989)], marks=TWO_FIRMS, margins={2: 0.5})
    assert result.members == [[1], [2], [3]]
    assert result.held == {(1, 2): AMBIGUOUS, (2, 3): AMBIGUOUS}


def test_a_record_that_fits_one_party_clearly_better_joins_that():
    result = cluster([1, 2, 3], [(1, 2, 0.999), (2, 3, 0.97)], marks=TWO_FIRMS, margins={2: 0.5})
    assert result.members == [[1, 2], [3]]
    assert result.held == {(2, 3): CONTRADICTION}


def test_there_is_no_doubt_where_all_three_are_the_same():
    same = {1: TWO_FIRMS[1], 3: TWO_FIRMS[1]}
    result = cluster([1, 2, 3], [(1, 2, 0.99), (2, 3, 0.989)], marks=same, margins={2: 0.5})
    assert result.members == [[1, 2, 3]]


def test_records_that_are_torn_alike_stay_together():
    twins = [(2, 4, 0.9999), (1, 2, 0.99), (1, 4, 0.99), (2, 3, 0.989), (3, 4, 0.989)]
    result = cluster([1, 2, 3, 4], twins, marks=TWO_FIRMS, margins={2: 0.5, 4: 0.5})
    assert result.members == [[1], [2, 4], [3]]


def test_a_must_link_settles_to_which_party_a_torn_record_belongs():
    links = [(1, 2, 0.99), (2, 3, 0.989)]
    assert cluster([1, 2, 3], links, [(1, 2)], marks=TWO_FIRMS, margins={2: 0.5}).members == [[1, 2], [3]]


def test_identifiers_contradict_only_where_none_agrees_and_none_may_be_mistyped():
    def said(**values: str) -> dict[str, frozenset[str]]:
        return {scheme: frozenset([value]) for scheme, value in values.items()}

    assert contradict(said(duns="150483782"), said(duns="081466849"))
    assert not contradict(said(duns="150483782"), said(duns="150483728"))
    assert not contradict(said(duns="150483782"), said(lei=LEIS[0]))
    assert not contradict(said(duns="150483782", lei=LEIS[0]), said(duns="081466849", lei=LEIS[0]))
    assert contradict(said(tin="123"), said(tin="124"))


def test_a_record_of_identifiers_alone_follows_one_group_and_never_joins_two():
    links = [(1, 9, 0.95), (2, 9, 0.95), (8, 9, 0.95), (2, 8, 0.95)]
    result = cluster([1, 2, 8, 9], links, bare={8, 9})
    assert result.members == [[1, 8, 9], [2]]
    assert result.held == {(2, 8): WEAK_BRIDGE, (2, 9): WEAK_BRIDGE}
    assert cluster([1, 2, 9], [(1, 9, 0.95), (2, 9, 0.95)], exclusive={2: "gleif"}, bare={9}).members == [[1], [2, 9]]


def test_a_record_of_identifiers_alone_follows_what_others_join():
    assert cluster([1, 2, 9], [(1, 9, 0.95), (2, 9, 0.95), (1, 2, 0.99)], bare={9}).members == [[1, 2, 9]]


def test_records_of_identifiers_alone_do_not_make_a_group_look_large():
    dense = [(1, 2, 0.99), (2, 3, 0.99), (1, 3, 0.99)]
    result = cluster([1, 2, 3, 4, 8, 9], [*dense, (3, 4, 0.98), (4, 8, 0.95), (4, 9, 0.95), (8, 9, 0.95)], bare={8, 9})
    assert result.members == [[1, 2, 3, 4, 8, 9]]
