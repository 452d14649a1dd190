"""Small made-up populations for the engine's tests."""

import random
from typing import Any

import pyarrow as pa

from matching.engine.columns import CANONICAL, conform

GIVEN = ["Ann", "Bill", "William", "José", "Мария", "Liz", "Elizabeth", "Jean-Luc", "Mary Jane", "J", "Bob", "Li", ""]
FAMILY = [
    "Smith",
    "Smyth",
    "Müller",
    "O'Brien",
    "Петров",
    "García López",
    "van der Berg",
    "Lee",
    "Kowalski",
    "Jones",
    "",
]
FIRMS = [
    "Acme Holdings LLC",
    "ACME HLDGS",
    "Acme Capital Inc.",
    "Northwind Traders Ltd",
    "Nordwind GmbH & Co. KG",
    "Газпром ПАО",
    "株式会社トヨタ",
    "Smith & Sons",
    "Smith II Fund",
    "Smith III Fund",
    "",
]
STREETS = [
    "12 Main Street",
    "12 MAIN ST.",
    "12 Main St, Apt 4",
    "Hauptstraße 7",
    "7 Haupt Strasse",
    "14 Main Street",
    "",
]
DAYS = ["1980-01-02", "02.01.1980", "1980-02-01", "1/2/80", "1981-01-02", "1980-01-01", "n/a", ""]
TAXES = ["123-45-6788", "123456788", "123456789", "987654320", "999-99-9999", ""]
PHONES = ["+1 212 555 0147", "(212) 555-0147", "2125550147", "+44 20 7946 0958", "0000000000", ""]
MAILS = ["ann.smith@gmail.com", "annsmith+x@gmail.com", "ann.smith@acme.com", "info@acme.com", "none@none.com", ""]
POSTCODES = ["10001", "10001-1234", "10002", "SW1A 1AA", "sw1a1aa", ""]
CITIES = ["New York", "NEW YORK", "Newyork", "München", "Muenchen", ""]


def population(count: int, seed: int = 1) -> pa.Table:
    """`count` records of both kinds with much in common, in the canonical schema."""
    draw = random.Random(seed)
    rows = [_record(draw, number) for number in range(count)]
    return conform(pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in CANONICAL])))


def _record(draw: random.Random, number: int) -> dict[str, Any]:
    person = draw.random() < 0.5
    given, family = draw.choice(GIVEN), draw.choice(FAMILY)
    return {
        "record_id": f"{number:05d}",
        "source": draw.choice(["crm", "dnb"]),
        "party_type": "individual" if person else "organisation",
        "full_name": f"{given} {family}" if person else draw.choice(FIRMS),
        "given_name": given if person else "",
        "family_name": family if person else "",
        "date_of_birth": draw.choice(DAYS) if person else "",
        "tax_id": draw.choice(TAXES),
        "phone": draw.choice(PHONES),
        "email": draw.choice(MAILS),
        "address": draw.choice(STREETS),
        "postcode": draw.choice(POSTCODES),
        "city": draw.choice(CITIES),
        "country": draw.choice(["US", "USA", "Germany", ""]),
    }
