"""Blocking keys: the same for one record and for many, refined where over-full, never squared."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.adapt import freeze
from matching.engine.candidates import candidate_pairs, keys_of, keys_of_all
from matching.engine.columns import conform, kind_mask
from matching.engine.keys import Keys
from matching.engine.model import untaught
from matching.engine.pairs import WINDOW, pairs_of
from matching.engine.prepared import Prepared, prepare
from matching.engine.rules import RULES
from matching.queries import default_model
from party_hub.domain.attributes import Kind
from tests.matching.engine.people_and_firms import population

SMITH_7 = {"record_id": "7", "party_type": "individual", "given_name": "John", "family_name": "Smith",
           "city": "London", "postcode": "N7"}  # fmt: skip


@pytest.mark.parametrize("kind", list(Kind))
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_record_alone_has_the_keys_that_it_has_among_others(kind: Kind, seed: int) -> None:
    table = population(60, seed)
    table = table.filter(kind_mask(table, kind))
    model = default_model().kinds[kind]
    together = keys_of(model, prepare(table, kind))
    for row in range(0, table.num_rows, 7):
        alone = keys_of(model, prepare(table.slice(row, 1), kind))
        assert alone.keys.tolist() == together.keys[together.rows == row].tolist()


def test_people_and_organisations_share_no_key() -> None:
    table = pa.Table.from_pylist(
        [{"record_id": "1", "full_name": "Ann Smith", "email": "ann@smith.com", "phone": "2125550147"}]
    )
    person, firm = (keys_of(default_model().kinds[kind], prepare(conform(table), kind)) for kind in Kind)
    assert len(person.keys)
    assert not np.isin(person.keys, firm.keys).any()


def test_an_overfull_key_is_refined_so_that_a_skewed_name_makes_few_pairs() -> None:
    rows = [
        {"record_id": f"{n:06d}", "party_type": "individual", "given_name": "John", "family_name": "Smith",
         "city": "London", "date_of_birth": f"{1940 + n % 60}-{1 + n % 12:02d}-{1 + n % 28:02d}",
         "postcode": f"N{n % 500}"}
        for n in range(20_000)
    ]  # fmt: skip
    records = prepare(conform(pa.Table.from_pylist(rows)), Kind.INDIVIDUAL)
    model = freeze(untaught(Kind.INDIVIDUAL), records)
    left, _ = candidate_pairs(model, records)
    assert len(model.overfull)
    assert len(left) < 60 * len(records)


def smiths(count: int, **same: str) -> Prepared:
    rows = [
        {"record_id": f"{n:06d}", "party_type": "individual", "given_name": "John", "family_name": "Smith",
         "city": "London", "postcode": f"N{n % 50}", **same}
        for n in range(count)
    ]  # fmt: skip
    return prepare(conform(pa.Table.from_pylist(rows)), Kind.INDIVIDUAL)


def test_a_key_that_outgrew_its_model_is_refined_and_the_index_keeps_it() -> None:
    model, records = untaught(Kind.INDIVIDUAL), smiths(200)
    keys = keys_of_all(model, records)
    refined = np.setdiff1d(keys.outgrown, keys.exhausted)
    assert len(refined)
    assert np.isin(refined, keys.keys).all()
    assert not np.isin(refined, keys.paired().keys).any()
    left, right = candidate_pairs(model, records)
    of_one_postcode = {(a, b) for b in range(200) for a in range(b % 50, b, 50)}
    assert of_one_postcode <= set(zip(left.tolist(), right.tolist(), strict=True))
    assert len(left) <= len(of_one_postcode) + WINDOW * 200


def test_a_record_among_many_has_the_keys_that_it_has_in_the_whole() -> None:
    model, records = untaught(Kind.INDIVIDUAL), smiths(200)
    whole = keys_of_all(model, records)
    few = prepare(conform(pa.Table.from_pylist([SMITH_7])), Kind.INDIVIDUAL)
    alone = keys_of(model.refining(whole.outgrown), few)
    assert sorted(alone.keys) == sorted(whole.keys[whole.rows == 7])


def test_what_no_refining_makes_smaller_is_paired_among_neighbours() -> None:
    size = 3 * WINDOW
    model, records = untaught(Kind.INDIVIDUAL), smiths(size, postcode="N1")
    assert len(keys_of_all(model, records).exhausted)
    left, right = candidate_pairs(model, records)
    assert len(left) == size * WINDOW - WINDOW * (WINDOW + 1) // 2
    assert (right - left).max() == WINDOW


@pytest.mark.parametrize("said", [{}, {"postcode": "N1", "city": ""}, {"postcode": "", "city": ""}])
def test_however_little_is_said_of_many_equal_records_each_is_paired_with_neighbours(said: dict[str, str]) -> None:
    records = smiths(3 * WINDOW, **{"postcode": "N1", **said})
    left, right = candidate_pairs(untaught(Kind.INDIVIDUAL), records)
    assert set(range(len(records) - 1)) <= set(left[right - left == 1].tolist())


def test_pairs_are_distinct_and_ordered() -> None:
    keys = Keys(
        np.array([0, 0, 1, 1, 2, 3]),
        np.array([1, 2, 1, 2, 1, 9], np.uint64),
        np.zeros(6, np.int8),
        RULES[Kind.INDIVIDUAL],
    )
    left, right = pairs_of(keys, 4)
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 2)]
