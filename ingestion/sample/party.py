"""What the sample knows of a party before any source has written it down."""

from dataclasses import dataclass
from datetime import date

from .vocabulary import Word

LAST_DAY = date(2026, 9, 30)  # the newest day in any sample, so that the same seed gives the same files for ever


@dataclass(frozen=True)
class Place:
    """An address."""

    street: Word
    city: Word
    region: Word
    postcode: str
    country: str


@dataclass
class Person:
    """An individual. `maiden` is the family name before marriage."""

    number: int
    country: str
    script: str
    family_first: bool
    male: bool
    given: Word
    middle: Word | None
    family: Word
    suffix: str
    maiden: Word | None
    born: date
    tax_id: str | None
    national_id: str | None
    passport: str
    place: Place
    former_place: Place | None
    phone: str
    mobile: str
    email: str
    employer: str = ""
    employed_since: str = ""


@dataclass
class Company:
    """An organisation. `core` is what its daughters' names begin with; `legal` the ways to write its legal form;
    `parent`, `domestic` (the highest in its country) and `ultimate` are DUNS numbers, its own where nobody is above.
    """

    number: int
    country: str
    script: str
    name: Word
    core: Word
    legal: list[Word]
    legal_first: bool
    trade_style: Word | None
    former_name: Word | None
    started: date
    tax_id: str | None
    registration: str
    lei: str | None
    duns: str
    ultimate: str
    parent: str
    domestic: str
    markit_id: str
    red_code: str
    ticker: str
    sic: str
    sector: str
    employees: int
    active: bool
    place: Place
    former_place: Place | None
    phone: str
    website: str
    email: str
