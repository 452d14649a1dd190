"""Compressed files: whole ones are read as what is in them, bad ones refused in one sentence."""

import errno
import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from ingestion import unpacking
from ingestion.feeds import adapter_of
from ingestion.unpacking import BadArchive, unpack
from tests.ingestion.conftest import Load, customers, written

CRM = adapter_of("crm").format.kind
TEXT = b"A,B\n1,2\n"


def zstd(data: bytes) -> bytes:
    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, "zstd") as packed:
        packed.write(data)
    return out.getvalue().to_pybytes()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "pack"), [("x.csv.gz", gzip.compress), ("x.csv.zst", zstd), ("x.csv.zip", lambda data: zipped(x_csv=data))]
)
def test_what_is_in_a_compressed_file_is_read_whatever_it_is_called(
    tmp_path: Path, name: str, pack: Callable[[bytes], bytes]
) -> None:
    for called in (name, "no ending"):
        found = unpack(written(tmp_path, called, pack(TEXT)), CRM, tmp_path / "out")
        assert found.read_bytes() == TEXT
    assert unpack(tmp_path / name, CRM, tmp_path / "out").name == "x.csv"


def test_a_plain_file_is_left_where_it_is(tmp_path: Path) -> None:
    path = written(tmp_path, "x.csv", TEXT)
    assert unpack(path, CRM, tmp_path / "out") == path


def test_several_files_in_one_archive_are_one_after_another(tmp_path: Path) -> None:
    data = zipped(b_csv=b"\xef\xbb\xbfA,B\r\n3,4", a_csv=b"A,B\n1,2", c_csv=TEXT, __MACOSX_=b"x")
    assert unpack(written(tmp_path, "x.zip", data), CRM, tmp_path / "out").read_bytes() == b"A,B\n1,2\n3,4\n1,2\n"


@pytest.mark.parametrize(
    ("data", "feed", "says"),
    [
        (gzip.compress(TEXT * 999)[:-30], "crm", "x cannot be unpacked; it seems to be damaged or cut off"),
        (zipped(a_csv=TEXT, b_csv=b"A,C\n"), "crm", "In x the columns of b.csv are not those of the first."),
        (zipped(a_xml=b"<a/>", b_xml=b"<a/>"), "markit", "x holds 2 XML files; send them one by one."),
        (zipped(), "crm", "x cannot be unpacked"),
        (gzip.compress(gzip.compress(TEXT)), "crm", "x holds another compressed file; compress it once and send"),
    ],
)
def test_a_bad_archive_says_what_is_wrong(tmp_path: Path, data: bytes, feed: str, says: str) -> None:
    path = written(tmp_path, "x", data if not data.startswith(b"PK\x05") else b"PK\x03\x04")
    with pytest.raises(BadArchive) as problem:
        unpack(path, adapter_of(feed).format.kind, tmp_path / "out")
    assert str(problem.value).startswith(says)


def test_a_full_disk_is_no_fault_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "crm.csv.gz"
    path.write_bytes(gzip.compress(b"A,B\n1,2\n"))
    monkeypatch.setattr(unpacking._Target, "pour", full)
    with pytest.raises(OSError, match="No space left"):
        unpack(path, adapter_of("crm").format.kind, tmp_path / "unpacked")


@pytest.mark.parametrize("pack", [gzip.compress, zstd, lambda data: zipped(x_csv=data)])
def test_a_bomb_is_stopped_before_it_fills_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(unpacking, "LEAST_LIMIT", 1 << 20)
    with pytest.raises(BadArchive, match="unpacks to more than"):
        unpack(written(tmp_path, "bomb", pack(bytes(64 << 20))), CRM, tmp_path / "out")
    assert (tmp_path / "out" / "bomb.unpacked").stat().st_size < 64 << 20


@pytest.mark.django_db
def test_a_compressed_file_is_loaded_and_kept_as_it_came(load: Load, tmp_path: Path) -> None:
    packed = gzip.compress(customers(tmp_path, {}, {"CUSTOMER_ID": "C2"}).read_bytes())
    run = load("crm", written(tmp_path, "crm.csv.gz", packed))
    assert (run.landed, run.created) == (2, 2)
    assert run.raw_location.endswith("/crm.csv.gz")
    assert run.bytes == len(packed)
