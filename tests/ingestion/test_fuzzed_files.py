"""Files that nobody should send: refused in a sentence, or read with every row accounted for; nothing crashes."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingestion.encodings import readable
from ingestion.feeds import adapter_of
from ingestion.landing import BadFile, examine
from ingestion.mapping.kernel import Kernel
from ingestion.reading import read
from ingestion.unpacking import BadArchive, unpack
from tests.ingestion.conftest import csv_text

CRM = ("CUSTOMER_ID", "CUSTOMER_TYPE", "FIRST_NAME", "LAST_NAME", "COMPANY_NAME", "COUNTRY", "PHONE", "BIRTH_DATE")
ODD = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["=cmd|' /C calc'!A0", "\u202egnp.exe", "\x00", "a\nb", 'say "hi"', "١٩٨٤-٠٣-١٢", "1e999", "\ufeff", "🏦" * 9]
    ),
)
fuzzed = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120, deadline=None)


def loaded(path: Path, feed: str, folder: Path) -> list[dict[str, Any]] | str:
    """The canonical rows of the file, one for each of its rows that is not blank; or why it is refused."""
    adapter = adapter_of(feed)
    try:
        plain, adapter = readable(unpack(path, adapter.format.kind, folder / "unpacked"), adapter, folder / "utf8")
        found = examine(plain, adapter)
    except (BadFile, BadArchive) as problem:
        return str(problem)
    kernel, rows = Kernel(adapter, list(found.named)), list[dict[str, Any]]()
    for chunk in found.chunks:
        cells = read(plain, chunk, adapter.format, found.columns, list(found.named.values()))
        assert len(cells.lines) + len(cells.broken) <= chunk.rows
        rows += kernel.map(cells.lines, cells.columns).to_pylist()
        if cells.broken:
            rows += kernel.broken([line for line, _ in cells.broken]).to_pylist()
    assert len({row["line"] for row in rows}) == len(rows)
    return rows


@fuzzed
@given(data=st.binary(max_size=300))
@example(data=b"\xff\xfeA\x00,\x00")
@example(data=b"PK\x03\x04 no archive")
@example(data=b"\x1f\x8b no gzip")
@pytest.mark.parametrize("feed", ["crm", "markit", "events"])
def test_any_bytes_are_refused_or_read(data: bytes, feed: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    loaded(path, feed, tmp_path / "out")


@fuzzed
@given(tail=st.text(st.sampled_from('C1,P"\n\r; \té\u2028\x0b\x00'), max_size=60))
def test_any_text_below_a_good_header_is_read_row_by_row(tail: str, tmp_path: Path) -> None:
    path = tmp_path / "crm.csv"
    path.write_bytes((",".join(CRM) + "\n" + tail).encode())
    rows = loaded(path, "crm", tmp_path / "out")
    assert isinstance(rows, str) or all(row["problem_reason"] or row["key"] for row in rows)


@fuzzed
@given(cells=st.lists(ODD, min_size=len(CRM), max_size=len(CRM)))
def test_any_cell_is_taken_or_its_row_set_aside_with_a_reason(cells: list[str], tmp_path: Path) -> None:
    path = tmp_path / "crm.csv"
    text = csv_text(
        CRM, [dict(zip(CRM, cells, strict=True)), {"CUSTOMER_ID": "C2", "CUSTOMER_TYPE": "P", "LAST_NAME": "B"}]
    )
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    rows = loaded(path, "crm", tmp_path / "out")
    if not isinstance(rows, str):
        assert any(row["key"] == "C2" and not row["problem_reason"] for row in rows)


def test_a_cell_of_ten_megabytes_is_a_matter_of_its_row(tmp_path: Path) -> None:
    path = tmp_path / "crm.csv"
    row = {"CUSTOMER_ID": "C1", "CUSTOMER_TYPE": "P", "LAST_NAME": "x" * (10 << 20)}
    path.write_text(csv_text(CRM, [row, {**row, "CUSTOMER_ID": "C2", "LAST_NAME": "B"}]))
    rows = loaded(path, "crm", tmp_path / "out")
    assert [row["key"] for row in rows] == ["C1", "C2"]  # type: ignore[index]
