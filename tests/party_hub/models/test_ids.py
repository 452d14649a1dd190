"""Ids of parties: drawn, never given twice, and in the order in which they were drawn."""

import time

from party_hub.models.ids import new_party_id


def test_what_is_drawn_later_sorts_later_as_a_number_and_as_text() -> None:
    first = [new_party_id() for _ in range(100)]
    time.sleep(0.002)
    then = [new_party_id() for _ in range(100)]
    assert max(first) < min(then)
    assert max(map(str, first)) < min(map(str, then))


def test_no_id_is_drawn_twice_and_each_says_how_it_was_drawn() -> None:
    drawn = [new_party_id() for _ in range(10_000)]
    assert len(set(drawn)) == len(drawn)
    assert {(one.version, one.variant) for one in drawn} == {(7, "specified in RFC 4122")}
