"""COPY's binary format: PostgreSQL reads back what was written, whatever it is and however many rows there are."""

import numpy as np
import pyarrow as pa
import pytest
from django.db import DataError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from party_hub.models.copy_binary import BIGINT, REAL, arrays, copy_binary, fixed, same, text

words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
numbers = st.integers(-(2**63), 2**63 - 1)
reals = st.floats(width=32, allow_nan=False)
rows = st.lists(
    st.tuples(words, numbers, st.binary(min_size=16, max_size=16), st.lists(numbers, max_size=4), st.lists(reals)),
    max_size=30,
)
TABLE = """
DROP TABLE IF EXISTS written;
CREATE TEMP TABLE written (
    place bigint, word text, number bigint, id uuid, numbers bigint[], reals real[], constant varchar(9)
)
"""


def starts_of(lists: list[list[int]] | list[list[float]]) -> np.ndarray:
    return np.cumsum([0, *map(len, lists)], dtype=np.int64)


def flat(lists: list[list[int]] | list[list[float]], kind: str) -> np.ndarray:
    return np.array([one for values in lists for one in values], dtype=kind)


def write(given: list[tuple[str, int, bytes, list[int], list[float]]]) -> list[tuple[object, ...]]:
    """The rows as PostgreSQL has them."""
    texts, integers, ids, many, shares = ([row[column] for row in given] for column in range(5))
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        copy_binary(
            "written",
            {
                "place": fixed(np.arange(len(given), dtype=">i8")),
                "word": text(pa.array(texts, pa.string())),
                "number": fixed(np.array(integers, dtype=">i8")),
                "id": fixed(np.frombuffer(b"".join(ids), "V16")),
                "numbers": arrays(flat(many, "i8"), starts_of(many), BIGINT),
                "reals": arrays(flat(shares, "f4"), starts_of(shares), REAL),
                "constant": same("alike", len(given)),
            },
        )
        cursor.execute("SELECT word, number, uuid_send(id), numbers, reals, constant FROM written ORDER BY place")
        return [(row[0], row[1], bytes(row[2]), *row[3:]) for row in cursor.fetchall()]


@pytest.mark.django_db
@given(rows)
def test_what_is_written_is_read_back(given: list[tuple[str, int, bytes, list[int], list[float]]]) -> None:
    expected = [(*row[:4], [float(np.float32(share)) for share in row[4]], "alike") for row in given]
    stored = [(*row[:4], [float(np.float32(share)) for share in row[4]], row[5]) for row in write(given)]
    assert stored == expected


@pytest.mark.django_db
def test_more_rows_than_go_in_a_block_are_all_written() -> None:
    one = ("a\tb\\N", -1, bytes(range(16)), [1, 2], [0.5])
    assert write([one] * 45_000) == [(*one, "alike")] * 45_000


@pytest.mark.django_db
def test_a_text_that_is_too_long_is_refused_and_nothing_is_written() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE narrow (word varchar(3))")
        with pytest.raises(DataError), transaction.atomic():
            copy_binary("narrow", {"word": text(pa.array(["abc", "abcd"]))})
        cursor.execute("SELECT count(*) FROM narrow")
        assert cursor.fetchone() == (0,)
