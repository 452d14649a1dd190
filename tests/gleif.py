"""A small group as GLEIF publishes it: level 1, relationship records and reporting exceptions, as CSV.

Fiordland Holding SE stands above Fiordland Bank AG, which has a subsidiary of 75 %, a branch abroad and a fund with a
sub-fund. The holding names nobody above itself, and one child's parent has no LEI. The names and numbers are made up;
the check digits hold.
"""

from pathlib import Path

from tests.ingestion.conftest import csv_text


def lei(stem: str) -> str:
    """An LEI that begins with `stem`: filled up, with its check digits (ISO 7064 mod 97-10)."""
    body = f"{stem:0<18}"[:18]
    number = int("".join(str(int(sign, 36)) for sign in f"{body}00"))
    return f"{body}{98 - number % 97:02}"


HOLDING, BANK, LEASING, BRANCH = (lei(f"5299FIORD{name}") for name in ("HOLD", "BANK", "LEAS", "BRAN"))
UMBRELLA, FUND, UNKNOWN = (lei(f"5299FIORD{name}") for name in ("UMBR", "FUND", "NONE"))
NAMES = {
    HOLDING: ("Fiordland Holding SE", "DE", "Frankfurt am Main"),
    BANK: ("Fiordland Bank AG", "DE", "Frankfurt am Main"),
    LEASING: ("Fiordland Leasing GmbH", "AT", "Wien"),
    BRANCH: ("Fiordland Bank AG, London Branch", "GB", "London"),
    UMBRELLA: ("Fiordland Invest SICAV", "LU", "Luxembourg"),
    FUND: ("Fiordland Invest SICAV - European Equity", "LU", "Luxembourg"),
}
_START, _END = "Relationship.StartNode.NodeID", "Relationship.EndNode.NodeID"
_PERIOD = "Relationship.Period"
RR_COLUMNS = (
    _START, "Relationship.StartNode.NodeIDType", _END, "Relationship.EndNode.NodeIDType",
    "Relationship.RelationshipType", "Relationship.RelationshipStatus",
    *(f"{_PERIOD}.{n}.{part}" for n in (1, 2) for part in ("startDate", "endDate", "periodType")),
    "Relationship.Quantifiers.1.MeasurementMethod", "Relationship.Quantifiers.1.QuantifierAmount",
    "Relationship.Quantifiers.1.QuantifierUnits", "Registration.InitialRegistrationDate",
    "Registration.LastUpdateDate", "Registration.RegistrationStatus",
)  # fmt: skip
REPEX_COLUMNS = ("LEI", "Exception.Category", "Exception.Reason.1", "Exception.Reference.1")
LEVEL_1_COLUMNS = (
    "LEI", "Entity.LegalName", "Entity.LegalAddress.FirstAddressLine", "Entity.LegalAddress.City",
    "Entity.LegalAddress.Country", "Entity.LegalJurisdiction", "Entity.EntityStatus",
    "Entity.SuccessorEntity.1.SuccessorLEI", "Registration.LastUpdateDate", "Registration.RegistrationStatus",
)  # fmt: skip


def relationship(start: str, type: str, end: str, **more: str) -> dict[str, str]:
    """A row of the relationship records."""
    return {
        _START: start, "Relationship.StartNode.NodeIDType": "LEI", _END: end, "Relationship.EndNode.NodeIDType": "LEI",
        "Relationship.RelationshipType": type, "Relationship.RelationshipStatus": "ACTIVE",
        f"{_PERIOD}.1.startDate": "2025-01-01T00:00:00.000Z", f"{_PERIOD}.1.endDate": "2025-12-31T00:00:00.000Z",
        f"{_PERIOD}.1.periodType": "ACCOUNTING_PERIOD", f"{_PERIOD}.2.startDate": "2014-05-02T00:00:00.000Z",
        f"{_PERIOD}.2.periodType": "RELATIONSHIP_PERIOD", "Registration.LastUpdateDate": "2026-03-01T08:00:00.000Z",
        "Registration.RegistrationStatus": "PUBLISHED", **more,
    }  # fmt: skip


RELATIONSHIPS = [
    relationship(BANK, "IS_DIRECTLY_CONSOLIDATED_BY", HOLDING),
    relationship(BANK, "IS_ULTIMATELY_CONSOLIDATED_BY", HOLDING),
    relationship(
        LEASING, "IS_DIRECTLY_CONSOLIDATED_BY", BANK, **{"Relationship.Quantifiers.1.QuantifierAmount": "75.00"}
    ),
    relationship(LEASING, "IS_ULTIMATELY_CONSOLIDATED_BY", HOLDING),
    relationship(BRANCH, "IS_INTERNATIONAL_BRANCH_OF", BANK),
    relationship(UMBRELLA, "IS_DIRECTLY_CONSOLIDATED_BY", BANK),
    relationship(FUND, "IS_SUBFUND_OF", UMBRELLA),
    relationship(FUND, "IS_FUND-MANAGED_BY", BANK),
    relationship(UNKNOWN, "IS_DIRECTLY_CONSOLIDATED_BY", LEASING),
    relationship(LEASING, "IS_DIRECTLY_CONSOLIDATED_BY", HOLDING, **{"Relationship.RelationshipStatus": "INACTIVE"}),
]
EXCEPTIONS = [
    {"LEI": HOLDING, "Exception.Category": f"{level}_ACCOUNTING_CONSOLIDATION_PARENT", "Exception.Reason.1": reason}
    for level, reason in (("DIRECT", "NATURAL_PERSONS"), ("ULTIMATE", "NO_KNOWN_PERSON"))
] + [
    {
        "LEI": FUND, "Exception.Category": "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT",
        "Exception.Reason.1": "NON_CONSOLIDATING", "Exception.Reference.1": "Investment entity, IFRS 10.31",
    }
]  # fmt: skip


def level_1(status: dict[str, str] | None = None) -> list[dict[str, str]]:
    """The entities themselves; `status` by LEI where it is not ISSUED."""
    return [
        {
            "LEI": one, "Entity.LegalName": name, "Entity.LegalAddress.FirstAddressLine": f"Hafenstraße {number}",
            "Entity.LegalAddress.City": city, "Entity.LegalAddress.Country": country,
            "Entity.LegalJurisdiction": country, "Entity.EntityStatus": "ACTIVE",
            "Registration.LastUpdateDate": "2026-02-01T08:00:00.000Z",
            "Registration.RegistrationStatus": (status or {}).get(one, "ISSUED"),
        }
        for number, (one, (name, country, city)) in enumerate(NAMES.items(), 1)
    ]  # fmt: skip


def write_files(folder: Path) -> dict[str, Path]:
    """The three files by feed."""
    found = {}
    for feed, columns, rows in (
        ("gleif", LEVEL_1_COLUMNS, level_1()),
        ("gleif-rr", RR_COLUMNS, RELATIONSHIPS),
        ("gleif-repex", REPEX_COLUMNS, EXCEPTIONS),
    ):
        found[feed] = folder / f"{feed}.csv"
        found[feed].write_text(csv_text(columns, rows), encoding="utf-8")
    return found
