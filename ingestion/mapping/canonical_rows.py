"""The canonical rows that mapping gives, for rules to look at and for the curated zone to keep."""

import pyarrow as pa

from .agreement import AGREEMENTS

FLAT_IDENTIFIERS = ("tax_id", "national_id", "passport", "lei", "duns")
_TEXT_COLUMNS = (
    "full_name", "given_name", "middle_name", "family_name", "tax_id", "tax_id_country", "national_id", "passport",
    "lei", "duns",
    "email", "phone", "website", "address", "street", "city", "region", "postcode", "country",
)  # fmt: skip
# A canonical row. `line` counts the file's rows as a spreadsheet does, the header being 1. `problem_*` says why it
# cannot be taken.
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
        ("problem_field", pa.string()),
        ("problem_reason", pa.string()),
    ]
)
# What only rules look at is not kept.
CURATED = pa.schema(
    [field for field in MAPPED if not field.name.startswith("problem_") and field.name not in AGREEMENTS]
)
