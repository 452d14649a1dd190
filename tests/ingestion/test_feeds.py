"""Each feed's adapter: its columns become these canonical attributes."""

import json
from typing import Any

import pytest

from ingestion.feeds import UnknownFeed, adapter_of, adapters
from ingestion.mapping.kernel import map_objects
from party_hub.domain.attributes import BY_NAME
from tests.ingestion.conftest import BAD_LEI, GOOD_LEI


def mapped(feed: str, **row: Any) -> dict[str, Any]:
    """The canonical row; `attributes` decoded."""
    (found,) = map_objects(adapter_of(feed), [row]).to_pylist()
    return {**found, "attributes": json.loads(found["attributes"])}


def test_every_file_in_the_folder_is_a_feed() -> None:
    assert list(adapters()) == ["crm", "dnb", "events", "gleif", "gleif-repex", "gleif-rr", "markit"]
    with pytest.raises(
        UnknownFeed,
        match=r"There is no feed 'ldap'\. There are crm, dnb, events, gleif, gleif-repex, gleif-rr, markit\.",
    ):
        adapter_of("ldap")


@pytest.mark.parametrize("feed", ["crm", "dnb", "events", "gleif", "gleif-repex", "gleif-rr", "markit"])
def test_an_adapter_makes_known_attributes_only(feed: str) -> None:
    assert {item.attribute for item in adapter_of(feed).maps if hasattr(item, "attribute")} <= set(BY_NAME)


def test_crm_individual() -> None:
    found = mapped(
        "crm",
        CUSTOMER_ID="C1",
        CUSTOMER_TYPE="P",
        FIRST_NAME=" Ana  María ",
        LAST_NAME="García",
        PREVIOUS_NAME="Ana Ruiz",
        BIRTH_DATE="12.03.1984",
        GENDER="F",
        TAX_NO="12345678Z",
        TAX_COUNTRY="ES",
        STREET="Calle Mayor, 3",
        CITY="Madrid",
        ZIP="28013",
        COUNTRY="España",
        PHONE="91 123 45 67",
        MOBILE="n/a",
        EMAIL="Ana@Example.ES",
        STATUS="closed",
        LAST_CHANGED="2026-05-01T10:00:00Z",
    )
    assert found["party_type"] == "individual"
    assert found["effective_at"].isoformat() == "2026-05-01T10:00:00+00:00"
    assert found["attributes"] == {
        "names": [
            {"full": "Ana María García", "given": "Ana María", "family": "García", "type": "legal", "script": "Latn"},
            {"full": "Ana Ruiz", "type": "former", "script": "Latn"},
        ],
        "addresses": [
            {
                "full": "Calle Mayor, 3, Madrid, 28013, ES",
                "street": "Calle Mayor, 3",
                "city": "Madrid",
                "postcode": "28013",
            }
            | {"country": "ES", "type": "residential"}
        ],
        "identifiers": [{"scheme": "tax_id", "value": "12345678Z", "country": "ES", "valid": True}],
        "phones": ["+34911234567"],
        "emails": ["ana@example.es"],
        "country": "ES",
        "date_of_birth": "1984-03-12",
        "gender": "female",
        "status": "inactive",
    }
    assert found["tax_id"] == "12345678Z"


def test_crm_organisation_keeps_a_tax_id_that_fails_its_check_but_marks_it() -> None:
    found = mapped(
        "crm", CUSTOMER_ID="C2", CUSTOMER_TYPE="C", COMPANY_NAME="Acme GmbH", TAX_NO="DE133198836", COUNTRY="DE"
    )
    assert found["party_type"] == "organisation"
    assert found["attributes"]["identifiers"] == [
        {"scheme": "tax_id", "value": "DE133198836", "country": "DE", "valid": False}
    ]
    assert found["problem_reason"] is None


def test_a_name_in_chinese_signs_is_written_family_first_without_a_space() -> None:
    found = mapped("crm", CUSTOMER_ID="C3", CUSTOMER_TYPE="P", FIRST_NAME="伟", LAST_NAME="王", COUNTRY="中国")
    assert found["attributes"]["names"][0]["full"] == "王伟"


def test_dnb() -> None:
    found = mapped(
        "dnb",
        DUNS_NUMBER="15-048-3782",
        PRIMARY_NAME="ACME HOLDINGS LTD",
        TRADE_STYLE="ACME",
        SIC_CODE="6022",
        EMPLOYEES_TOTAL="1,200",
        START_DATE="19991231",
        GLOBAL_ULTIMATE_DUNS="804735132",
        OPERATING_STATUS="OUT OF BUSINESS",
        COUNTRY_CODE="GB",
        UPDATED="20260501",
    )
    attributes = found["attributes"]
    assert found["party_type"] == "organisation"
    assert [name["type"] for name in attributes["names"]] == ["legal", "trade"]
    assert attributes["identifiers"] == [{"scheme": "duns", "value": "150483782", "country": "", "valid": True}]
    assert (attributes["industry_code"], attributes["employees"]) == ("sic:6022", 1200)
    assert attributes["date_of_incorporation"] == "1999-12-31"
    assert attributes["relations"] == [{"type": "global_ultimate", "scheme": "duns", "value": "804735132"}]
    assert attributes["status"] == "inactive"


