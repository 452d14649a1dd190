"""The key index is read by index, also while its statistics lag behind a load."""

import re
from uuid import UUID

import numpy as np
import pytest
from django.db import connection

from matching.index import _PAIRS, _WITH_KEYS, holding_keys, id_bytes, pairs_in_index, write_keys
from party_hub.models.copy import copy_in

pytestmark = pytest.mark.django_db

RECORDS = [str(UUID(int=number)) for number in range(2_000)]


@pytest.fixture
def loaded() -> None:
    """Five records to a key, four keys a record, written just now and not analysed."""
    rows = np.repeat(np.arange(len(RECORDS)), 4)
    keys = rows // 5 * 4 + np.tile(np.arange(4), len(RECORDS))
    write_keys(keys, id_bytes(RECORDS)[rows])
    copy_in(
        "matching_indexedrecord",
        ("record_id", "kind", "forms", "keys"),
        ((one, "individual", "", "{{{},{},{},{}}}".format(*keys[rows == n])) for n, one in enumerate(RECORDS)),
    )


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (_PAIRS.format(ids=RECORDS[0], limit=400, window=20), {}),
        (_WITH_KEYS, {"keys": [0, 1, 2, 3], "limit": 400, "most": 300}),
    ],
    ids=["what shares a key with a record", "search before create"],
)
def test_the_key_index_is_never_read_from_end_to_end(
    loaded: None, statement: str, values: dict[str, list[str] | list[int] | int]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + statement, values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "matching_recordkey" in plan
    # A table without a page may well be read as a whole: the over-full keys are none here.
    assert not set(re.findall(r"Seq Scan on (\w+)", plan)) & {"matching_recordkey", "matching_indexedrecord"}


def test_a_record_is_paired_with_those_that_share_a_key_with_it(loaded: None) -> None:
    block = RECORDS[5:10]
    pairs = pairs_in_index(RECORDS[7:8], 400).to_pylist()
    assert sorted((pair["left"], pair["right"]) for pair in pairs) == [
        (min(one, RECORDS[7]), max(one, RECORDS[7])) for one in block if one != RECORDS[7]
    ]
    assert set(holding_keys(np.array([4, 5], np.uint64), 400, 10)) == {UUID(one) for one in block}
