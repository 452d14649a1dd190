"""A cell that says something of which nothing can be made is left out, and that is told."""

from pathlib import Path
from typing import Any

import pytest

from ingestion.feeds import adapter_of, adapters
from ingestion.mapping.canonical_rows import CURATED
from ingestion.mapping.kernel import map_objects
from ingestion.mapping.rules import UNREAD
from ingestion.models import QualityResult
from tests.ingestion.conftest import Load, companies

PERSON = {"CUSTOMER_ID": "C1", "CUSTOMER_TYPE": "P", "LAST_NAME": "Smith", "FIRST_NAME": "Ann"}


def unread(feed: str, **row: Any) -> str | None:
    (found,) = map_objects(adapter_of(feed), [row]).to_pylist()
    assert not found["problem_reason"], found["problem_reason"]
    return found["unread"]


@pytest.mark.parametrize(
    ("column", "text"),
    [("EMAIL", "ann at example"), ("COUNTRY", "Atlantis"), ("TAX_COUNTRY", "Atlantis"), ("PHONE", "ask at the desk")],
)
def test_a_cell_that_cannot_be_read_is_named(column: str, text: str) -> None:
    assert unread("crm", **PERSON, **{column: text}) == column


def test_of_several_each_is_named_once() -> None:
    address = {"STREET": "1 High Street", "CITY": "Leeds", "COUNTRY": "Atlantis"}
    assert unread("crm", **PERSON, **address, EMAIL="ann", TAX_COUNTRY="GB") == "COUNTRY, EMAIL"


@pytest.mark.parametrize("text", ["", "n/a", "Unknown", "-", "none"])
def test_a_word_for_nothing_is_not_left_out(text: str) -> None:
    assert unread("crm", **PERSON, EMAIL=text, COUNTRY=text, PHONE=text) is None


def test_what_is_read_is_not_named() -> None:
    said = {"EMAIL": "Ann@Example.org", "COUNTRY": "Deutschland", "PHONE": "+44 113 496 0000", "GENDER": "F"}
    assert unread("crm", **PERSON, **said) is None


def test_every_feed_but_canonical_events_is_watched_and_no_row_waits_for_it() -> None:
    assert [name for name, adapter in adapters().items() if UNREAD not in adapter.rules] == ["events"]
    assert (str(UNREAD.severity), "unread" in CURATED.names) == ("warn", False)


@pytest.mark.spark
@pytest.mark.django_db
def test_a_run_tells_the_line_of_a_cell_that_was_left_out_and_takes_the_row(load: Load, tmp_path: Path) -> None:
    run = load("dnb", companies(tmp_path, {}, {"DUNS_NUMBER": "150483783", "COUNTRY_CODE": "Atlantis"}))
    assert (run.created, run.quarantined) == (2, 0)
    found = QualityResult.objects.get(run=run, column="unread")
    assert (found.dimension, found.passed, found.failing, found.lines) == ("validity", False, 1, [3])