def test_markit() -> None:
    found = mapped(
        "markit",
        **{
            "entityId": "77123",
            "redCode": "0A1B2C",
            "longName": "Acme PLC",
            "lei": GOOD_LEI.lower(),
            "jurisdiction": "GB",
        },
        **{"ticker": "ACM", "sector": "Energy", "address.city": "London", "lastUpdated": "2026-05-01"},
    )
    schemes = {one["scheme"]: one["value"] for one in found["attributes"]["identifiers"]}
    assert schemes == {"markit_id": "77123", "red_code": "0A1B2C", "lei": GOOD_LEI}
    assert found["party_type"] == "legal_entity"
    assert (found["lei_valid"], found["attributes"]["ticker"]) == (True, "ACM")


def test_gleif() -> None:
    other = "Entity.OtherEntityNames.OtherEntityName"
    found = mapped(
        "gleif",
        **{
            "LEI": GOOD_LEI,
            "Entity.LegalName": "株式会社アクメ",
            "Entity.LegalName.xmllang": "ja",
            f"{other}.1": "Old Acme",
            f"{other}.1.type": "PREVIOUS_LEGAL_NAME",
            "Entity.TransliteratedOtherEntityNames.TransliteratedOtherEntityName.1": "Kabushiki Kaisha Acme",
            "Entity.LegalAddress.FirstAddressLine": "1-1 Marunouchi",
            "Entity.LegalAddress.AdditionalAddressLine.1": "Tower 2",
            "Entity.LegalAddress.City": "Tokyo",
            "Entity.LegalAddress.Region": "JP-13",
            "Entity.LegalAddress.Country": "JP",
            "Entity.HeadquartersAddress.City": "Osaka",
            "Entity.LegalJurisdiction": "US-DE",
            "Entity.LegalForm.EntityLegalFormCode": "9999",
            "Entity.LegalForm.OtherLegalForm": "Kabushiki Kaisha",
            "Entity.EntityStatus": "ACTIVE",
            "Registration.LastUpdateDate": "2019-06-18T14:32:00.000Z",
        },
    )
    attributes = found["attributes"]
    assert [(name["type"], name["script"]) for name in attributes["names"]] == [
        ("legal", "Jpan"),
        ("former", "Latn"),
        ("transliterated", "Latn"),
    ]
    assert attributes["names"][0]["language"] == "ja"
    assert [(one["type"], one.get("street")) for one in attributes["addresses"]] == [
        ("legal", "1-1 Marunouchi, Tower 2"),
        ("headquarters", None),
    ]
    assert attributes["addresses"][0]["region"] == "13"
    assert (attributes["country"], attributes["legal_form"]) == ("US", "Kabushiki Kaisha")


def test_events_in_canonical_attributes_and_in_canonical_columns_come_to_the_same() -> None:
    envelope = {"id": "e1", "source": "events", "key": "A1", "op": "upsert", "effective_at": "2026-05-01T10:00:00Z"}
    nested = mapped(
        "events",
        **envelope,
        attributes={
            "names": [{"given": "Ann", "family": "Smith"}],
            "date_of_birth": "1984-03-12",
            "phones": ["020 7946 0018"],
            "addresses": [{"street": "14 Mill Lane", "city": "Leeds", "country": "UK"}],
            "identifiers": [{"scheme": "lei", "value": BAD_LEI}],
        },
    )
    flat = mapped(
        "events",
        **envelope,
        attributes={
            "given_name": "Ann",
            "family_name": "Smith",
            "date_of_birth": "1984-03-12",
            "phone": "020 7946 0018",
        }
        | {"street": "14 Mill Lane", "city": "Leeds", "country": "UK", "lei": BAD_LEI},
    )
    assert nested["attributes"] == {**flat["attributes"]}
    assert nested["attributes"]["phones"] == ["+442079460018"]
    assert nested["party_type"] == flat["party_type"] == "individual"
    assert nested["lei_valid"] is False


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ("[1]", "The attributes are no JSON object."),
        ('{"names": "Ann"}', "names is not a list of objects."),
        ('{"names": [{"full": "Acme"}], "employees": [3]}', "employees is not a number."),
        (
            '{"names": [{"full": "Acme"}], "identifiers": [{"scheme": "isbn", "value": "1"}]}',
            "identifiers is not of a known scheme",
        ),
        ('{"names": [{"full": "Ann"}], "date_of_birth": "1984-02-31"}', "'1984-02-31' is no date that exists."),
        ('{"phones": ["1"]}', "The name is missing."),
        (r'{"names": [{"full": "A\u0000B"}]}', "The attributes hold a zero byte."),
        (r'{"names": [{"full": "A\ud800B"}]}', "The attributes are no JSON object."),
    ],
)
def test_attributes_of_an_event_that_cannot_be_taken_say_why(attributes: str, reason: str) -> None:
    found = mapped("events", id="e", source="events", key="A1", op="upsert", attributes=attributes)
    assert found["problem_reason"].startswith(reason)
