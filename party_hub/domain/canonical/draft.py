"""A record in the making: values go in as they come, canonical attributes come out, with what is wrong with them."""

import json
from datetime import date, datetime
from typing import Any, NamedTuple

from ..attributes import BY_NAME, Shape
from ..identifiers import SCHEMES, Identifier, normalise
from . import values

_EAST_ASIAN = frozenset(["Hani", "Jpan", "Kore"])
LONGEST_KEY = 200
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_LISTS = ("names", "addresses", "identifiers", "phones", "emails", "websites")


class Problem(NamedTuple):
    """Why a row cannot be taken: the field as its source calls it, and a sentence for a steward."""

    field: str
    reason: str


class Draft:
    """Gathers one record's values. `country` (ISO 3166-1 alpha-2 or "") is where its numbers belong if nothing
    else is said.

    Texts come cleaned (`values.clean`); an empty one is passed over.
    """

    __slots__ = ("_identifiers", "_lists", "_single", "country", "date_formats", "problems")

    def __init__(self, country: str = "", date_formats: tuple[str, ...] = ()):
        self.country, self.date_formats = country, date_formats
        self.problems: list[Problem] = []
        self._lists: dict[str, list[Any]] = {name: [] for name in _LISTS}
        self._single: dict[str, Any] = {"country": country} if country else {}
        self._identifiers: list[Identifier] = []

    def wrong(self, field: str, reason: str) -> None:
        """Note that the row cannot be taken."""
        self.problems.append(Problem(field, reason))

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
        script = values.script(full or family or given)
        if not full:
            if script in _EAST_ASIAN:
                full = family + given
            else:
                full = " ".join(part for part in (given, middle, family) if part)
        if not full:
            return
        parts = {
            "full": full,
            "given": given,
            "middle": middle,
            "family": family,
            "type": type,
            "script": script,
            "language": language,
        }
        self._add("names", {part: text for part, text in parts.items() if text})

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
        street, city, postcode = values.known(street), values.known(city), values.known(postcode)
        region, code = values.region(values.known(region)), values.country(country)
        if not (full or street or city or postcode):
            return
        full = full or ", ".join(part for part in (street, city, region, postcode, code) if part)
        parts = {
            "full": full,
            "street": street,
            "city": city,
            "region": region,
            "postcode": postcode,
            "country": code,
            "type": type,
        }
        self._add("addresses", {part: text for part, text in parts.items() if text})

    def identifier(self, scheme: str, value: str, country: str = "") -> None:
        """Add an identifier; a placeholder is passed over, one that fails its check is marked."""
        if not value:
            return
        found = normalise(scheme, value, values.country(country) or self.country)
        if found is None or len(found.value) > 60:
            return
        self._identifiers.append(found)
        item: dict[str, Any] = {"scheme": found.scheme, "value": found.value, "country": found.country}
        if found.valid is not None:
            item["valid"] = found.valid
        self._add("identifiers", item)

    def phone(self, text: str) -> None:
        """Add a telephone number."""
        self._add("phones", values.phone(text, self.country) if text else "")

    def email(self, text: str) -> None:
        """Add an e-mail address."""
        self._add("emails", values.email(text) if text else "")

    def website(self, text: str) -> None:
        """Add a web address."""
        self._add("websites", values.website(text) if text else "")

    def _add(self, name: str, item: Any) -> None:
        if item and item not in self._lists[name]:
            self._lists[name].append(item)

    def value(self, attribute: str, text: str, field: str = "") -> None:
        """Set a single-valued attribute, if it is not set yet; `field` is its source's name for it, for the steward."""
        text = values.known(text)
        if not text or (attribute in self._single and attribute != "country"):
            return
        shape = BY_NAME[attribute].shape
        found: Any = text
        if shape is Shape.DATE:
            found = self._date(text, field or attribute)
        elif shape is Shape.NUMBER:
            found = values.number(text)
        elif attribute in ("country", "nationality"):
            found = values.country(text)
        elif attribute == "gender":
            found = values.gender(text)
        elif attribute == "ultimate_parent_duns":
            known = normalise("duns", text)
            found = known.value if known and known.valid else ""
        if found not in ("", None):
            self._single[attribute] = found

    def _date(self, text: str, field: str) -> str:
        try:
            found = values.day(text, self.date_formats)
        except ValueError:
            self.wrong(field, f"{text[:40]!r} is no date that exists.")
            return ""
        return found.isoformat() if found else ""

    def moment(self, text: str, field: str) -> datetime | None:
        """The point in time that `text` says, in UTC; None where it says none."""
        try:
            return values.moment(text, self.date_formats) if text else None
        except (ValueError, OverflowError):
            self.wrong(field, f"{text[:40]!r} is no point in time that exists.")
            return None

    def check_key(self, key: str, field: str) -> None:
        """Every record has a key, of a length that can be stored."""
        if not key:
            self.wrong(field, "The key is missing.")
        elif len(key) > LONGEST_KEY:
            self.wrong(field, f"The key is longer than {LONGEST_KEY} signs.")

    def check_name(self, field: str) -> None:
        """Every record has a name, unless something else is wrong that may have cost it."""
        if not self._lists["names"] and not self.problems:
            self.wrong(field, "The name is missing.")

    def attributes(self) -> dict[str, Any]:
        """The canonical attributes, what is empty left out."""
        return {name: items for name, items in self._lists.items() if items} | self._single

    def attributes_text(self) -> str:
        """`attributes` as JSON text, checked for what PostgreSQL takes in no text."""
        text = _as_json(self.attributes())
        if "\\u0000" in text:
            self.wrong("attributes", "The attributes hold a zero byte.")
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
            if found.scheme in _FLAT_IDENTIFIERS and found.scheme not in row:
                row[found.scheme] = found.value
                if found.scheme in ("lei", "tax_id"):
                    row[f"{found.scheme}_valid"] = found.valid
                if found.scheme == "tax_id":
                    row["tax_id_country"] = found.country
        return row


_FLAT_IDENTIFIERS = frozenset(SCHEMES) & {"tax_id", "national_id", "passport", "lei", "duns"}
