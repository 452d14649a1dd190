"""Files in UTF-16 and UTF-32 are read like any other; those that hide it say so."""

import codecs
from dataclasses import replace
from pathlib import Path

import pytest

from ingestion.encodings import readable
from ingestion.feeds import adapter_of
from ingestion.landing import BadFile, examine
from party_hub.models import SourceRecord
from tests.ingestion.conftest import Load, customers, written

CRM = adapter_of("crm")


@pytest.mark.spark
@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_a_file_with_a_byte_order_mark_is_loaded_and_kept_as_it_came(load: Load, tmp_path: Path, encoding: str) -> None:
    plain = customers(tmp_path, {"LAST_NAME": "Größe"}, {"CUSTOMER_ID": "C2", "LAST_NAME": "株式会社"})
    wide = written(tmp_path, "wide.csv", plain.read_text(encoding="utf-8").encode(encoding))
    run = load("crm", wide)
    assert (run.landed, run.created, run.bytes) == (2, 2, wide.stat().st_size)
    assert SourceRecord.objects.get(key="C2").attributes["names"][0]["family"] == "株式会社"


def test_a_file_without_a_mark_is_read_as_its_feed_says(tmp_path: Path) -> None:
    plain = customers(tmp_path, {}).read_text()
    wide = written(tmp_path, "wide.csv", plain.encode("utf-16-le"))
    told = replace(CRM, format=replace(CRM.format, encoding="utf-16-le"))
    path, adapter = readable(wide, told, tmp_path / "utf8")
    assert examine(path, adapter).rows == 1
    with pytest.raises(BadFile, match="holds a zero byte in every other place: it seems to be UTF-16"):
        examine(wide, CRM)


def test_what_is_cut_off_says_so(tmp_path: Path) -> None:
    cut = written(tmp_path, "cut.csv", codecs.BOM_UTF16_LE + "Müller".encode("utf-16-le")[:-1])
    with pytest.raises(BadFile, match=r"cut\.csv is not whole UTF-16: .*truncated data"):
        readable(cut, CRM, tmp_path / "utf8")


def test_what_is_in_no_such_encoding_is_left_where_it_is(tmp_path: Path) -> None:
    for feed in ("crm", "markit"):
        path = written(tmp_path, "x", b"\xef\xbb\xbfA,B\n")
        assert readable(path, adapter_of(feed), tmp_path / "utf8") == (path, adapter_of(feed))
