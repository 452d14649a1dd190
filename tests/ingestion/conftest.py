"""Files to load, the lake of both kinds, and a load in one call."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from ingestion.actions import create_run
from ingestion.lake import Lake, open_lake
from ingestion.models import FeedRun
from ingestion.sample.sources import CRM_COLUMNS, DNB_COLUMNS

GOOD_LEI = "5493001KJTIIGC8Y1R12"  # the example of ISO 17442
BAD_LEI = "5493001KJTIIGC8Y1R13"
CUSTOMER = {
    "CUSTOMER_ID": "C1",
    "CUSTOMER_TYPE": "P",
    "FIRST_NAME": "Ann",
    "LAST_NAME": "Smith",
    "BIRTH_DATE": "1984-03-12",
    "STREET": "14 Mill Lane",
    "CITY": "Leeds",
    "ZIP": "LS1 4DY",
    "COUNTRY": "United Kingdom",
    "LAST_CHANGED": "2026-05-01T10:00:00Z",
}
COMPANY = {
    "DUNS_NUMBER": "150483782",
    "PRIMARY_NAME": "ACME HOLDINGS LTD",
    "COUNTRY_CODE": "GB",
    "CITY_NAME": "LEEDS",
    "UPDATED": "20260501",
}

Load = Callable[..., FeedRun]


def csv_text(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    """CSV with a header; what a row does not name is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def customers(folder: Path, *rows: Mapping[str, str], name: str = "crm.csv") -> Path:
    """A CRM file; each row is `CUSTOMER` with these changes."""
    path = folder / name
    path.write_text(csv_text(CRM_COLUMNS, ({**CUSTOMER, **row} for row in rows)), encoding="utf-8")
    return path


def companies(folder: Path, *rows: Mapping[str, str], name: str = "dnb.csv") -> Path:
    """A D&B file; each row is `COMPANY` with these changes."""
    path = folder / name
    path.write_text(csv_text(DNB_COLUMNS, ({**COMPANY, **row} for row in rows)), encoding="utf-8")
    return path


def written(folder: Path, name: str, content: str | bytes) -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.fixture(params=["folder", "bucket"])
def lake(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Lake:
    """The lake in a folder, then on the embedded S3."""
    if request.param == "folder":
        settings.LAKE_URL = (tmp_path / "lake").as_uri()
    else:
        settings.LAKE_URL = f"{settings.LAKE_URL}/{tmp_path.name}"
    lake = open_lake()
    lake.prepare()
    return lake


@pytest.fixture
def load(db: None, settings: Any, tmp_path: Path) -> Load:
    """Loads a file of a feed in this process, into a lake of its own."""
    from ingestion import loading

    settings.LAKE_URL = (tmp_path / "lake").as_uri()

    def carry_out(feed: str, path: Path | str, **options: Any) -> FeedRun:
        return loading.load(create_run(feed=feed, location=str(path), actor="user:dan"), **options)

    return carry_out


@pytest.fixture
def hub_connection(db: None) -> Iterator[Any]:
    """Another session of the test's database."""
    other = connection.copy()
    yield other
    other.close()
