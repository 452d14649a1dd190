"""The corpus of files that came, or might: each refused in a sentence that says why, or read with every row accounted
for.
"""

import gzip
import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.utils import translation

from ingestion.reading import delimited, json_lines
from stewardship.presentation.feed_sentences import feed_sentence
from tests.ingestion.conftest import written
from tests.ingestion.test_fuzzed_files import loaded
from tests.ingestion.test_unpacking import zstd

HEADER = "CUSTOMER_ID,CUSTOMER_TYPE,FIRST_NAME,LAST_NAME,COMPANY_NAME,COUNTRY\n"
ANN, BO = "C1,P,Ann,Smith,,GB\n", "C2,P,Bo,Berg,,SE\n"
GOOD = (HEADER + ANN).encode()
ENTITY = "<all><entity><entityId>E1</entityId><longName>Jörg AG</longName></entity></all>"
EVENT = '{"id": "1", "source": "crm", "key": "K1", "op": "upsert", "attributes": {"names": [{"full": "Ann"}]}}'


def xml(encoding: str, text: str = ENTITY, written_in: str = "") -> bytes:
    """A document that declares an encoding."""
    return f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(written_in or encoding)


def archive(members: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, data in members:
            packed.writestr(name, data)
    return out.getvalue()


def damaged(data: bytes, at: int) -> bytes:
    """With one byte turned over."""
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


REFUSED = {
    "latin-1": ("crm", GOOD.replace(b"Ann", b"J\xf6rg"), "is not UTF-8: byte 0xF6 at offset 74 (line 2)"),
    "UTF-16 without a mark": ("crm", GOOD.decode().encode("utf-16-be"), "seems to be UTF-16 without a byte order mark"),
    "half a surrogate pair": ("crm", GOOD.replace(b"Ann", b"\xed\xa0\x80"), "is not UTF-8: byte 0xED"),
    "zero bytes alone": ("crm", bytes(99), "holds a zero byte in every other place"),
    "nothing": ("crm", b"", "is empty"),
    "blank lines": ("crm", b"\n\n\r\n", "is empty: it has no header"),
    "semicolons": ("crm", GOOD.replace(b",", b";"), "Its columns seem not to be set apart by ','"),
    "tabs": ("crm", GOOD.replace(b",", b"\t"), "Its columns seem not to be set apart by ','"),
    "bars": ("crm", GOOD.replace(b",", b"|"), "Its columns seem not to be set apart by ','"),
    "a picture": ("crm", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is not UTF-8"),
    "gzip with a tail": ("crm", gzip.compress(GOOD) + b"tail", "cannot be unpacked"),
    "half a zstandard": ("crm", zstd(GOOD)[:-4], "cannot be unpacked"),
    "zstandard with a tail": ("crm", zstd(GOOD) + b"tail", "cannot be unpacked"),
    "zip of nothing": ("crm", archive([]), "is an empty archive"),
    "zip of a folder": ("crm", archive([("folder/", b"")]), "is an empty archive"),
    "zip in a zip": ("crm", archive([("a.zip", archive([("a.csv", GOOD)]))]), "holds another compressed file"),
    "damaged zip": ("crm", damaged(archive([("a.csv", GOOD)], zipfile.ZIP_STORED), 60), "cannot be unpacked"),
    "damaged bzip2": ("crm", damaged(archive([("a.csv", GOOD)], zipfile.ZIP_BZIP2), 60), "cannot be unpacked"),
    "damaged LZMA": ("crm", damaged(archive([("a.csv", GOOD)], zipfile.ZIP_LZMA), 60), "cannot be unpacked"),
    "zip with a read-me": ("crm", archive([("a.csv", GOOD), ("readme.txt", b"Hello")]), "columns of readme.txt"),
    "XML in no encoding": ("markit", xml("klingon", written_in="utf-8"), "in an encoding that cannot be read here"),
    "XML in two-byte signs": ("markit", xml("shift_jis", ENTITY.replace("ö", "株")), "encoding that cannot be read"),
    "XML that lies": ("markit", xml("utf-8", written_in="latin-1"), "is broken XML: not well-formed"),
    "half an XML": ("markit", ENTITY[:-9].encode(), "is broken XML"),
    "XML with a zero byte": ("markit", ENTITY.replace("AG", "\x00").encode(), "is broken XML"),
    "XML that refers to a zero byte": ("markit", ENTITY.replace("AG", "&#0;").encode(), "is broken XML"),
    "an undeclared entity": ("markit", ENTITY.replace("AG", "&x;").encode(), "is broken XML: undefined entity"),
    "a file as an entity": ("markit", f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>{ENTITY}'.encode(),
                            "declares a document type"),
    "a parameter entity": ("markit", f'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;]>{ENTITY}'.encode(),
                           "declares a document type"),
    "a billion laughs": ("markit", f'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]>{ENTITY}'.encode(),
                         "declares a document type"),
    "deep elements": ("markit", ("<a>" * 100_000).encode(), "more than 100 elements within each other"),
    "a deep row": ("markit", ("<a><entity>" + "<b>" * 100_000).encode(), "more than 100 elements within each other"),
    "a row of many elements": ("markit", ("<a><entity>" + "".join(f"<b{at}/>" for at in range(20_000))).encode(),
                               "more than 10,000 different elements"),
}  # fmt: skip
# Each row's key and, where it waits, a part of the reason.
READ = {
    "UTF-16": ("crm", (HEADER + ANN).encode("utf-16"), {"C1": ""}),
    "a mark in mid-file": ("crm", f"{HEADER}{ANN}\ufeff{BO}".encode(), {"C1": "", "C2": ""}),
    "two files in one": ("crm", f"{HEADER}{ANN}{HEADER}{BO}".encode(),
                         {"C1": "", "CUSTOMER_ID": "'CUSTOMER_TYPE' is no party type", "C2": ""}),
    "an open quote": ("crm", f'{HEADER}{ANN}C2,P,"Bo,Berg,,SE\n'.encode(), {"C1": "", "": "a quote is not closed"}),
    "a quote in mid-cell": ("crm", GOOD.replace(b"Ann", b'Ann "Nan" B'), {"C1": ""}),
    "line ends in cells": ("crm", f'{HEADER}C1,P,"An\nn","Sm\r\nith",,GB\n{BO}'.encode(), {"C1": "", "C2": ""}),
    "mixed line ends": ("crm", f"{HEADER}{ANN.strip()}\r\n{BO.strip()}\rC3,P,Cy,Coe,,GB".encode(),
                        {"C1": "", "C2": "", "C3": ""}),
    "a zero byte": ("crm", f"{HEADER}{ANN}{BO.replace('Bo', 'B' + chr(0))}".encode(), {"C1": "", "C2": "a zero byte"}),
    "words for nothing": ("crm", f"{HEADER}C1,P,\\N,Null,N/A,null\n\\N,P,Bo,Berg,,\n".encode(),
                          {"C1": "", "": "The key is missing"}),
    "formulas": ("crm", f"{HEADER}=1+1,P,@SUM(A1),+1,,GB\n".encode(), {"=1+1": ""}),
    "gzip after gzip": ("crm", gzip.compress(GOOD) + gzip.compress(BO.encode()), {"C1": "", "C2": ""}),
    "a name that leads out": ("crm", archive([("../../evil.csv", GOOD)]), {"C1": ""}),
    "an empty file among others": ("crm", archive([("a.csv", b""), ("b.csv", GOOD)]), {"C1": ""}),
    "UTF-16 files in a zip": ("crm", archive([("a.csv", (HEADER + ANN).encode("utf-16")),
                                              ("b.csv", (HEADER + BO).encode("utf-16"))]), {"C1": "", "C2": ""}),
    "LZMA in a zip": ("crm", archive([("a.csv", GOOD)], zipfile.ZIP_LZMA), {"C1": ""}),
    "XML in UTF-16": ("markit", xml("utf-16"), {"E1": ""}),
    "XML in UTF-16 the other way round": ("markit", b"\xfe\xff" + xml("utf-16", written_in="utf-16-be"), {"E1": ""}),
    "XML in UTF-16 that does not say so": ("markit", ENTITY.encode("utf-16"), {"E1": ""}),
    "XML in latin-1": ("markit", xml("iso-8859-1"), {"E1": ""}),
    "XML in Windows-1252": ("markit", xml("windows-1252"), {"E1": ""}),
    "deep JSON": ("events", f"{'[' * 100_000}\n{EVENT}".encode(), {"": "no JSON object", "K1": ""}),
    "a JSON array": ("events", f"[{EVENT}]".encode(), {"": "no JSON object"}),
    "half a pair in a key": ("events", EVENT.replace("K1", "\\ud800").encode(), {"": "no JSON object"}),
    "a zero byte in a key": ("events", EVENT.replace("K1", "K\\u0000").encode(), {"K\x00": "a zero byte"}),
    "an endless number": ("events", EVENT.replace('"names"', '"employees": 1e999, "names"').encode(),
                          {"K1": "is no whole number"}),
    "5,000 digits": ("events", EVENT.replace('"names"', f'"employees": {"9" * 5_000}, "names"').encode(),
                     {"": "no JSON object"}),
}  # fmt: skip


@pytest.mark.parametrize(("feed", "data", "says"), REFUSED.values(), ids=REFUSED)
def test_a_bad_file_is_refused_in_a_sentence(tmp_path: Path, feed: str, data: bytes, says: str) -> None:
    refused = loaded(written(tmp_path, "bad", data), feed, tmp_path)
    assert isinstance(refused, str), refused
    assert refused.startswith("bad " if feed == "markit" else ("bad ", "In bad "))
    assert says in refused
    assert re.search(r"\b[Ss]end (it|each|them)\b", refused), "it does not say what to do"
    assert len(refused) < 400
    with translation.override("de"):
        assert refused.rpartition(". ")[2] not in feed_sentence(refused)


@pytest.mark.parametrize(("feed", "data", "rows"), READ.values(), ids=READ)
def test_an_odd_file_is_read_and_every_row_accounted_for(
    tmp_path: Path, feed: str, data: bytes, rows: dict[str, str]
) -> None:
    found = loaded(written(tmp_path, "odd", data), feed, tmp_path / "work")
    assert not isinstance(found, str), found
    reasons = {row["key"]: row["problem_reason"] or "" for row in found}
    assert len(found) == len(rows)
    assert reasons.keys() == rows.keys()
    assert all(said in reasons[key] and bool(said) == bool(reasons[key]) for key, said in rows.items()), reasons
    assert {path.name for path in tmp_path.iterdir()} <= {"odd", "work"}


@pytest.mark.parametrize(
    ("feed", "data"),
    [
        ("crm", f'{HEADER}{ANN}\n"C2,P,Bo,Berg,,SE\n{ANN * 99}'),
        ("crm", f"{HEADER}{ANN}\n{'x' * 2_000}"),
        ("events", f"{EVENT}\n\n\n{'x' * 2_000}"),
    ],
)
def test_a_row_without_an_end_does_not_take_all_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, feed: str, data: str
) -> None:
    for module in (delimited, json_lines):
        monkeypatch.setattr(module, "LONGEST_ROW", 1_000)
    refused = loaded(written(tmp_path, "bad", data), feed, tmp_path)
    assert str(refused).startswith("bad has a row, in line 4, that is longer than")


def test_text_from_right_to_left_is_kept_and_what_turns_the_rest_of_a_page_is_not(tmp_path: Path) -> None:
    path = written(tmp_path, "crm.csv", f"{HEADER}C1,P,\u202eמשה\u202c,محمد\u200c,,IL\n")
    (row,) = loaded(path, "crm", tmp_path / "work")
    assert row["given_name"] == "משה"  # type: ignore[index]
    assert row["family_name"] == "محمد\u200c"  # type: ignore[index]
