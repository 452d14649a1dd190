"""The laws of clustering, on whatever graph hypothesis thinks of."""

from hypothesis import given
from hypothesis import strategies as st

from party_hub.domain.clusters import CANNOT_LINK, SAME_SOURCE, WEAK_BRIDGE, cluster

RECORDS = list(range(12))
pairs = st.tuples(st.sampled_from(RECORDS), st.sampled_from(RECORDS)).filter(lambda pair: pair[0] < pair[1])
links = st.dictionaries(pairs, st.sampled_from([0.91, 0.95, 0.99]), max_size=25)


def together(members, left, right):
    return any(left in group and right in group for group in members)


def as_links(scored):
    return [(left, right, score) for (left, right), score in scored.items()]


@given(links, st.sets(pairs, max_size=5), st.sets(pairs, max_size=5), st.randoms())
def test_the_order_of_the_input_does_not_matter(scored, must, cannot, random):
    first = cluster(RECORDS, as_links(scored), must, cannot)
    shuffled, other_must, other_cannot, records = as_links(scored), list(must), list(cannot), list(RECORDS)
    for part in (shuffled, other_must, other_cannot, records):
        random.shuffle(part)
    turned = [(right, left, score) for left, right, score in shuffled]
    assert cluster(records, turned, other_must, [(right, left) for left, right in other_cannot]) == first


@given(links, st.sets(pairs, max_size=5), st.sets(pairs, max_size=8))
def test_a_cannot_link_is_never_joined(scored, must, cannot):
    members = cluster(RECORDS, as_links(scored), must, cannot).members
    assert not any(together(members, left, right) for left, right in cannot)


@given(links, st.sets(pairs, max_size=5))
def test_a_must_link_is_joined_where_nothing_forbids_it(scored, must):
    members = cluster(RECORDS, as_links(scored), must).members
    assert all(together(members, left, right) for left, right in must)


@given(links, pairs)
def test_adding_a_must_link_never_loses_another_member_of_its_two_clusters(scored, pair):
    before = cluster(RECORDS, as_links(scored)).members
    after = cluster(RECORDS, as_links(scored), [pair]).members
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
