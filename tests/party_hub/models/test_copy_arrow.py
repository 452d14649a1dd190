"""Arrow batches in COPY's text format: what COPY reads otherwise is escaped, in whatever column it stands."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from party_hub.models.copy_arrow import _lines

TEXTS = st.lists(st.none() | st.text(st.sampled_from("ab\\\t\n\ré"), max_size=5), min_size=1, max_size=8)


def escaped(text: str | None) -> str:
    if text is None:
        return r"\N"
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


@given(texts=TEXTS, start=st.integers(0, 3))
def test_texts_are_escaped_in_a_batch_and_in_a_part_of_one(texts: list[str | None], start: int) -> None:
    batch = pa.RecordBatch.from_pydict(
        {"text": pa.array(texts, pa.string()), "number": pa.array(range(len(texts)), pa.int64())}
    ).slice(min(start, len(texts) - 1))
    lines = [f"{escaped(row['text'])}\t{row['number']}\n" for row in batch.to_pylist()]
    assert _lines(batch).to_pybytes().decode().rstrip("\0") == "".join(lines)


def test_a_column_without_any_text_is_nothing_but_nulls() -> None:
    batch = pa.RecordBatch.from_pydict({"text": pa.array([None, None], pa.string()), "number": [1, 2]})
    assert _lines(batch).to_pybytes() == b"\\N\t1\n\\N\t2\n"
