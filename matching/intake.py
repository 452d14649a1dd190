"""Attributes that a caller sends, brought to canonical form: checked, empty ones left out, identifiers normalised."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from matching.engine import standardise
from party_hub.domain.attributes import ATTRIBUTES, BY_NAME, Attribute, Shape
from party_hub.domain.identifiers import SCHEMES, normalise


class BadAttributes(ValueError):
    """Attributes that cannot be taken: what is wrong, by attribute."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in problems.items()))
        self.problems = problems


def canonical_attributes(given: Mapping[str, Any]) -> dict[str, Any]:
    """`given` in canonical form. Raises BadAttributes, which names every attribute that is wrong."""
    problems = {name: "there is no such attribute" for name in given if name not in BY_NAME}
    taken: dict[str, Any] = {}
    for attribute in ATTRIBUTES:
        if given.get(attribute.name) in (None, "", [], {}):
            continue
        try:
            value = _value(attribute, given[attribute.name])
        except ValueError as problem:
            problems[attribute.name] = str(problem)
        else:
            if value not in (None, "", []):
                taken[attribute.name] = value
    if problems:
        raise BadAttributes(problems)
    return taken


def _value(attribute: Attribute, value: Any) -> Any:
    match attribute.shape:
        case Shape.DATE:
            return _day(value)
        case Shape.NUMBER:
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise ValueError("must be a whole number from 0 up")
            return value
        case Shape.TEXT:
            return _country(value) if attribute.name in ("country", "nationality") else _text(value)
        case Shape.TEXTS:
            return _texts(attribute.name, value)
        case _:
            return _objects(attribute, value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    return " ".join(value.replace("\0", "").split())


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(_text(value)).isoformat()
    except ValueError as problem:
        raise ValueError("must be a date, YYYY-MM-DD") from problem


def _country(value: Any) -> str:
    known = standardise.country(_text(value)) or ""
    if known and len(known) != 2:
        raise ValueError("must be an ISO 3166 country code")
    return known.upper()


def _texts(name: str, value: Any) -> list[str]:
    if not isinstance(value, list):
        raise ValueError("must be a list of texts")
    taken = [_text(one) for one in value]
    if name == "emails":
        taken = [one.lower() for one in taken]
    return list(dict.fromkeys(filter(None, taken)))


def _objects(attribute: Attribute, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError("must be a list of objects")
    if attribute.name == "identifiers":
        return [found for one in value if (found := _identifier(one))]
    taken = []
    for one in value:
        item = {part: text for part in attribute.parts if one.get(part) is not None and (text := _text(one[part]))}
        if "country" in item:
            item["country"] = _country(item["country"])
        if attribute.name == "names" and "full" not in item:
            parts = [item[part] for part in ("given", "middle", "family") if part in item]
            item = {"full": " ".join(parts), **item} if parts else {}
        if item:
            taken.append(item)
    return taken


def _identifier(given: Mapping[str, Any]) -> dict[str, Any] | None:
    scheme = _text(given.get("scheme", ""))
    if scheme not in SCHEMES:
        raise ValueError(f"{scheme[:40]!r} is no identifier scheme ({', '.join(SCHEMES)})")
    country = _country(given["country"]) if given.get("country") else ""
    found = normalise(scheme, _text(given.get("value", "")), country)
    if found is None:
        return None
    return {"scheme": found.scheme, "value": found.value, "country": found.country, "valid": found.valid is not False}
