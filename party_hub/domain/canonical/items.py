"""The elements of an attribute, made from cleaned texts: a name, an address, an identifier; and single values."""

from typing import Any

from ..attributes import BY_NAME, Shape
from ..identifiers import Identifier, normalise
from ..industries import industry
from . import values

_EAST_ASIAN = frozenset(["Hani", "Jpan", "Kore"])
_LONGEST_IDENTIFIER = 60
Item = dict[str, Any]


def name_item(full: str, given: str, middle: str, family: str, type: str, language: str) -> Item | None:
    """A name, whole or in parts; None where there is none."""
    script = values.script(full or family or given)
    if not full:
        parts = [part for part in (given, middle, family) if part]
        full = family + given if script in _EAST_ASIAN else " ".join(parts)
        if not full:
            return None
    item = {"full": full, "type": type}
    if given:
        item["given"] = given
    if middle:
        item["middle"] = middle
    if family:
        item["family"] = family
    if script:
        item["script"] = script
    if language:
        item["language"] = language
    return item


def address_item(full: str, street: str, city: str, region: str, postcode: str, country: str, type: str) -> Item | None:
    """An address; None where there is none, and a country alone is none."""
    street, city, postcode = values.known(street), values.known(city), values.known(postcode)
    if not (full or street or city or postcode):
        return None
    region, code = values.region(values.known(region)) if region else "", values.country(country) if country else ""
    item = {"full": full or ", ".join([part for part in (street, city, region, postcode, code) if part]), "type": type}
    if street:
        item["street"] = street
    if city:
        item["city"] = city
    if region:
        item["region"] = region
    if postcode:
        item["postcode"] = postcode
    if code:
        item["country"] = code
    return item


def identifier_item(scheme: str, text: str, country: str, status: str = "") -> tuple[Identifier, Item] | None:
    """An identifier with what is stored of it; None for a placeholder. One that fails its check is marked. `status` is
    what its issuer says of it ("lapsed").
    """
    found = normalise(scheme, text, country)
    if found is None or len(found.value) > _LONGEST_IDENTIFIER:
        return None
    item: Item = {"scheme": scheme, "value": found.value, "country": found.country}
    if found.valid is not None:
        item["valid"] = found.valid
    if status:
        item["status"] = status
    return found, item


def single(attribute: str, text: str, date_formats: tuple[str, ...]) -> str | int | None:
    """The value of a single-valued attribute; None where the text says none. Raises ValueError for no date."""
    text = values.known(text)
    if not text:
        return None
    shape = BY_NAME[attribute].shape
    if shape is Shape.DATE:
        day = values.day(text, date_formats)
        return day.isoformat() if day else None
    if shape is Shape.NUMBER:
        return values.number(text)
    if attribute in ("country", "nationality"):
        return values.country(text) or None
    if attribute == "gender":
        return values.gender(text) or None
    if attribute == "industry_code":
        return industry(text)
    return text
