"""Dun & Bradstreet: companies worldwide under their DUNS numbers, with their corporate family's head."""

from ingestion.mapping.adapter import Adapter, Address, Format, Identifier, Name, Phone, Rule, Severity, Value, Website
from ingestion.mapping.rules import EVERY_FEED, TAX_IDS_MOSTLY_TRUE, mostly_filled
from party_hub.domain.attributes import PartyType

ADAPTER = Adapter(
    name="dnb",
    title="D&B companies",
    source="dnb",
    format=Format(),
    key="DUNS_NUMBER",
    required=("DUNS_NUMBER", "PRIMARY_NAME"),
    party_type=PartyType.ORGANISATION,
    country=("COUNTRY_CODE",),
    effective_at="UPDATED",
    date_formats=("%Y%m%d", "%Y"),
    maps=(
        Name(full="PRIMARY_NAME"),
        Name(full="TRADE_STYLE", type="trade"),
        Name(full="FORMER_NAME", type="former"),
        Value("legal_form", ("LEGAL_FORM",)),
        Value("date_of_incorporation", ("START_DATE",)),
        Value("industry_code", ("SIC_CODE",), prefix="sic:"),
        Value("employees", ("EMPLOYEES_TOTAL",)),
        Value("ultimate_parent_duns", ("GLOBAL_ULTIMATE_DUNS",)),
        Value("status", ("OPERATING_STATUS",), choices={"active": "active", "out of business": "inactive"}),
        Address(
            street=("STREET_ADDRESS",),
            city="CITY_NAME",
            region="STATE_PROVINCE",
            postcode="POSTAL_CODE",
            country="COUNTRY_CODE",
            type="headquarters",
        ),
        Identifier("duns", "DUNS_NUMBER"),
        Identifier("lei", "LEI"),
        Identifier("tax_id", "TAX_ID", country="COUNTRY_CODE"),
        Identifier("registration_number", "REGISTRATION_NUMBER", country="COUNTRY_CODE"),
        Phone("TELEPHONE"),
        Website("WEB_ADDRESS"),
    ),
    rules=(
        *EVERY_FEED,
        TAX_IDS_MOSTLY_TRUE,
        Rule(
            "expect_column_values_to_match_regex",
            "key",
            "The DUNS number is not nine digits.",
            Severity.QUARANTINE,
            {"regex": r"^\d{9}$"},
        ),
        mostly_filled("country", 0.98),
        mostly_filled("street", 0.7),
        mostly_filled("city", 0.7),
    ),
)
