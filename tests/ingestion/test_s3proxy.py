"""What holds on the S3 from a wheel holds on one of another make: the same tests, where Maven Central answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingestion.lake import Lake, LakeError, open_lake
from tests.embedded import maven, s3proxy
from tests.ingestion.test_arrivals import test_a_bucket_prefix_is_watched_as_a_folder_is  # noqa: F401
from tests.ingestion.test_golden_zone import test_a_snapshot_that_breaks_off_leaves_the_one_before_it  # noqa: F401
from tests.ingestion.test_lake import (  # noqa: F401
    test_a_deleted_set_is_gone,
    test_a_large_object_goes_in_parts_and_comes_back_the_same,
    test_a_missing_object_is_named,
    test_a_set_is_published_with_its_manifest,
    test_a_set_that_broke_off_does_not_exist_and_is_replaced_whole,
    test_an_object_of_the_lake_can_be_loaded_by_its_url,
    test_init_lake_makes_the_lake_and_may_be_run_again,
)
from tests.ingestion.test_loading import (  # noqa: F401
    test_raw_and_curated_zones_hold_the_file_and_the_accepted_rows,
)
from tests.ingestion.test_retention import (  # noqa: F401
    kept,
    test_old_sets_go_and_needed_ones_stay,
    test_the_latest_snapshot_stays,
)
from tests.party_hub.events.test_snapshot import (  # noqa: F401
    test_the_lake_holds_every_live_golden_record_with_its_xrefs,
    three,
)

pytestmark = [pytest.mark.maven, pytest.mark.spark, pytest.mark.django_db]
HOME = Path(__file__).resolve().parent.parent.parent / ".hub" / "s3proxy"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where S3Proxy answers; skipped by name where it cannot be had."""
    try:
        with s3proxy.s3(HOME, tmp_path_factory.mktemp("s3proxy")) as found:
            yield found
    except maven.CannotBeHad as problem:
        pytest.skip(f"no S3Proxy: {problem}")


@pytest.fixture(autouse=True)
def lake(address: str, settings: Any, tmp_path: Path) -> Lake:
    """The lake in a bucket of its own there."""
    settings.AWS_ENDPOINT_URL = address
    settings.AWS_ACCESS_KEY_ID, settings.AWS_SECRET_ACCESS_KEY = s3proxy.KEY, s3proxy.SECRET
    settings.LAKE_URL = f"s3://{tmp_path.name.replace('_', '-')}/lake"
    lake = open_lake()
    lake.prepare()
    return lake


def test_more_objects_than_a_listing_s_page_are_all_listed(lake: Lake) -> None:
    names = [f"many/{number:04}" for number in range(1_005)]
    for name in names:
        lake.put_bytes(b"", name)
    assert [entry.name for entry in lake.list("many/")] == names


def test_a_wrong_secret_is_named(lake: Lake, settings: Any) -> None:
    settings.AWS_SECRET_ACCESS_KEY = "another"
    with pytest.raises(LakeError, match=r"Cannot read s3://.*/lake/a: "):
        lake.get_bytes("a")
