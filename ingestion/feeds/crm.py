"""The bank's CRM: customers, individuals and companies in one file, as people typed them."""

from ingestion.mapping.adapter import Adapter, Address, Email, Format, Identifier, Name, Phone, Value, Website
from ingestion.mapping.rules import BORN_IN_LIVING_MEMORY, EVERY_FEED, TAX_IDS_MOSTLY_TRUE, mostly_filled
from party_hub.domain.attributes import PartyType

ADAPTER = Adapter(
    name="crm",
    title="CRM customers",
    source="crm",
    format=Format(),
    key="CUSTOMER_ID",
    required=("CUSTOMER_ID", "CUSTOMER_TYPE", "FIRST_NAME", "LAST_NAME", "COMPANY_NAME"),
    party_type="CUSTOMER_TYPE",
    party_types={
        "p": PartyType.INDIVIDUAL,
        "person": PartyType.INDIVIDUAL,
        "individual": PartyType.INDIVIDUAL,
        "c": PartyType.ORGANISATION,
        "company": PartyType.ORGANISATION,
        "organisation": PartyType.ORGANISATION,
    },
    country=("COUNTRY", "TAX_COUNTRY"),
    effective_at="LAST_CHANGED",
    date_formats=("%d.%m.%Y", "%Y/%m/%d", "%Y%m%d"),
    maps=(
        Name(given="FIRST_NAME", middle="MIDDLE_NAME", family="LAST_NAME"),
        Name(full="COMPANY_NAME"),
        Name(full="TRADING_AS", type="trade"),
        Name(full="PREVIOUS_NAME", type="former"),
        Value("date_of_birth", ("BIRTH_DATE",)),
        Value("gender", ("GENDER",)),
        Value("nationality", ("NATIONALITY",)),
        Value("legal_form", ("LEGAL_FORM",)),
        Value("status", ("STATUS",), choices={"closed": "inactive"}),
        Address(street=("STREET",), city="CITY", region="STATE", postcode="ZIP", country="COUNTRY", type="residential"),
        Identifier("lei", "LEI"),
        Identifier("tax_id", "TAX_NO", country="TAX_COUNTRY"),
        Identifier("national_id", "NATIONAL_ID", country="TAX_COUNTRY"),
        Identifier("passport", "PASSPORT_NO", country="NATIONALITY"),
        Identifier("duns", "DUNS_NO"),
        Phone("PHONE"),
        Phone("MOBILE"),
        Email("EMAIL"),
        Website("WEBSITE"),
    ),
    rules=(
        *EVERY_FEED,
        BORN_IN_LIVING_MEMORY,
        TAX_IDS_MOSTLY_TRUE,
        mostly_filled("country", 0.9),
        mostly_filled("postcode", 0.5),
        mostly_filled("city", 0.5),
    ),
)
