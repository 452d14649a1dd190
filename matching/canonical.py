"""Canonical columns out of a source record's attributes: in SQL for many, in Python for one. A test holds the two
together."""

import io
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.csv

from matching.engine.columns import CANONICAL, conform
from party_hub.domain.attributes import Kind, PartyType
from party_hub.models.copy import copy_out

_SCHEMES = ("tax_id", "national_id", "passport", "lei", "duns")
_NAME = {"full_name": "full", "given_name": "given", "middle_name": "middle", "family_name": "family"}
_ADDRESS = {"address": "full", "street": "street", "city": "city", "region": "region", "postcode": "postcode"}
_FIRST = {"email": "emails", "phone": "phones", "website": "websites"}


def _first_of_scheme(scheme: str, part: str) -> str:
    return f"""(jsonb_path_query_first(attributes, '$.identifiers[*] ? (@.scheme == "{scheme}")')->>'{part}')"""


_SELECTED = {
    "record_id": "id::text",
    "source": "source_id",
    "party_type": "party_type",
    **{column: f"attributes #>> '{{names,0,{part}}}'" for column, part in _NAME.items()},
    "date_of_birth": "attributes->>'date_of_birth'",
    **{scheme: _first_of_scheme(scheme, "value") for scheme in _SCHEMES},
    "tax_id_country": _first_of_scheme("tax_id", "country"),
    **{column: f"attributes #>> '{{{name},0}}'" for column, name in _FIRST.items()},
    **{column: f"attributes #>> '{{addresses,0,{part}}}'" for column, part in _ADDRESS.items()},
    "country": "coalesce(attributes #>> '{addresses,0,country}', attributes->>'country')",
}
_QUERY = "SELECT {columns} FROM party_hub_sourcerecord WHERE withdrawn_at IS NULL {condition} ORDER BY id"


def canonical_table(records: Collection[UUID | str] | None = None, kind: Kind | None = None) -> pa.Table:
    """The live records (None: all), of one kind or both, in the canonical schema, ordered by id."""
    condition = "" if records is None else "AND id = ANY('{" + ",".join(str(UUID(str(one))) for one in records) + "}')"
    if kind is not None:
        condition += f" AND party_type {'=' if kind == Kind.INDIVIDUAL else '<>'} '{PartyType.INDIVIDUAL}'"
    columns = ", ".join(f"{_SELECTED[name]} AS {name}" for name in CANONICAL)
    raw = copy_out(_QUERY.format(columns=columns, condition=condition))
    options = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(CANONICAL, pa.string()),
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
        null_values=[""],
    )
    return conform(
        pyarrow.csv.read_csv(
            io.BytesIO(raw), parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True), convert_options=options
        )
    )


def canonical_row(record_id: str, source: str, party_type: str, attributes: Mapping[str, Any]) -> dict[str, str | None]:
    """One record as `canonical_table` would give it."""
    name: Mapping[str, Any] = next(iter(attributes.get("names") or ()), {})
    address: Mapping[str, Any] = next(iter(attributes.get("addresses") or ()), {})
    identifiers: dict[str, Mapping[str, Any]] = {}
    for identifier in attributes.get("identifiers") or ():
        identifiers.setdefault(identifier.get("scheme", ""), identifier)
    row: dict[str, str | None] = {
        "record_id": record_id,
        "source": source,
        "party_type": party_type,
        "date_of_birth": attributes.get("date_of_birth"),
        "tax_id_country": identifiers.get("tax_id", {}).get("country"),
        "country": address.get("country") if address.get("country") is not None else attributes.get("country"),
    }
    row |= {column: name.get(part) for column, part in _NAME.items()}
    row |= {scheme: identifiers.get(scheme, {}).get("value") for scheme in _SCHEMES}
    row |= {column: next(iter(attributes.get(key) or ()), None) for column, key in _FIRST.items()}
    row |= {column: address.get(part) for column, part in _ADDRESS.items()}
    return {column: row[column] or None for column in CANONICAL}


def as_table(rows: Iterable[Mapping[str, str | None]]) -> pa.Table:
    """Rows of `canonical_row` as a table in the canonical schema."""
    rows = list(rows)
    return conform(pa.table({column: pa.array([row[column] for row in rows], pa.string()) for column in CANONICAL}))
