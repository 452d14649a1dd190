"""The mapping kernel: an Arrow batch of a source's rows in, an Arrow batch of canonical rows out, under one adapter.

Spark calls it on the batches of a file, the listener on the events at hand: same rows, same attributes.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from typing import Any

import pyarrow as pa

from party_hub.domain.attributes import PartyType
from party_hub.domain.canonical import values
from party_hub.domain.canonical.draft import LONGEST_KEY, Draft, Problem
from party_hub.domain.canonical.record import canonical_record
from party_hub.domain.canonical.values import clean

from .adapter import Adapter, Address, Email, Identifier, Kind, Name, Phone, Value, Website

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
        ("problem_field", pa.string()),
        ("problem_reason", pa.string()),
    ]
)
_EMPTY = dict.fromkeys(MAPPED.names)  # in the schema's order, which a row put over it keeps
_RECORD = ("key", "party_type", "effective_at", "withdrawn", "attributes")
_Row = Sequence[str]
_Put = Callable[[Draft, _Row], None]


class Kernel:
    """An adapter made ready for a file that has `columns`; columns that the adapter does not know are passed over."""

    def __init__(self, adapter: Adapter, columns: Sequence[str]):
        self._adapter = adapter
        # One empty value stands behind every row, for columns that this file does not have.
        self._at = {column: at for at, column in enumerate(columns)}
        self._nowhere = len(columns)
        self._country = [self._index(column) for column in adapter.country]
        self._key, self._effective_at = self._index(adapter.key), self._index(adapter.effective_at)
        typed = isinstance(adapter.party_type, PartyType)
        self._party_type = self._nowhere if typed else self._index(str(adapter.party_type))
        self._puts = [put for item in adapter.maps if (put := self._compile(item))]
        self._name_field = next((item.full or item.family for item in adapter.maps if isinstance(item, Name)), "names")
        self._events = adapter.format.kind is Kind.JSON_LINES

    def _index(self, column: str) -> int:
        return self._at.get(column, self._nowhere)

    def map(
        self, lines: Sequence[int], columns: Sequence[Sequence[str | None]], broken: Sequence[str | None] | None = None
    ) -> pa.RecordBatch:
        """Map rows given by column (one sequence a column, in the order of the constructor's `columns`).

        `broken` has a text where the reader could not take the row apart.
        """
        mapped: list[tuple[Any, ...]] = []
        for line, cells, text in zip(lines, zip(*columns, strict=True), broken or repeat(None), strict=False):
            row = self._row(line, cells) if text is None else self._broken(line)
            mapped.append(tuple((_EMPTY | row).values()))
        made = zip(*mapped, strict=True) if mapped else [()] * len(MAPPED)
        arrays = [pa.array(column, field.type) for column, field in zip(made, MAPPED, strict=True)]
        return pa.RecordBatch.from_arrays(arrays, schema=MAPPED)

    def _broken(self, line: int) -> dict[str, Any]:
        reason = {
            Kind.CSV: "The row has not as many columns as the header, or a quote is not closed.",
            Kind.XML: f"The element <{self._adapter.format.row}> cannot be read.",
            Kind.JSON_LINES: "The line is no JSON object.",
        }[self._adapter.format.kind]
        return {"line": line, "key": "", "source": self._adapter.source, "problem_field": "", "problem_reason": reason}

    def _row(self, line: int, cells: tuple[str | None, ...]) -> dict[str, Any]:
        if self._events:
            return self._event(line, cells)
        row = [clean(cell) if cell else "" for cell in cells]
        row.append("")
        country = next((code for at in self._country if (code := values.country(row[at]))), "")
        draft = Draft(country, self._adapter.date_formats)
        party_type = self._type(row[self._party_type], draft)
        if any(cell is not None and "\x00" in cell for cell in cells):
            draft.wrong("", "The row holds a zero byte.")
        else:
            for put in self._puts:
                put(draft, row)
        draft.check_key(row[self._key], self._adapter.key)
        draft.check_name(self._name_field)
        return _canonical(
            line,
            draft.flat(),
            {
                "key": row[self._key],
                "source": self._adapter.source,
                "party_type": party_type,
                "effective_at": draft.moment(row[self._effective_at], self._adapter.effective_at),
                "withdrawn": False,
                "attributes": draft.attributes_text(),
            },
            draft.problems,
        )

    def _event(self, line: int, cells: tuple[str | None, ...]) -> dict[str, Any]:
        row = [*(cell or "" for cell in cells), ""]
        said = {name: row[self._index(name)] for name in ("key", "party_type", "attributes", "effective_at", "op")}
        record = canonical_record(**said, date_formats=self._adapter.date_formats)
        source = clean(row[self._index("source")]) or self._adapter.source
        found = {name: getattr(record, name) for name in _RECORD}
        return _canonical(line, record.flat, {"source": source, **found}, record.problems)

    def _type(self, text: str, draft: Draft) -> str:
        adapter = self._adapter
        if isinstance(adapter.party_type, PartyType):
            return adapter.party_type
        known = adapter.party_types.get(text.casefold())
        if known is None:
            choices = ", ".join(adapter.party_types)
            draft.wrong(adapter.party_type, f"{text[:40]!r} is no party type of this feed ({choices}).")
        return known or ""

    # -- One closure a declaration, so that nothing is looked up again for each row
    # -------------------------------------

    def _compile(self, item: Name | Address | Identifier | Phone | Email | Website | Value) -> _Put | None:
        match item:
            case Name():
                return self._name(item)
            case Address():
                return self._address(item)
            case Value():
                return self._value(item)
        at = self._index(item.column)
        if at == self._nowhere:
            return None
        match item:
            case Identifier(scheme=scheme):
                country = self._index(item.country)
                return lambda draft, row: draft.identifier(scheme, row[at], row[country])
            case Phone():
                return lambda draft, row: draft.phone(row[at])
            case Email():
                return lambda draft, row: draft.email(row[at])
            case Website():
                return lambda draft, row: draft.website(row[at])

    def _name(self, item: Name) -> _Put | None:
        full, given, middle, family = (self._index(name) for name in (item.full, item.given, item.middle, item.family))
        kind, language, kinds, plain = self._index(item.kind), self._index(item.language), item.kinds, item.type
        if full == given == family == self._nowhere:
            return None

        def put(draft: Draft, row: _Row) -> None:
            if row[full] or row[given] or row[family]:
                draft.name(
                    full=row[full],
                    given=row[given],
                    middle=row[middle],
                    family=row[family],
                    type=kinds.get(row[kind], plain),
                    language=row[language],
                )

        return put

    def _address(self, item: Address) -> _Put:
        city, region, postcode, country = (
            self._index(name) for name in (item.city, item.region, item.postcode, item.country)
        )
        streets, type_ = [self._index(name) for name in item.street], item.type

        def put(draft: Draft, row: _Row) -> None:
            draft.address(
                street=", ".join([row[at] for at in streets if row[at]]),
                city=row[city],
                region=row[region],
                postcode=row[postcode],
                country=row[country],
                type=type_,
            )

        return put

    def _value(self, item: Value) -> _Put:
        sources = [(self._index(column), column) for column in item.columns]

        def put(draft: Draft, row: _Row) -> None:
            for at, column in sources:
                text = row[at]
                if text and text not in item.skip:
                    draft.value(item.attribute, item.prefix + item.choices.get(text.casefold(), text), column)
                    return

        return put


def _canonical(
    line: int, flat: dict[str, Any], record: Mapping[str, Any], problems: Sequence[Problem]
) -> dict[str, Any]:
    row = {**flat, "line": line, **record, "key": record["key"][:LONGEST_KEY]}
    if problems:
        row["problem_field"] = problems[0].field
        row["problem_reason"] = " ".join(problem.reason for problem in problems)
    return row


def map_objects(adapter: Adapter, objects: Sequence[Mapping[str, Any]]) -> pa.RecordBatch:
    """Map rows that are objects in memory, such as events; nested values are passed on as JSON text."""
    columns = adapter.columns
    cells = [[_text(one.get(column)) for one in objects] for column in columns]
    return Kernel(adapter, columns).map(range(1, len(objects) + 1), cells)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
