"""The canonical rows that mapping gives, for rules to look at and for the curated zone to keep."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from .agreement import AGREEMENTS

FLAT_IDENTIFIERS = ("tax_id", "national_id", "passport", "lei", "duns")
_TEXT_COLUMNS = (
    "full_name", "given_name", "middle_name", "family_name", "tax_id", "tax_id_country", "national_id", "passport",
    "lei", "duns",
    "email", "phone", "website", "address", "street", "city", "region", "postcode", "country",
)  # fmt: skip
_NAME_COLUMNS = {"full_name": "full", "given_name": "given", "middle_name": "middle", "family_name": "family"}
_ADDRESS_COLUMNS = {"address": "full"} | {part: part for part in ("street", "city", "region", "postcode")}
_CONTACTS = {"phone": "phones", "email": "emails", "website": "websites"}
# A canonical row. `line` counts the file's rows as a spreadsheet does, the header being 1. `unread` are the columns
# that say something of which nothing could be made, `problem_*` says why the row cannot be taken.
MAPPED = pa.schema(
    [
        ("line", pa.int64()),
        ("key", pa.string()),
        ("source", pa.string()),
        ("party_type", pa.string()),
        ("effective_at", pa.timestamp("us", tz="UTC")),
        ("withdrawn", pa.bool_()),
        ("attributes", pa.string()),
        *((name, pa.string()) for name in _TEXT_COLUMNS),
        ("date_of_birth", pa.date32()),
        ("lei_valid", pa.bool_()),
        ("tax_id_valid", pa.bool_()),
        *((name, pa.bool_()) for name in AGREEMENTS),
        ("unread", pa.string()),
        ("problem_field", pa.string()),
        ("problem_reason", pa.string()),
    ]
)
# What only rules look at is not kept.
_OF_RULES = {*AGREEMENTS, "unread", "problem_field", "problem_reason"}
CURATED = pa.schema([field for field in MAPPED if field.name not in _OF_RULES])


def flat_columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """What rows' attributes are first, as columns: parts of the name and of the address, contacts, country, birth."""
    born = [row.get("date_of_birth") for row in rows]
    return {
        **_parts(rows, "names", _NAME_COLUMNS),
        **_parts(rows, "addresses", _ADDRESS_COLUMNS),
        **{column: [row[name][0] if name in row else None for row in rows] for column, name in _CONTACTS.items()},
        "country": [row.get("country") for row in rows],
        "date_of_birth": [date.fromisoformat(day) if day else None for day in born],
    }


def _parts(rows: Sequence[Mapping[str, Any]], attribute: str, parts: Mapping[str, str]) -> dict[str, list[Any]]:
    firsts = [row[attribute][0] if attribute in row else {} for row in rows]
    return {column: [first.get(part) for first in firsts] for column, part in parts.items()}
