"""Rows in the making, a column at a time: what the adapter's declarations make of cleaned cells."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
import pyarrow as pa

from party_hub.domain.attributes import PartyType
from party_hub.domain.canonical import values
from party_hub.domain.canonical.draft import (
    LONGEST_KEY,
    NO_NAME,
    ZERO_IN_ATTRIBUTES,
    Problem,
    key_problem,
    no_date,
    no_moment,
)
from party_hub.domain.canonical.items import address_item, identifier_item, name_item, single
from party_hub.domain.identifiers import Identifier as Found
from party_hub.domain.relations import names_itself, speaks_of_relations_alone

from .adapter import Adapter, Address, Email, Identifier, Name, Phone, Relation, Value, Website
from .agreement import agreements
from .canonical_rows import FLAT_IDENTIFIERS, MAPPED, flat_columns
from .relations import relations_of

Cells = list[str]


class Batch:
    """Rows in the making: their attributes, what is wrong with them, and their flat columns."""

    def __init__(self, adapter: Adapter, lines: Sequence[int], cells: Mapping[str, Cells]):
        self._adapter, self._lines, self._cells = adapter, lines, cells
        self._nothing = [""] * len(lines)
        self._rows: list[dict[str, Any]] = [{} for _ in lines]
        self._flat: dict[str, list[Any]] = {}
        self._unread: dict[int, dict[str, None]] = {}  # the columns whose cells could not be read
        self.problems: dict[int, list[Problem]] = {}
        self._country = self._countries()

    def _column(self, name: str) -> Cells:
        return self._cells.get(name, self._nothing)

    def _has(self, *names: str) -> bool:
        return any(name in self._cells for name in names)

    def _wrong(self, at: int, field: str, reason: str) -> None:
        self.problems.setdefault(at, []).append(Problem(field, reason))

    def _countries(self) -> Cells:
        """The country that each row belongs to: of the columns that say so, the first that is one."""
        found = self._nothing
        for name in filter(self._has, self._adapter.country):
            column = self._cells[name]
            read = [values.country(text) if text else "" for text in column]
            for at, code in enumerate(read):
                if not code and column[at]:
                    self._left_out(at, name, column[at])
            found = [code or more for code, more in zip(found, read, strict=True)]
        for row, code in zip(self._rows, found, strict=True):
            if code:
                row["country"] = code
        return found

    def _left_out(self, at: int, column: str, text: str) -> None:
        """Note that a cell could not be read, unless it says in words that there is nothing to say."""
        if values.known(text):
            self._unread.setdefault(at, {})[column] = None

    def fill(self) -> None:
        """Fill the rows in the order of the adapter's declarations."""
        self._types()
        for item in self._adapter.maps:
            match item:
                case Name():
                    self._names(item)
                case Address():
                    self._addresses(item)
                case Identifier():
                    self._identifiers(item)
                case Phone() | Email() | Website():
                    self._contacts(item.column, *_CONTACTS[type(item)])
                case Value():
                    self._values(item)
                case Relation():
                    self._relations(item)
        self._keys()
        self._moments()
        self._deletions()

    def _deletions(self) -> None:
        """A row that withdraws its record says nothing else: only its key and its moment can be wrong."""
        self._flat["withdrawn"] = [False] * len(self._lines)
        deletion = self._adapter.deletion
        if deletion is None or deletion.column not in self._cells:
            return
        told = (self._adapter.key, self._adapter.effective_at)
        for at, text in enumerate(self._cells[deletion.column]):
            if text and text.casefold() in deletion.values:
                self._flat["withdrawn"][at] = True
                self._rows[at] = {}
                self._unread.pop(at, None)
                self._flat["party_type"][at] = self._flat["party_type"][at] or str(PartyType.ORGANISATION)
                for name in _OF_IDENTIFIERS & self._flat.keys():
                    self._flat[name][at] = None
                if at in self.problems and not [problem for problem in self.problems[at] if problem.field in told]:
                    del self.problems[at]

    def _types(self) -> None:
        adapter = self._adapter
        if isinstance(adapter.party_type, PartyType):
            self._flat["party_type"] = [str(adapter.party_type)] * len(self._lines)
            return
        known = {text: adapter.party_types.get(text.casefold()) for text in set(self._column(adapter.party_type))}
        found = self._flat["party_type"] = [known[text] for text in self._column(adapter.party_type)]
        if None in known.values():
            choices = ", ".join(adapter.party_types)
            for at, text in enumerate(self._column(adapter.party_type)):
                if found[at] is None:
                    found[at] = ""
                    self._wrong(at, adapter.party_type, f"{text[:40]!r} is no party type of this feed ({choices}).")

    def _add(self, at: int, attribute: str, item: Any) -> None:
        row = self._rows[at]
        known = row.get(attribute)
        if known is None:
            row[attribute] = [item]
        elif item not in known:
            known.append(item)

    def _names(self, item: Name) -> None:
        if not self._has(item.full, item.given, item.family):
            return
        kinds, plain = item.kinds, item.type
        wanted = (item.full, item.given, item.middle, item.family, item.kind, item.language)
        rows = zip(*(self._column(name) for name in wanted), strict=True)
        for at, (full, given, middle, family, kind, language) in enumerate(rows):
            if full or given or family:
                name = name_item(full, given, middle, family, kinds.get(kind, plain), language)
                if name is not None:
                    self._add(at, "names", name)

    def _addresses(self, item: Address) -> None:
        streets = [self._cells[name] for name in item.street if name in self._cells]
        street = streets[0] if streets else self._nothing
        if len(streets) > 1:
            street = [", ".join([line for line in lines if line]) for lines in zip(*streets, strict=True)]
        wanted = (item.city, item.region, item.postcode, item.country)
        rows = zip(street, *(self._column(name) for name in wanted), strict=True)
        for at, (line, city, region, postcode, country) in enumerate(rows):
            if line or city or postcode:
                address = address_item("", line, city, region, postcode, country, item.type)
                if address is not None:
                    self._add(at, "addresses", address)
                    if country and "country" not in address:
                        self._left_out(at, item.country, country)

    def _identifiers(self, item: Identifier) -> None:
        if not self._has(item.column):
            return
        columns = (self._column(item.column), self._column(item.country), self._country, self._column(item.status))
        for at, (text, said, country, status) in enumerate(zip(*columns, strict=True)):
            if text:
                found = identifier_item(item.scheme, text, (said and values.country(said)) or country, status.lower())
                if found is not None:
                    self._add(at, "identifiers", found[1])
                    if item.scheme in FLAT_IDENTIFIERS:
                        self._note(at, found[0])
                else:
                    self._left_out(at, item.column, text)

    def _note(self, at: int, found: Found) -> None:
        """Note an identifier in its flat columns, of several of a scheme the first."""
        column = self._flat_column(found.scheme)
        if column[at] is None:
            column[at] = found.value
            if found.scheme in ("lei", "tax_id"):
                self._flat_column(f"{found.scheme}_valid")[at] = found.valid
            if found.scheme == "tax_id":
                self._flat_column("tax_id_country")[at] = found.country

    def _flat_column(self, name: str) -> list[Any]:
        column = self._flat.get(name)
        if column is None:
            column = self._flat[name] = [None] * len(self._lines)
        return column

    def _contacts(self, column: str, attribute: str, read: Callable[[str, str], str]) -> None:
        for at, (text, country) in enumerate(zip(self._column(column), self._country, strict=True)):
            if text and (contact := read(text, country)):
                self._add(at, attribute, contact)
            elif text:
                self._left_out(at, column, text)

    def _values(self, item: Value) -> None:
        attribute, choices, formats = item.attribute, item.choices, self._adapter.date_formats
        again = attribute == "country"
        taken = bytearray(len(self._lines))
        for column in item.columns:
            if column not in self._cells:
                continue
            made: dict[str, Any] = {}
            for at, text in enumerate(self._cells[column]):
                if not text or taken[at] or text in item.skip:
                    continue
                taken[at] = 1
                if not again and attribute in self._rows[at]:
                    continue
                if text not in made:
                    said = item.prefix + choices.get(text.casefold(), text)
                    made[text] = _single(attribute, said, formats)
                value = made[text]
                if type(value) is Problem:
                    self._wrong(at, column, value.reason)
                elif value is not None:
                    self._rows[at][attribute] = value
                else:
                    self._left_out(at, column, text)

    def _relations(self, item: Relation) -> None:
        if not self._has(item.column, *item.exceptions):
            return
        for at, said in relations_of(item, self._column, self._adapter.date_formats):
            if isinstance(said, Problem):
                self.problems.setdefault(at, []).append(said)
            elif not names_itself(said, self._rows[at].get("identifiers", ())):
                self._add(at, "relations", said)

    def _keys(self) -> None:
        keys = self._column(self._adapter.key)
        for column in self._adapter.key_with:
            both = zip(keys, self._column(column), strict=True)
            keys = [f"{key}:{more}" if key and more else key for key, more in both]
        self._flat["key"] = [key[:LONGEST_KEY] for key in keys]
        for at, key in enumerate(keys):
            if (not key or len(key) > LONGEST_KEY) and (reason := key_problem(key)):
                self._wrong(at, self._adapter.key, reason)

    def _moments(self) -> None:
        formats, found = self._adapter.date_formats, self._flat_column("effective_at")
        for at, text in enumerate(self._column(self._adapter.effective_at)):
            if text:
                try:
                    found[at] = values.moment(text, formats)
                except (ValueError, OverflowError):
                    self._wrong(at, self._adapter.effective_at, no_moment(text))

    def check_names(self, field: str) -> None:
        """Every record has a name, or says whose relations it tells, unless something else is wrong that may have cost
        it.
        """
        for at, row in enumerate(self._rows):
            if at in self.problems or self._flat["withdrawn"][at]:
                continue
            if "names" not in row and not speaks_of_relations_alone(row):
                self._wrong(at, field, NO_NAME)

    def canonical(self) -> pa.RecordBatch:
        """The rows in the schema `MAPPED`."""
        size, flat = len(self._lines), self._flat
        flat["line"] = list(self._lines)
        flat["source"] = [self._adapter.source] * size
        flat["attributes"] = [orjson.dumps(row) for row in self._rows]  # Arrow takes UTF-8 as it is
        for at, text in enumerate(flat["attributes"]):
            if b"\\u0000" in text and at not in self.problems:
                self._wrong(at, "attributes", ZERO_IN_ATTRIBUTES)
        flat |= flat_columns(self._rows)
        flat["unread"] = [", ".join(self._unread[at]) if at in self._unread else None for at in range(size)]
        asked = {rule.column for rule in self._adapter.rules}
        flat |= agreements(asked, self._rows, self._flat_column("tax_id_country"), self._flat_column("effective_at"))
        fields: list[str | None] = [None] * size
        reasons: list[str | None] = [None] * size
        for at, problems in self.problems.items():
            fields[at] = problems[0].field
            reasons[at] = " ".join(problem.reason for problem in problems)
        flat["problem_field"], flat["problem_reason"] = fields, reasons
        arrays = [
            pa.array(flat[field.name], field.type) if field.name in flat else pa.nulls(size, field.type)
            for field in MAPPED
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=MAPPED)


_CONTACTS: dict[type, tuple[str, Callable[[str, str], str]]] = {
    Phone: ("phones", values.phone),
    Email: ("emails", lambda text, _: values.email(text)),
    Website: ("websites", lambda text, _: values.website(text)),
}
_OF_IDENTIFIERS = {*FLAT_IDENTIFIERS, "lei_valid", "tax_id_valid", "tax_id_country"}


def _single(attribute: str, text: str, formats: tuple[str, ...]) -> Any:
    """The value; a Problem where the text should be a date and is none."""
    try:
        return single(attribute, text, formats)
    except ValueError:
        return Problem("", no_date(text))
