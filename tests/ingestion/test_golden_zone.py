"""Snapshots of the golden zone: a reader follows `latest.json`, which never leads to half of one."""

import json
from typing import Any

import pytest

from ingestion.golden_zone import LATEST, publish_to_lake
from ingestion.lake import MANIFEST, Lake, LakeError

pytestmark = pytest.mark.django_db


def latest(lake: Lake) -> str:
    """What a reader is led to."""
    return str(json.loads(lake.get_bytes(LATEST) or b"")["snapshot"])


def snapshots(lake: Lake) -> list[str]:
    """The whole ones, oldest first."""
    found = (entry.name.rpartition("/") for entry in lake.list("golden/"))
    return [folder for folder, _, file in found if file == MANIFEST]


@pytest.mark.parametrize("breaks_at", [MANIFEST, LATEST])
def test_a_snapshot_that_breaks_off_leaves_the_one_before_it(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, breaks_at: str
) -> None:
    first = lake.name(publish_to_lake().location)
    with monkeypatch.context() as patch:
        patch.setattr(type(lake._store), "put_bytes", breaking_off(type(lake._store).put_bytes, breaks_at))
        with pytest.raises(LakeError, match="the disk is full"):
            publish_to_lake()
    assert latest(lake) == first
    assert len(snapshots(lake)) == (1 if breaks_at == MANIFEST else 2)
    second = lake.name(publish_to_lake().location)
    assert latest(lake) == second == snapshots(lake)[-1]


def breaking_off(put_bytes: Any, name: str) -> Any:
    """`put_bytes`, but for one object."""

    def put(store: Any, data: bytes, to: str) -> None:
        if to.endswith(name):
            raise OSError("the disk is full")
        put_bytes(store, data, to)

    return put
