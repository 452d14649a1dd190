"""A record in the making: values go in as they come, canonical attributes come out, with what is wrong with them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson

from ..identifiers import SCHEMES, Identifier
from ..relations import BadRelation, names_itself, relation, speaks_of_relations_alone
from . import values
from .items import address_item, identifier_item, name_item, single

LONGEST_KEY = 200
_LISTS = ("names", "addresses", "identifiers", "phones", "emails", "websites", "relations")


NO_NAME = "The name is missing."
ZERO_IN_ATTRIBUTES = "The attributes hold a zero byte."


def no_date(text: str) -> str:
    """What a steward reads of a date that cannot be."""
    return f"{text[:40]!r} is no date that exists."


def no_moment(text: str) -> str:
    """What a steward reads of a point in time that cannot be."""
    return f"{text[:40]!r} is no point in time that exists."


def key_problem(key: str) -> str:
    """What is wrong with a record's key; "" where nothing is."""
    if not key:
        return "The key is missing."
    return f"The key is longer than {LONGEST_KEY} signs." if len(key) > LONGEST_KEY else ""


class Problem(NamedTuple):
    """Why a row cannot be taken: the field as its source calls it, and a sentence for a steward."""

    field: str
    reason: str


class Draft:
    """Gathers one record's values. `country` (ISO 3166-1 alpha-2 or "") is where its numbers belong if nothing
    else is said.

    Texts come cleaned (`values.clean`); an empty one is passed over.
    """

    __slots__ = ("_identifiers", "_lists", "_single", "country", "date_formats", "problems", "unread")

    def __init__(self, country: str = "", date_formats: tuple[str, ...] = ()):
        self.country, self.date_formats = country, date_formats
        self.problems: list[Problem] = []
        self.unread: dict[str, None] = {}  # the fields that say something of which nothing could be made
        self._lists: dict[str, list[Any]] = {name: [] for name in _LISTS}
        self._single: dict[str, Any] = {"country": country} if country else {}
        self._identifiers: list[Identifier] = []

    def wrong(self, field: str, reason: str) -> None:
        """Note that the row cannot be taken."""
        self.problems.append(Problem(field, reason))

    def leave_out(self, field: str, text: str) -> None:
        """Note that nothing could be made of `text`, unless it says in words that there is nothing to say."""
        if values.known(text):
            self.unread[field] = None

    def name(
        self,
        *,
        full: str = "",
        given: str = "",
        middle: str = "",
        family: str = "",
        type: str = "legal",
        language: str = "",
    ) -> None:
        """Add a name, whole or in parts."""
        self._add("names", name_item(full, given, middle, family, type, language))

    def address(
        self,
        *,
        full: str = "",
        street: str = "",
        city: str = "",
        region: str = "",
        postcode: str = "",
        country: str = "",
        type: str = "legal",
    ) -> None:
        """Add an address; a country alone is none."""
        item = address_item(full, street, city, region, postcode, country, type)
        self._add("addresses", item)
        if item is None:
            self.leave_out("addresses", region)
        elif country and "country" not in item:
            self.leave_out("addresses.country", country)

    def identifier(self, scheme: str, value: str, country: str = "", status: str = "", field: str = "") -> None:
        """Add an identifier; a placeholder is left out, one that fails its check is marked."""
        if not value:
            return
        code = values.country(country) if country else ""
        if country and not code:
            self.leave_out("identifiers.country", country)
        found = identifier_item(scheme, value, code or self.country, status)
        if found is not None:
            self._identifiers.append(found[0])
            self._add("identifiers", found[1])
        else:
            self.leave_out(field or "identifiers", value)

    def phone(self, text: str, field: str = "phones") -> None:
        """Add a telephone number."""
        self._contact("phones", text, values.phone(text, self.country) if text else "", field)

    def email(self, text: str, field: str = "emails") -> None:
        """Add an e-mail address."""
        self._contact("emails", text, values.email(text) if text else "", field)

    def website(self, text: str, field: str = "websites") -> None:
        """Add a web address."""
        self._contact("websites", text, values.website(text) if text else "", field)

    def _contact(self, name: str, text: str, found: str, field: str) -> None:
        if found:
            self._add(name, found)
        else:
            self.leave_out(field, text)

    def relation(self, said: Mapping[str, str], field: str) -> None:
        """Add a relation, its parts as texts, once all identifiers are known: one to itself is passed over."""
        try:
            days = {part: self._day(said.get(part, "")) for part in ("since", "until")}
            plain = {part: said.get(part, "") for part in ("scheme", "value", "exception", "reference", "share")}
            made = relation(said.get("type", ""), **plain, **days, ended=bool(said.get("status")))
        except BadRelation as problem:
            self.wrong(field, str(problem))
        except ValueError:
            self.wrong(field, no_date(said.get("since", "") or said.get("until", "")))
        else:
            if made is not None and not names_itself(made, self._lists["identifiers"]):
                self._add("relations", made)

    def _day(self, text: str) -> str:
        day = values.day(text, self.date_formats) if text else None
        return day.isoformat() if day else ""

    def _add(self, name: str, item: Any) -> None:
        if item and item not in self._lists[name]:
            self._lists[name].append(item)

    def value(self, attribute: str, text: str, field: str = "") -> None:
        """Set a single-valued attribute, if it is not set yet; `field` is its source's name for it, for the steward."""
        if not text or (attribute in self._single and attribute != "country"):
            return
        try:
            found = single(attribute, text, self.date_formats)
        except ValueError:
            self.wrong(field or attribute, no_date(text))
        else:
            if found is not None:
                self._single[attribute] = found
            else:
                self.leave_out(attribute, text)

    def moment(self, text: str, field: str) -> datetime | None:
        """The point in time that `text` says, in UTC; None where it says none."""
        try:
            return values.moment(text, self.date_formats) if text else None
        except (ValueError, OverflowError):
            self.wrong(field, no_moment(text))
            return None

    def check_key(self, key: str, field: str) -> None:
        """Every record has a key, of a length that can be stored."""
        if reason := key_problem(key):
            self.wrong(field, reason)

    def check_name(self, field: str) -> None:
        """Every record has a name, or says whose relations it tells, unless something else is wrong that may have cost
        it.
        """
        if not self._lists["names"] and not self.problems and not speaks_of_relations_alone(self._lists):
            self.wrong(field, NO_NAME)

    def attributes(self) -> dict[str, Any]:
        """The canonical attributes, what is empty left out."""
        return {name: items for name, items in self._lists.items() if items} | self._single

    def attributes_text(self) -> str:
        """`attributes` as JSON text, checked for what PostgreSQL takes in no text."""
        text = orjson.dumps(self.attributes()).decode()
        if "\\u0000" in text:
            self.wrong("attributes", ZERO_IN_ATTRIBUTES)
        return text

    def flat(self) -> dict[str, Any]:
        """The first of everything under the canonical column names: what rules check and the curated zone shows."""
        name, address = (self._lists[which][0] if self._lists[which] else {} for which in ("names", "addresses"))
        row: dict[str, Any] = {
            "full_name": name.get("full"),
            "given_name": name.get("given"),
            "middle_name": name.get("middle"),
            "family_name": name.get("family"),
            "address": address.get("full"),
            "street": address.get("street"),
            "city": address.get("city"),
            "region": address.get("region"),
            "postcode": address.get("postcode"),
            "country": self._single.get("country"),
        }
        for column, which in (("phone", "phones"), ("email", "emails"), ("website", "websites")):
            items = self._lists[which]
            row[column] = items[0] if items else None
        born = self._single.get("date_of_birth")
        row["date_of_birth"] = date.fromisoformat(born) if born else None
        for found in self._identifiers:
            if found.scheme in FLAT_IDENTIFIERS and found.scheme not in row:
                row[found.scheme] = found.value
                if found.scheme in ("lei", "tax_id"):
                    row[f"{found.scheme}_valid"] = found.valid
                if found.scheme == "tax_id":
                    row["tax_id_country"] = found.country
        return row


FLAT_IDENTIFIERS = frozenset(SCHEMES) & {"tax_id", "national_id", "passport", "lei", "duns"}
