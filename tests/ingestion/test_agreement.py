"""Consistency: two values of one record against each other; noted, never a reason to keep the record out."""

from pathlib import Path
from typing import Any

import pytest

from ingestion.feeds import adapter_of, adapters
from ingestion.mapping.agreement import AGREEMENTS, form_of, postcode_of
from ingestion.mapping.canonical_rows import CURATED
from ingestion.mapping.kernel import map_objects
from ingestion.models import QualityResult
from tests.ingestion.conftest import GOOD_LEI, Load, companies


@pytest.mark.parametrize(
    ("country", "postcode", "fits"),
    [
        ("GB", "LS1 4DY", True),
        ("GB", "ec1a1bb", True),
        ("GB", "75008", False),
        ("DE", "10115", True),
        ("DE", "D-10115", True),
        ("DE", "1011", False),
        ("US", "02139-4307", True),
        ("CA", "K1A 0B1", True),
        ("NL", "1012 AB", True),
        ("PT", "1000-001", True),
        ("HK", "999077", None),
        ("DE", "", None),
        ("", "10115", None),
    ],
)
def test_a_postcode_fits_its_country(country: str, postcode: str, fits: bool | None) -> None:
    assert postcode_of(country, postcode) is fits


@pytest.mark.parametrize(
    ("country", "code", "fits"),
    [("US", "0AWU", True), ("GB", "0AWU", False), ("GB", "Limited", None), ("", "0AWU", None), ("GB", "8888", None)],
)
def test_a_legal_form_is_one_of_its_country(country: str, code: str, fits: bool | None) -> None:
    assert form_of(country, code) is fits


def mapped(feed: str, **row: Any) -> dict[str, Any]:
    (found,) = map_objects(adapter_of(feed), [row]).to_pylist()
    return {name: found[name] for name in AGREEMENTS}


def test_a_row_that_contradicts_itself_is_known_by_what_does_not_agree() -> None:
    contradiction = {
        "LEI": GOOD_LEI,
        "Entity.LegalName": "Acme",
        "Entity.LegalJurisdiction": "GB",
        "Entity.LegalForm.EntityLegalFormCode": "0AWU",
        "Entity.LegalAddress.City": "Berlin",
        "Entity.LegalAddress.PostalCode": "LS1 4DY",
        "Entity.LegalAddress.Country": "DE",
        "Entity.EntityCreationDate": "2026-06-01",
        "Registration.LastUpdateDate": "2026-05-01T00:00:00Z",
    }
    assert mapped("gleif", **contradiction) == {
        "postcode_agrees": False,
        "address_agrees": False,
        "legal_form_agrees": False,
        "incorporation_agrees": False,
        "tax_id_agrees": None,
    }


def test_what_is_not_said_contradicts_nothing() -> None:
    nothing = mapped("crm", CUSTOMER_ID="C1", CUSTOMER_TYPE="P", LAST_NAME="Smith", TAX_NO="12345678Z")
    assert set(nothing.values()) == {None}
    assert mapped("crm", CUSTOMER_ID="C1", COUNTRY="GB", TAX_COUNTRY="ES", TAX_NO="12345678Z")["tax_id_agrees"] is False


def test_the_rules_are_of_the_consistency_dimension_and_only_note() -> None:
    from ingestion.quality.dimensions import Dimension, dimension_of

    rules = [rule for adapter in adapters().values() for rule in adapter.rules if rule.column in AGREEMENTS]
    assert {rule.column for rule in rules} == set(AGREEMENTS)
    assert {dimension_of(rule) for rule in rules} == {Dimension.CONSISTENCY}
    assert {str(rule.severity) for rule in rules} == {"warn"}
    assert not set(AGREEMENTS) & set(CURATED.names)


@pytest.mark.spark
@pytest.mark.django_db
def test_a_contradiction_is_noted_with_its_line_and_the_row_comes_in(load: Load, tmp_path: Path) -> None:
    run = load("dnb", companies(tmp_path, {}, {"DUNS_NUMBER": "150483783", "POSTAL_CODE": "75008"}))
    assert (run.created, run.quarantined) == (2, 0)
    found = QualityResult.objects.get(run=run, column="postcode_agrees")
    assert (found.dimension, found.passed, found.failing, found.lines) == ("consistency", False, 1, [3])
