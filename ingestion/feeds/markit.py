"""Markit reference entities: issuers of bonds and shares with their RED codes, in XML."""

from ingestion.mapping.adapter import Adapter, Address, Format, Identifier, Kind, Name, Value
from ingestion.mapping.rules import EVERY_FEED, mostly_filled
from party_hub.domain.attributes import PartyType

ADAPTER = Adapter(
    name="markit",
    title="Markit entities",
    source="markit",
    format=Format(kind=Kind.XML, row="entity"),
    key="entityId",
    required=("entityId", "longName"),
    party_type=PartyType.LEGAL_ENTITY,
    country=("jurisdiction", "address.country"),
    effective_at="lastUpdated",
    maps=(
        Name(full="longName"),
        Name(full="formerName", type="former"),
        Value("legal_form", ("legalForm",)),
        Value("ticker", ("ticker",)),
        Value("sector", ("sector",)),
        Value("status", ("status",), choices={"active": "active", "inactive": "inactive"}),
        Address(
            street=("address.street",),
            city="address.city",
            region="address.region",
            postcode="address.postalCode",
            country="address.country",
        ),
        Identifier("markit_id", "entityId"),
        Identifier("red_code", "redCode"),
        Identifier("lei", "lei"),
        Identifier("registration_number", "registrationNumber", country="jurisdiction"),
    ),
    rules=(*EVERY_FEED, mostly_filled("country", 0.9), mostly_filled("lei", 0.3)),
)
