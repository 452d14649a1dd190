"""A mapping that somebody made on a page: which column of a plain CSV becomes what. It makes an adapter like any other.

As JSON: `{"delimiter", "encoding", "party_type", "columns": {column: target}}`. A target is one of `TARGETS`; a column
that is not named is passed over. `party_type` is what every row is, "" where a column says it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from party_hub.domain.attributes import ATTRIBUTES, PartyType
from party_hub.domain.identifiers import SCHEMES

from .adapter import Adapter, Address, Deletion, Email, Format, Identifier, Map, Name, Phone, Value, Website
from .rules import BORN_IN_LIVING_MEMORY, EVERY_FEED, TAX_IDS_MOSTLY_TRUE, mostly_filled

SAVED = "saved"  # the name of the adapter of feeds whose mapping is saved
KEY, EFFECTIVE_AT, PARTY_TYPE, DELETION = "key", "effective_at", "party_type", "deletion"
_NAMES = {
    "name.full": "Name",
    "name.given": "Given name",
    "name.middle": "Middle name",
    "name.family": "Family name",
    "name.trade": "Trade name",
    "name.former": "Former name",
}
_ADDRESS = {
    "address.street": "Street",
    "address.city": "City",
    "address.region": "Region",
    "address.postcode": "Postcode",
    "address.country": "Country",
}
_CONTACT = {"phone": "Telephone", "email": "E-mail", "website": "Website"}
_IDENTIFIERS = {f"identifier.{scheme.code}": scheme.name for scheme in SCHEMES.values()}
_VALUES = {
    f"value.{attribute.name}": attribute.label
    for attribute in ATTRIBUTES
    if not attribute.many and attribute.name != "country"
}
GROUPS: dict[str, dict[str, str]] = {
    "Record": {
        KEY: "Key of the record",
        PARTY_TYPE: "Party type",
        EFFECTIVE_AT: "In effect since",
        DELETION: "Deletion mark",
    },
    "Name": _NAMES,
    "Address": _ADDRESS,
    "Contact": _CONTACT,
    "Identifier": _IDENTIFIERS,
    "Attribute": _VALUES,
}
TARGETS: dict[str, str] = {target: label for group in GROUPS.values() for target, label in group.items()}
_SEVERAL = {"address.street", "name.trade", "name.former"}
ONCE = frozenset([*GROUPS["Record"], *_NAMES, *_ADDRESS]) - _SEVERAL
_PEOPLE = ("p", "person", "individual", "i", "natural", "natural person", "private", "consumer")
_FIRMS = ("c", "company", "organisation", "organization", "o", "b", "business", "corporate", "legal", "legal person")
PARTY_TYPES: dict[str, PartyType] = {
    **dict.fromkeys(_PEOPLE, PartyType.INDIVIDUAL),
    **dict.fromkeys(_FIRMS, PartyType.ORGANISATION),
    "legal entity": PartyType.LEGAL_ENTITY,
    "legal_entity": PartyType.LEGAL_ENTITY,
}
DELETED = (
    *("d", "del", "delete", "deleted", "r", "remove", "removed", "w", "withdraw", "withdrawn", "purged"),
    *("x", "y", "yes", "1", "true"),
)
DATE_FORMATS = ("%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y%m%d", "%d-%m-%Y", "%m/%d/%Y", "%d %b %Y", "%d %B %Y")


class BadMapping(ValueError):
    """The mapping cannot be read by; the text says why, for the person who made it."""


@dataclass(frozen=True)
class SavedMapping:
    """A mapping of one feed's columns."""

    columns: Mapping[str, str]
    party_type: str = PartyType.ORGANISATION
    delimiter: str = ","
    encoding: str = "utf-8"

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        columns = {column: target for column, target in self.columns.items() if target}
        return {
            "columns": columns,
            "party_type": self.party_type,
            "delimiter": self.delimiter,
            "encoding": self.encoding,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "SavedMapping":
        """From what is stored."""
        return cls(stored["columns"], stored["party_type"], stored["delimiter"], stored["encoding"])

    def of(self, target: str) -> tuple[str, ...]:
        """The columns that become `target`, in the file's order."""
        return tuple(column for column, found in self.columns.items() if found == target)

    def one(self, target: str) -> str:
        """The column that becomes `target`, "" where there is none."""
        return next(iter(self.of(target)), "")

    def problems(self) -> Iterator[str]:
        """What keeps rows from being read by it."""
        for target in sorted(set(self.columns.values()) - TARGETS.keys() - {""}):
            yield f"There is no attribute {target!r}."
        if not self.of(KEY):
            yield "Say which column is the key of the record: it tells one record of the source from another."
        if not (self.of("name.full") or self.of("name.family")):
            yield "Say which column is the name, or the family name."
        if not self.party_type and not self.of(PARTY_TYPE):
            yield "Say what the rows are, or which column tells it."
        for target in sorted(ONCE):
            if len(self.of(target)) > 1:
                yield f"{TARGETS[target]} can be taken from one column only, not from {', '.join(self.of(target))}."

    def adapter(self, *, name: str, title: str, source: str) -> Adapter:
        """The adapter that reads by it. Raises BadMapping."""
        if problem := next(self.problems(), ""):
            raise BadMapping(problem)
        names = [column for target in ("name.full", "name.family") for column in self.of(target)]
        country = self.one("address.country")
        return Adapter(
            name=name,
            title=title,
            source=source,
            format=Format(delimiter=self.delimiter, encoding=self.encoding),
            key=self.one(KEY),
            required=(self.one(KEY), *names),
            party_type=PartyType(self.party_type) if self.party_type else self.one(PARTY_TYPE),
            party_types=PARTY_TYPES,
            country=(country,) if country else (),
            effective_at=self.one(EFFECTIVE_AT),
            deletion=Deletion(self.one(DELETION), DELETED) if self.of(DELETION) else None,
            date_formats=DATE_FORMATS,
            maps=tuple(self._maps(country)),
            rules=tuple(self._rules()),
        )

    def _maps(self, country: str) -> Iterator[Map]:
        given, middle, family = (self.one(f"name.{part}") for part in ("given", "middle", "family"))
        if given or family:
            yield Name(given=given, middle=middle, family=family)
        yield from (Name(full=column) for column in self.of("name.full"))
        for kind in ("trade", "former"):
            yield from (Name(full=column, type=kind) for column in self.of(f"name.{kind}"))
        if any(self.of(target) for target in _ADDRESS if target != "address.country"):
            parts = {part: self.one(f"address.{part}") for part in ("city", "region", "postcode")}
            person = self.party_type == PartyType.INDIVIDUAL
            kind = "residential" if person else "legal"
            yield Address(street=self.of("address.street"), country=country, type=kind, **parts)
        for made, target in ((Phone, "phone"), (Email, "email"), (Website, "website")):
            yield from (made(column) for column in self.of(target))
        for scheme in SCHEMES:
            yield from (Identifier(scheme, column, country=country) for column in self.of(f"identifier.{scheme}"))
        for target in _VALUES:
            if columns := self.of(target):
                yield Value(target.removeprefix("value."), columns)

    def _rules(self) -> Iterator[Any]:
        yield from EVERY_FEED
        if self.of("value.date_of_birth"):
            yield BORN_IN_LIVING_MEMORY
        if self.of("identifier.tax_id"):
            yield TAX_IDS_MOSTLY_TRUE
        for column in ("country", "city", "postcode"):
            if self.of(f"address.{column}"):
                yield mostly_filled(column, 0.5)
