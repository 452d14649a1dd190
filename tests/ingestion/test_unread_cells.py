"""A cell that says something of which nothing can be made is left out, and that is told."""

from pathlib import Path
from typing import Any

import pytest

from ingestion.feeds import adapter_of, adapters
from ingestion.mapping.canonical_rows import CURATED
from ingestion.mapping.kernel import map_objects
from ingestion.mapping.rules import UNREAD
from ingestion.models import QualityResult
from tests.ingestion.conftest import GOOD_LEI, Load, companies

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


def test_a_placeholder_for_an_identifier_is_named() -> None:
    assert unread("crm", **PERSON, TAX_NO="000000000") == "TAX_NO"


def event(op: str = "upsert", **attributes: Any) -> dict[str, Any]:
    """A canonical event of somebody who has a name."""
    said = {"names": [{"full": "Ann Smith"}], **attributes}
    return {"id": "e1", "source": "events", "key": "K1", "op": op, "effective_at": "2026-05-01", "attributes": said}


@pytest.mark.parametrize(
    ("attributes", "fields"),
    [
        ({"emails": ["ann at example", "ann@example.org"]}, "emails"),
        ({"email": "ann at example", "phone": "ask at the desk"}, "email, phone"),
        ({"tax_id": "000000000"}, "tax_id"),
        ({"identifiers": [{"scheme": "tax_id", "value": "000000000"}]}, "identifiers"),
        ({"identifiers": [{"scheme": "tax_id", "value": "123", "country": "Atlantis"}]}, "identifiers.country"),
        ({"addresses": [{"city": "Leeds", "country": "Atlantis"}]}, "addresses.country"),
        ({"addresses": [{"region": "Bavaria"}]}, "addresses"),
        ({"addresses": [{"city": "Leeds", "lines": ["1 High Street"]}]}, "addresses.lines"),
        ({"gender": "perhaps"}, "gender"),
        ({"phnes": ["+44 113 496 0000"]}, "phnes"),
        ({"a, b": "1"}, "a b"),
    ],
)
def test_of_an_event_a_value_that_cannot_be_read_and_a_name_that_nobody_knows_are_named(
    attributes: dict[str, Any], fields: str
) -> None:
    assert unread("events", **event(**attributes)) == fields


@pytest.mark.parametrize("nothing", [None, "", [], {}, "n/a", "none"])
def test_of_an_event_what_says_nothing_is_not_left_out(nothing: Any) -> None:
    assert unread("events", **event(phnes=nothing, emails=[nothing] if isinstance(nothing, str) else None)) is None


def test_an_event_that_withdraws_leaves_nothing_out() -> None:
    assert unread("events", **event("withdraw", emails=["ann at example"])) is None


def test_what_the_hub_itself_gives_is_read_without_a_rest() -> None:
    given = {
        "names": [{"full": "Ann Smith", "script": "Latn", "type": "legal", "language": "en"}],
        "identifiers": [{"scheme": "lei", "value": GOOD_LEI, "country": "", "valid": True, "status": "lapsed"}],
    }
    assert unread("events", **event(**given)) is None


def test_every_feed_is_watched_and_no_row_waits_for_it() -> None:
    assert [name for name, adapter in adapters().items() if UNREAD not in adapter.rules] == []
    assert (str(UNREAD.severity), "unread" in CURATED.names) == ("warn", False)


@pytest.mark.spark
@pytest.mark.django_db
def test_a_run_tells_the_line_of_a_cell_that_was_left_out_and_takes_the_row(load: Load, tmp_path: Path) -> None:
    run = load("dnb", companies(tmp_path, {}, {"DUNS_NUMBER": "150483783", "COUNTRY_CODE": "Atlantis"}))
    assert (run.created, run.quarantined) == (2, 0)
    found = QualityResult.objects.get(run=run, column="unread")
    assert (found.dimension, found.passed, found.failing, found.lines) == ("validity", False, 1, [3])
