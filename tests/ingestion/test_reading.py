"""Files are read in chunks: wherever they are cut, the rows and their numbers are those of the whole file."""

import csv
import io
import json
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.mapping.adapter import Format, Kind
from ingestion.reading import chunk as chunking
from ingestion.reading import delimited, elements, json_lines, read
from ingestion.reading.chunk import Chunk, Rows

CSV, XML, JSON = Format(), Format(Kind.XML, row="row"), Format(Kind.JSON_LINES)
CELL = st.text(st.sampled_from('ab ",\n\r;é'), max_size=6)


@pytest.fixture(params=[1, 20, 1 << 20])
def cut(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """The bytes after which a chunk ends."""
    for module in (chunking, delimited, json_lines):
        monkeypatch.setattr(module, "CHUNK", request.param)
    size: int = request.param
    return size


def whole(path: Path, chunks: list[Chunk], layout: Format, columns: list[str]) -> Rows:
    """The rows of all chunks one after another."""
    together = Rows([], [[] for _ in columns])
    for one in chunks:
        rows = read(path, one, layout, columns, columns)
        assert len(rows.lines) + len(rows.broken) <= one.rows
        together.lines += rows.lines
        together.broken += rows.broken
        for column, more in zip(together.columns, rows.columns, strict=True):
            column += more
    return together


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=12), quoted=st.booleans())
def test_csv_rows_survive_being_cut_anywhere(
    rows: list[tuple[str, str]], quoted: bool, cut: int, tmp_path: Path
) -> None:
    text = io.StringIO()
    style = {"lineterminator": "\n", "quoting": csv.QUOTE_ALL} if quoted else {"lineterminator": "\r\n"}
    csv.writer(text, **style).writerows([("A", "B"), *rows])
    path = tmp_path / "x.csv"
    path.write_bytes(text.getvalue().encode())
    found = whole(path, delimited.chunks(path, CSV), CSV, ["A", "B"])
    assert not found.broken
    assert list(zip(*found.columns, strict=True)) == rows
    assert found.lines == list(range(2, 2 + len(rows)))


@settings(max_examples=300, deadline=None)
@given(
    text=st.lists(st.sampled_from(["a", ",", '"', '""', "\n", "\r", "\r\n", " ", "é", "\0", "\ufeff"]), max_size=24),
    wanted=st.lists(st.sampled_from(["A", "B"]), min_size=1, max_size=3),
)
def test_what_arrow_reads_at_once_is_what_python_reads(text: list[str], wanted: list[str]) -> None:
    written = "".join(text)
    rows = list(csv.reader(io.StringIO(written, newline="")))
    data = written.encode()
    chunk = Chunk(0, 0, len(data), 2, len(rows))
    found = delimited._at_once(data, chunk, CSV, ["A", "B"], wanted)
    if found:
        assert found.lines == list(range(2, 2 + len(rows)))
        assert found.columns == [[row["AB".index(column)] for row in rows] for column in wanted]
        assert not found.broken


def test_a_chunk_of_whole_rows_is_read_at_once_and_one_with_an_odd_row_is_not() -> None:
    whole_rows = b'1,"x, ""y"""\n3,"a\nb"\n'
    found = delimited._at_once(whole_rows, Chunk(0, 0, len(whole_rows), 2, 2), CSV, ["A", "B"], ["B"])
    assert found == Rows([2, 3], [['x, "y"', "a\nb"]])
    few = delimited._at_once(whole_rows, Chunk(0, 0, len(whole_rows), 2, 2), CSV, ["A", "B"], ["B"], {3, 9})
    assert few == Rows([3], [["a\nb"]])
    for odd in (b"1,2\n\n3,4\n", b"1,2\n3\n5,6\n", "\ufeff1,2\n3,4\n5,6\n".encode()):
        assert delimited._at_once(odd, Chunk(0, 0, len(odd), 2, 3), CSV, ["A", "B"], ["B"]) is None


def test_csv_rows_that_do_not_fit_keep_their_number_and_text(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('\nA,B\n1,2\n\nonly one\n"x\ny",4,too many\n5,6\r7,8\n9,"open\n')
    found = whole(path, delimited.chunks(path, CSV), CSV, ["A", "B"])
    good = [(3, "1", "2"), (7, "5", "6"), (8, "7", "8"), (9, "9", "open\n")]
    assert list(zip(found.lines, *found.columns, strict=True)) == good
    assert found.broken == [(5, "only one"), (6, '"x\ny",4,too many')]


def test_a_few_lines_of_a_csv_are_read_as_among_all(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('A,B\n1,2\nonly one\n"x\ny",4\n5,6\n7,8,9\n')
    (chunk,) = delimited.chunks(path, CSV)
    found = read(path, chunk, CSV, ["A", "B"], ["B"], {3, 4, 5})
    assert (found.lines, found.columns, found.broken) == ([4, 5], [["4", "6"]], [(3, "only one")])
    none = read(path, chunk, CSV, ["A", "B"], ["B"], {6})
    assert (none.lines, none.columns, none.broken) == ([], [[]], [(6, "7,8,9")])


def test_xml_rows_survive_being_cut_anywhere(cut: int, tmp_path: Path) -> None:
    rows = [(f"<{at}>&", "Köln" if at % 2 else "") for at in range(9)]
    body = "".join(
        f"<g><n:row a='1'><id>{escape(one)}</id><!-- <row> --><at><city>{city}</city></at></n:row></g>\n"
        for one, city in rows
    )
    path = tmp_path / "x.xml"
    path.write_text(f"<?xml version='1.0'?><all><head><id>0</id></head>{body}</all>", encoding="utf-8")
    scanned = elements.scan(path, XML)
    assert list(scanned.paths) == ["id", "at", "at.city"]
    found = whole(path, scanned.chunks, XML, ["id", "at.city", "none"])
    assert list(zip(*found.columns, strict=True)) == [(one, city, None) for one, city in rows]
    assert found.lines == list(range(1, 10))


@pytest.mark.parametrize("more", ["", "<!-- <row> -->", "<row>not one of its own</row>"])
def test_a_few_lines_of_an_xml_are_read_as_among_all(more: str, tmp_path: Path) -> None:
    body = "".join(f"<g><n:row a='{at}'><id>{at}</id>{more}<city/></n:row></g>\n" for at in range(1, 5))
    path = tmp_path / "x.xml"
    path.write_text(f"<all>{body}<row/><end/></all>")
    (chunk,) = elements.scan(path, XML).chunks
    found = read(path, chunk, XML, ["id", "city"], ["city", "id"], {2, 4, 5, 9})
    cells = list(zip(found.lines, *found.columns, strict=True))
    assert [row for row in cells if row[0] in (2, 4, 5)] == [(2, "", "2"), (4, "", "4"), (5, None, None)]
    assert len(cells) == (5 if more else 3)
    assert read(path, chunk, XML, ["id"], ["id"], {9}).lines == ([1, 2, 3, 4, 5] if more else [])


def test_json_lines_survive_being_cut_anywhere(cut: int, tmp_path: Path) -> None:
    lines = [json.dumps({"a": "x", "b": {"c": [1]}}), "", "no json", "[1]", json.dumps({"a": 7}), "NaN"]
    path = tmp_path / "x.jsonl"
    path.write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
    found = whole(path, json_lines.chunks(path), JSON, ["a", "b"])
    assert list(zip(found.lines, *found.columns, strict=True)) == [(1, "x", '{"c": [1]}'), (5, "7", None)]
    assert found.broken == [(3, "no json"), (4, "[1]"), (6, "NaN")]
