"""The canonical party attributes: what every source's columns are mapped to, and what a golden record holds.

A source record's `attributes` is a JSON object of these names. Empty ones are left out; nothing is null. In a list, the
first element is the one that the source puts first.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from . import relations


class PartyType(StrEnum):
    """What a party is."""

    INDIVIDUAL = "individual"
    ORGANISATION = "organisation"
    LEGAL_ENTITY = "legal_entity"


class Kind(StrEnum):
    """What may match what: legal entities and organisations match each other, individuals only individuals."""

    INDIVIDUAL = "individual"
    ORGANISATION = "organisation"


def kind_of(party_type: str) -> Kind:
    """The kind within which a party of this type is matched."""
    return Kind.INDIVIDUAL if party_type == PartyType.INDIVIDUAL else Kind.ORGANISATION


class Shape(StrEnum):
    """How an attribute's value looks in JSON."""

    TEXT = "text"
    DATE = "date"  # YYYY-MM-DD
    NUMBER = "number"
    TEXTS = "list of texts"
    OBJECTS = "list of objects"


@dataclass(frozen=True)
class Attribute:
    """One canonical attribute.

    `parts` names an object's keys; `identity` those by which two elements of a list are the same value; `weight` is its
    share in the completeness of a golden record; `personal` values are masked for who may not see them.
    """

    name: str
    label: str
    shape: Shape
    parts: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()
    weight: int = 0
    personal: bool = False
    kinds: tuple[Kind, ...] = (Kind.INDIVIDUAL, Kind.ORGANISATION)

    @cached_property
    def many(self) -> bool:
        """True where a party has several values at once and all are kept."""
        return self.shape in (Shape.TEXTS, Shape.OBJECTS)


_PERSON, _ORGANISATION = (Kind.INDIVIDUAL,), (Kind.ORGANISATION,)
_NAME_PARTS = ("full", "given", "middle", "family", "type", "script", "language")
_ADDRESS_PARTS = ("full", "street", "city", "region", "postcode", "country", "type")

ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute("names", "Names", Shape.OBJECTS, _NAME_PARTS, ("full",), weight=20),
    Attribute("date_of_birth", "Date of birth", Shape.DATE, weight=15, personal=True, kinds=_PERSON),
    Attribute("gender", "Gender", Shape.TEXT, personal=True, kinds=_PERSON),
    Attribute("nationality", "Nationality", Shape.TEXT, personal=True, kinds=_PERSON),
    Attribute("addresses", "Addresses", Shape.OBJECTS, _ADDRESS_PARTS, ("full", "postcode", "country"), weight=15),
    Attribute(
        "identifiers",
        "Identifiers",
        Shape.OBJECTS,
        ("scheme", "value", "country", "valid", "status"),
        ("scheme", "value", "country"),
        weight=20,
    ),
    Attribute("phones", "Phones", Shape.TEXTS, weight=10),
    Attribute("emails", "E-mails", Shape.TEXTS, weight=10),
    Attribute("websites", "Websites", Shape.TEXTS, weight=5, kinds=_ORGANISATION),
    Attribute("country", "Country", Shape.TEXT, weight=10),
    Attribute("legal_form", "Legal form", Shape.TEXT, weight=5, kinds=_ORGANISATION),
    Attribute("date_of_incorporation", "Date of incorporation", Shape.DATE, kinds=_ORGANISATION),
    Attribute("industry_code", "Industry", Shape.TEXT, weight=5, kinds=_ORGANISATION),
    Attribute("sector", "Sector", Shape.TEXT, kinds=_ORGANISATION),
    Attribute("employees", "Employees", Shape.NUMBER, kinds=_ORGANISATION),
    Attribute("ticker", "Ticker", Shape.TEXT, kinds=_ORGANISATION),
    Attribute("relations", "Relations", Shape.OBJECTS, relations.PARTS, relations.IDENTITY),
    Attribute("status", "Status", Shape.TEXT),
)
BY_NAME: dict[str, Attribute] = {attribute.name: attribute for attribute in ATTRIBUTES}
