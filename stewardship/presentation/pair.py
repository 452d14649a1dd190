"""Two source records side by side, attribute by attribute."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from party_hub.models import SourceRecord

from .compare import Row, compare, tally


@dataclass(frozen=True)
class Pair:
    """Two source records, lower id first, with the rows of their attributes and how many of those agree."""

    records: tuple[SourceRecord, SourceRecord]
    rows: list[Row]
    counts: dict[str, int]


def pair_of(left: SourceRecord, right: SourceRecord) -> Pair:
    """The pair with all its values: whoever labels sees personal data."""
    rows = compare(_said(left.attributes), _said(right.attributes), {})
    return Pair((left, right), rows, tally(rows))


def _said(attributes: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """A record's attributes in the form of a lineage in which every value has won."""
    told = {}
    for name, said in attributes.items():
        values = said if isinstance(said, list) else [said] if said not in (None, "") else []
        told[name] = {"values": [{"value": value, "won": True} for value in values]}
    return told
