"""Ids of records, and which cluster keeps which party id."""

from uuid import UUID

from party_hub.domain.identity import assign_parties, record_id

A, B, C, D = (UUID(int=number) for number in range(1, 5))
P, Q = UUID(int=101), UUID(int=102)
SENIORITY = {record: (number, record) for number, record in enumerate((A, B, C, D))}


def test_the_id_of_a_record_is_the_same_wherever_it_is_worked_out():
    assert record_id("crm", "C-1") == UUID("c8b60a31-1815-8c2a-5041-cc2297899ae8")


def test_source_and_key_cannot_be_confused():
    assert record_id("crm", "1") != record_id("crm1", "")


def test_a_merged_cluster_keeps_the_id_that_gave_it_most_records():
    assert assign_parties([[A, B, C]], {A: P, B: Q, C: Q}, SENIORITY) == [Q]


def test_a_tie_goes_to_the_party_with_the_earliest_record():
    assert assign_parties([[A, B]], {A: Q, B: P}, SENIORITY) == [Q]


def test_after_a_split_the_larger_part_keeps_the_id():
    assert assign_parties([[A], [B, C]], dict.fromkeys((A, B, C), P), SENIORITY) == [None, P]


def test_after_an_even_split_the_part_with_the_earliest_record_keeps_the_id():
    assert assign_parties([[C, D], [A, B]], dict.fromkeys((A, B, C, D), P), SENIORITY) == [None, P]


def test_a_part_that_loses_its_first_claim_takes_its_next_best():
    assert assign_parties([[A, B, C], [D]], {A: P, B: P, C: Q, D: P}, SENIORITY) == [P, None]
    assert assign_parties([[A, B], [C, D]], {A: P, B: P, C: P, D: Q}, SENIORITY) == [P, Q]


def test_new_records_get_no_old_id():
    assert assign_parties([[A], [B]], {}, SENIORITY) == [None, None]


def test_a_record_that_is_moved_leaves_both_ids_where_they_are():
    assert assign_parties([[B], [A, C]], {A: P, B: P, C: Q}, SENIORITY) == [P, Q]
