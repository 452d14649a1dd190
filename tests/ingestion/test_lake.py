"""The lake, in a folder and on S3: whole sets or none, and clear words where something is wrong."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.core.management import call_command

from ingestion.lake import FolderStore, Lake, LakeAway, LakeError, checksum, fetch, open_lake
from ingestion.lake.bucket import guarded
from tests.ingestion.conftest import written


def test_a_set_is_published_with_its_manifest(lake: Lake, tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "x\n1\n")
    manifest = lake.publish("raw/crm/1", {"a.csv": path}, {"feed": "crm"})
    assert lake.manifest("raw/crm/1") == manifest
    assert manifest["files"] == [{"name": "a.csv", "bytes": 4, "sha256": checksum(path)}]
    lake.get("raw/crm/1/a.csv", tmp_path / "back.csv")
    assert (tmp_path / "back.csv").read_bytes() == b"x\n1\n"
    assert [entry.name for entry in lake.list("raw/crm/")] == ["raw/crm/1/a.csv", "raw/crm/1/manifest.json"]


def test_a_set_that_broke_off_does_not_exist_and_is_replaced_whole(lake: Lake, tmp_path: Path) -> None:
    first = {"part-0": written(tmp_path, "0", "zero"), "part-1": written(tmp_path, "1", "one")}
    lake.publish("curated/crm/run=1", first, {})
    with pytest.raises(LakeError, match=r"Cannot write .*curated/crm/run=1"):
        lake.publish("curated/crm/run=1", {"part-0": first["part-0"], "part-1": tmp_path / "gone"}, {})
    assert lake.manifest("curated/crm/run=1") is None
    lake.publish("curated/crm/run=1", {"part-0": first["part-0"]}, {})
    names = [entry.name.rpartition("/")[2] for entry in lake.list("curated/crm/run=1/")]
    assert names == ["manifest.json", "part-0"]


def test_a_large_object_goes_in_parts_and_comes_back_the_same(lake: Lake, tmp_path: Path) -> None:
    path = written(tmp_path, "large", bytes(range(256)) * 80_000)  # 20 MB, above the size of a part
    lake.publish("raw/large", {"large": path}, {})
    lake.get("raw/large/large", tmp_path / "back")
    assert checksum(tmp_path / "back") == checksum(path)


def test_a_deleted_set_is_gone(lake: Lake, tmp_path: Path) -> None:
    lake.publish("golden/1", {"a": written(tmp_path, "a", "a")}, {})
    lake.put_bytes(b"golden/1", "golden/latest")
    lake.delete("golden/1")
    assert lake.manifest("golden/1") is None
    assert [entry.name for entry in lake.list("golden/")] == ["golden/latest"]
    assert lake.get_bytes("golden/latest") == b"golden/1"
    assert lake.get_bytes("golden/none") is None


def test_an_object_of_the_lake_can_be_loaded_by_its_url(lake: Lake, tmp_path: Path) -> None:
    lake.publish("raw/in", {"a.csv": written(tmp_path, "a.csv", "x")}, {})
    (tmp_path / "copy").mkdir()
    assert fetch(lake.location("raw/in/a.csv"), tmp_path / "copy").read_text() == "x"


def test_a_missing_object_is_named(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=r"raw/none\.csv"):
        fetch(lake.location("raw/none.csv"), tmp_path)
    with pytest.raises(LakeError, match=r"Cannot read .*raw/none\.csv"):
        lake.get("raw/none.csv", tmp_path / "x")


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=r"There is no file .*crm\.csv\."):
        fetch(str(tmp_path / "crm.csv"), tmp_path)
    with pytest.raises(LakeError, match="is no file that can be read"):
        fetch(str(tmp_path), tmp_path)


def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="leads out of the lake"):
        FolderStore(tmp_path / "lake").put_bytes(b"x", "../evil")


@pytest.mark.parametrize("url", ["http://somewhere", "s3://", "lake"])
def test_an_address_that_is_no_lake_is_refused(url: str) -> None:
    with pytest.raises(LakeError, match="it must be s3://bucket/prefix or file:///folder"):
        open_lake(url)


def test_a_lake_that_does_not_answer_is_named(settings: Any) -> None:
    settings.LAKE_URL, settings.AWS_ENDPOINT_URL = "s3://party-hub/x", "http://127.0.0.1:1"
    with pytest.raises(
        LakeAway, match=r"Cannot read s3://party-hub/x/a: .* Look whether the lake answers, and try again"
    ):
        open_lake().get_bytes("a")


@pytest.mark.parametrize(
    ("code", "status", "says"),
    [
        ("404", 404, "it is not there. Put it there, or correct the name."),
        ("NoSuchBucket", 404, "there is no such bucket. Correct the address, or let an operator run init_lake"),
        ("AccessDenied", 403, "access is denied. Let an operator check the keys"),
        ("SignatureDoesNotMatch", 403, "the secret is not that of the access key. Let an operator correct"),
        ("SlowDown", 503, "Reduce your rate. Look whether the lake answers, and try again."),
        ("Odd", 400, "Reduce your rate. Let an operator see to it, and try again."),
    ],
)
def test_what_a_lake_refuses_is_said_with_what_to_do(code: str, status: int, says: str) -> None:
    def refuse() -> None:
        error = {"Error": {"Code": code, "Message": "Reduce your rate."}}
        raise ClientError({**error, "ResponseMetadata": {"HTTPStatusCode": status}}, "GetObject")  # type: ignore[typeddict-item]

    with pytest.raises(LakeError) as refused:
        guarded("Cannot read s3://a/b", refuse)
    assert str(refused.value).startswith(f"Cannot read s3://a/b: {says}")


def test_init_lake_makes_the_lake_and_may_be_run_again(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("init_lake")
    call_command("init_lake")
    assert f"The lake is at {lake.url}" in capsys.readouterr().out
