"""What an adapter declares: the file's format, its columns, what each becomes, and the rules that its rows must meet.

An adapter is data. One lies in `ingestion/feeds/<name>.py`; the same declarations could as well be read from a table.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from party_hub.domain.attributes import PartyType

_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")


def folded(column: str) -> str:
    """A column's name as it is compared: small letters and digits, so `Customer ID` is `CUSTOMER_ID`."""
    return _NOT_A_LETTER.sub("", column.casefold())


class Kind(StrEnum):
    """File formats."""

    CSV = "csv"
    XML = "xml"
    JSON_LINES = "jsonl"


@dataclass(frozen=True)
class Format:
    """How the file is written. `row` is the element of one row in XML."""

    kind: Kind = Kind.CSV
    delimiter: str = ","
    encoding: str = "utf-8"
    row: str = ""


# -- What a column, or several, become --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Name:
    """A name: in one column (`full`), or in parts. `kinds` maps the text of column `kind` to a name type."""

    full: str = ""
    given: str = ""
    middle: str = ""
    family: str = ""
    type: str = "legal"
    kind: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)
    language: str = ""


@dataclass(frozen=True)
class Address:
    """An address. Several `street` columns are joined."""

    street: tuple[str, ...] = ()
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    type: str = "legal"


@dataclass(frozen=True)
class Identifier:
    """An identifier of a scheme of `party_hub.domain.identifiers`; `country` is the column that says whose it is,
    `status` the one with what its issuer says of it, kept in small letters.
    """

    scheme: str
    column: str
    country: str = ""
    status: str = ""


@dataclass(frozen=True)
class Phone:
    """A telephone number, dialled in the row's country where it has no country code."""

    column: str


@dataclass(frozen=True)
class Email:
    """An e-mail address."""

    column: str


@dataclass(frozen=True)
class Website:
    """A web address."""

    column: str


@dataclass(frozen=True)
class Value:
    """A single-valued attribute, taken from the first of `columns` that has something.

    `choices` maps the source's codes (small letters) to canonical ones; what is not among them stays as it is. `skip`
    lists texts that stand for nothing. `prefix` is set before the value.
    """

    attribute: str
    columns: tuple[str, ...]
    choices: Mapping[str, str] = field(default_factory=dict)
    skip: tuple[str, ...] = ()
    prefix: str = ""


@dataclass(frozen=True)
class Period:
    """The columns of a first and a last day; where there is a column `kind`, they count if it says `means`."""

    since: str
    until: str = ""
    kind: str = ""
    means: str = ""


@dataclass(frozen=True)
class Relation:
    """How the row's party stands to another one, which `column` names by an identifier of `scheme`; or the first filled
    one of `exceptions` says why there is none. Declared after the identifiers: a row that names itself says nothing.

    `type` is a relationship type's code; with `kinds` it is the column whose texts these map to codes. The first of
    `periods` that says a day counts; `share` is the column of a percentage, `ended` that of the texts which mean so. A
    row that is there for its relation (`needed`) is set aside where that cannot be read.
    """

    type: str
    scheme: str = ""
    column: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)
    exceptions: tuple[str, ...] = ()
    reference: str = ""
    periods: tuple[Period, ...] = ()
    share: str = ""
    ended: str = ""
    ended_texts: tuple[str, ...] = ()
    needed: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that it reads."""
        periods = [column for period in self.periods for column in (period.since, period.until, period.kind)]
        kind = (self.type,) if self.kinds else ()
        return (*kind, self.column, *self.exceptions, self.reference, *periods, self.share, self.ended)


Map = Name | Address | Identifier | Phone | Email | Website | Value | Relation


@dataclass(frozen=True)
class Deletion:
    """How a row of a delta says that its record is gone: `column` holds one of `values` (small letters)."""

    column: str
    values: tuple[str, ...]


# -- What the rows must meet ------------------------------------------------------------------------------------------


class Severity(StrEnum):
    """What happens when a rule is broken: it is noted, the row is set aside, or the run stops."""

    WARN = "warn"
    QUARANTINE = "quarantine"
    STOP = "stop"


@dataclass(frozen=True)
class Rule:
    """A Great Expectations expectation on a canonical column, and what a steward reads where it fails.

    `expectation` is its name there (`expect_column_values_to_not_be_null`), `options` its arguments besides the column.
    """

    expectation: str
    column: str
    says: str
    severity: Severity = Severity.WARN
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """What tells the rules of a feed apart: `lei_valid:in_set`."""
        return f"{self.column}:{self.expectation.removeprefix('expect_column_values_to_')}"


@dataclass(frozen=True)
class Adapter:
    """One feed.

    `key`, `effective_at` and the maps name columns of the file; `key_with` are columns that make the key together with
    `key`, all joined by colons; `required` must be in its header. `party_types`
    maps the texts of the column
    `party_type` (small letters) to party types; without that column, `party_type` is itself the type. `country` are the
    columns that say which country the row belongs to. `date_formats` are tried where a date is not ISO 8601.
    """

    name: str
    title: str
    source: str
    format: Format
    key: str
    required: tuple[str, ...]
    party_type: str | PartyType
    maps: tuple[Map, ...] = ()
    party_types: Mapping[str, PartyType] = field(default_factory=dict)
    country: tuple[str, ...] = ()
    effective_at: str = ""
    date_formats: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    deletion: Deletion | None = None
    version: int = 1
    key_with: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the adapter reads, each once, in the order in which it is named."""
        found = [self.key, *self.key_with, *self.required, *self.country]
        found += [] if isinstance(self.party_type, PartyType) else [self.party_type]
        for item in self.maps:
            for name in (
                "column",
                "status",
                "full",
                "given",
                "middle",
                "family",
                "kind",
                "language",
                "city",
                "region",
                "postcode",
                "country",
            ):
                found.append(getattr(item, name, ""))
            found += getattr(item, "street", ()) + getattr(item, "columns", ())
        found += [self.effective_at, self.deletion.column if self.deletion else ""]
        return tuple(dict.fromkeys(column for column in found if column))

    def source_column(self, column: str) -> str:
        """The source's name for what a canonical column was made from; the canonical name where there is no one."""
        if column == "key":
            return self.key
        if column == "effective_at":
            return self.effective_at
        wanted = column.removesuffix("_valid")
        for item in self.maps:
            if getattr(item, "scheme", None) == wanted:
                return str(getattr(item, "column", column))
            if getattr(item, "attribute", None) == wanted:
                return str(getattr(item, "columns", (column,))[0])
        return wanted
