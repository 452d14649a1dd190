"""GLEIF: the golden copy of all Legal Entity Identifiers, level 1 (who is who), CSV in the columns of LEI-CDF 2.1 and
3.1.

Column names: https://www.gleif.org/en/lei-data/access-and-use-lei-data. Columns that come with a later version of the
format, or are left
out of an extract, may be missing; only those in `required` must be there.
"""

from ingestion.mapping.adapter import (
    Adapter,
    Address,
    Deletion,
    Format,
    Identifier,
    Name,
    Relation,
    Rule,
    Severity,
    Value,
)
from ingestion.mapping.rules import (
    ADDRESS_IN_ITS_COUNTRY,
    EVERY_FEED,
    INCORPORATED_BEFORE,
    LEGAL_FORM_OF_ITS_COUNTRY,
    POSTCODE_OF_ITS_COUNTRY,
    mostly_filled,
)
from party_hub.domain.attributes import PartyType

_OTHER_NAME = "Entity.OtherEntityNames.OtherEntityName"
_TRANSLITERATED = "Entity.TransliteratedOtherEntityNames.TransliteratedOtherEntityName"
# Several may follow an entity that was split; until version 3.1 of the format there was one.
_SUCCESSORS = (
    "Entity.SuccessorEntity.SuccessorLEI",
    *(f"Entity.SuccessorEntity.{n}.SuccessorLEI" for n in range(1, 6)),
)
_KINDS = {
    "PREVIOUS_LEGAL_NAME": "former",
    "TRADING_OR_OPERATING_NAME": "trade",
    "ALTERNATIVE_LANGUAGE_LEGAL_NAME": "alias",
    "AUTO_ASCII_TRANSLITERATED_LEGAL_NAME": "transliterated",
    "PREFERRED_ASCII_TRANSLITERATED_LEGAL_NAME": "transliterated",
}


def _names(stem: str, type: str) -> tuple[Name, ...]:
    return tuple(
        Name(full=f"{stem}.{n}", type=type, kind=f"{stem}.{n}.type", kinds=_KINDS, language=f"{stem}.{n}.xmllang")
        for n in range(1, 6)
    )


def _address(which: str, type: str) -> Address:
    stem = f"Entity.{which}"
    lines = ("FirstAddressLine", *(f"AdditionalAddressLine.{n}" for n in range(1, 4)))
    return Address(
        street=tuple(f"{stem}.{line}" for line in lines),
        city=f"{stem}.City",
        region=f"{stem}.Region",
        postcode=f"{stem}.PostalCode",
        country=f"{stem}.Country",
        type=type,
    )


ADAPTER = Adapter(
    name="gleif",
    title="GLEIF golden copy, level 1",
    source="gleif",
    format=Format(),
    key="LEI",
    required=("LEI", "Entity.LegalName", "Entity.LegalAddress.Country", "Registration.LastUpdateDate"),
    party_type=PartyType.LEGAL_ENTITY,
    # The jurisdiction says whose law the entity is under; a fund's office may be elsewhere.
    country=("Entity.LegalJurisdiction", "Entity.LegalAddress.Country"),
    effective_at="Registration.LastUpdateDate",
    # An LEI that was given twice, or never should have been. One that is retired or lapsed still names an entity.
    deletion=Deletion("Registration.RegistrationStatus", ("annulled", "duplicate")),
    maps=(
        Name(full="Entity.LegalName", language="Entity.LegalName.xmllang"),
        *_names(_OTHER_NAME, "alias"),
        *_names(_TRANSLITERATED, "transliterated"),
        _address("LegalAddress", "legal"),
        _address("HeadquartersAddress", "headquarters"),
        Identifier("lei", "LEI", status="Registration.RegistrationStatus"),
        Identifier(
            "registration_number",
            "Entity.RegistrationAuthority.RegistrationAuthorityEntityID",
            country="Entity.LegalJurisdiction",
        ),
        *(Relation("successor", "lei", column) for column in _SUCCESSORS),
        # 8888 and 9999 are the ELF codes for "none" and "not in the list yet".
        Value(
            "legal_form",
            ("Entity.LegalForm.EntityLegalFormCode", "Entity.LegalForm.OtherLegalForm"),
            skip=("8888", "9999", "OTHER"),
        ),
        Value("date_of_incorporation", ("Entity.EntityCreationDate",)),
        Value("status", ("Entity.EntityStatus",), choices={"active": "active", "inactive": "inactive"}),
    ),
    rules=(
        *EVERY_FEED,
        Rule("expect_column_values_to_not_be_null", "country", "The legal jurisdiction is no country.", Severity.WARN),
        mostly_filled("city", 0.95),
        mostly_filled("postcode", 0.5),
        POSTCODE_OF_ITS_COUNTRY,
        ADDRESS_IN_ITS_COUNTRY,
        LEGAL_FORM_OF_ITS_COUNTRY,
        INCORPORATED_BEFORE,
    ),
)
