"""Attributes that come as JSON already: an event, a call. They are brought to the same form as those of a file.

Two forms are taken: the canonical attributes (`names`, `addresses` …), and the canonical columns (`full_name`,
`street` …), which a simple sender finds easier. They may be mixed.
"""

from collections.abc import Mapping
from typing import Any

from ..attributes import BY_NAME, PartyType, Shape
from ..identifiers import SCHEMES
from ..relations import PARTS as RELATION_PARTS
from .draft import Draft
from .json_text import from_json
from .values import clean, country, number

_PEOPLE = frozenset(["date_of_birth", "given_name", "family_name", "gender", "nationality", "national_id", "passport"])
_NAME_COLUMNS = ("full_name", "given_name", "middle_name", "family_name")
_ADDRESS_COLUMNS = ("address", "street", "city", "region", "postcode")
COLUMNS = frozenset(
    [*_NAME_COLUMNS, *_ADDRESS_COLUMNS, "phone", "email", "website", "party_type", *SCHEMES]
    + [f"{scheme.code}_country" for scheme in SCHEMES.values() if scheme.national]
)
"""What may be said in place of, or beside, the canonical attributes."""
NAMES = BY_NAME.keys() | COLUMNS


def put_attributes(draft: Draft, text: str, party_type: str, withdrawn: bool) -> str:
    """Put the JSON object `text` into `draft`; gives the party type, guessed where none was said."""
    try:
        given = from_json(text) if text else {}
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        draft.wrong("attributes", "The attributes are no JSON object.")
        return party_type
    try:
        _put(draft, given)
    except _Malformed as problem:
        draft.wrong(f"attributes.{problem.args[0]}", f"{problem.args[0]} is not {problem.args[1]}.")
    said = clean(str(given.get("party_type") or party_type))
    if said and said not in set(PartyType):
        draft.wrong("party_type", f"{said[:40]!r} is no party type ({', '.join(PartyType)}).")
    if not said and (given or not withdrawn):
        names = given.get("names")
        family = isinstance(names, list) and any(isinstance(name, dict) and name.get("family") for name in names)
        return PartyType.INDIVIDUAL if family or _PEOPLE & given.keys() else PartyType.ORGANISATION
    return said or PartyType.ORGANISATION


_LONGEST_LABEL = 40
_PARTS = {name: frozenset(attribute.parts) for name, attribute in BY_NAME.items() if attribute.parts}


class _Malformed(Exception):
    """An attribute (first argument) that has not the shape it must have (second)."""


def _put(draft: Draft, given: Mapping[str, Any]) -> None:
    texts = {name: clean(str(value)) for name, value in given.items() if isinstance(value, str | int | float)}
    for name in given.keys() - NAMES:
        draft.leave_out(_label(name), _text(given[name]))
    addresses = _objects(draft, given, "addresses")
    said = (texts.get("country", ""), *(str(one.get("country", "")) for one in addresses), texts.get("nationality", ""))
    if not draft.country:
        draft.country = next((code for one in said if (code := country(clean(one)))), "")
        draft.value("country", draft.country)
    _put_names(draft, given, texts)
    for one in addresses:
        parts = {part: clean(str(one.get(part) or "")) for part in BY_NAME["addresses"].parts}
        draft.address(**{**parts, "type": parts["type"] or "legal"})
    if any(texts.get(column) for column in _ADDRESS_COLUMNS):
        flat = {column: texts.get(column, "") for column in _ADDRESS_COLUMNS}
        draft.address(full=flat.pop("address"), country=texts.get("country", ""), **flat)
    _put_identifiers(draft, given, texts)
    for name, one_name, put in (
        ("phones", "phone", draft.phone),
        ("emails", "email", draft.email),
        ("websites", "website", draft.website),
    ):
        for text in _texts(given, name):
            put(text)
        put(texts.get(one_name, ""), one_name)
    for name, attribute in BY_NAME.items():
        if not attribute.many and name in given and given[name] is not None:
            if name not in texts:
                raise _Malformed(name, "a number" if attribute.shape is Shape.NUMBER else "a text")
            _put_value(draft, name, texts[name], attribute.shape)


def _put_identifiers(draft: Draft, given: Mapping[str, Any], texts: Mapping[str, str]) -> None:
    """Identifiers, and the relations of whoever they identify."""
    for one in _objects(draft, given, "identifiers"):
        if one.get("scheme") not in SCHEMES:
            raise _Malformed("identifiers", f"of a known scheme ({', '.join(SCHEMES)})")
        draft.identifier(
            str(one["scheme"]), *(clean(str(one.get(part) or "")) for part in ("value", "country", "status"))
        )
    for scheme in SCHEMES:
        draft.identifier(scheme, texts.get(scheme, ""), texts.get(f"{scheme}_country", ""), field=scheme)
    for one in _objects(draft, given, "relations"):
        draft.relation({part: clean(str(one.get(part) or "")) for part in RELATION_PARTS}, "attributes.relations")


def _put_value(draft: Draft, name: str, text: str, shape: Shape) -> None:
    """A code or a number that is no such thing is the sender's mistake: told, not passed over as in a file."""
    if text and name in ("country", "nationality") and not country(text):
        draft.wrong(f"attributes.{name}", f"{text[:40]!r} is no country.")
    elif text and shape is Shape.NUMBER and number(text) is None:
        draft.wrong(f"attributes.{name}", f"{text[:40]!r} is no whole number.")
    else:
        draft.value(name, text, f"attributes.{name}")


def _put_names(draft: Draft, given: Mapping[str, Any], texts: Mapping[str, str]) -> None:
    for one in _objects(draft, given, "names"):
        parts = {
            part: clean(str(one.get(part) or "")) for part in ("full", "given", "middle", "family", "type", "language")
        }
        draft.name(**{**parts, "type": parts["type"] or "legal"})
    if any(texts.get(column) for column in _NAME_COLUMNS):
        draft.name(**{column.removesuffix("_name"): texts.get(column, "") for column in _NAME_COLUMNS})


def _objects(draft: Draft, given: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = given.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _Malformed(name, "a list of objects")
    for one in found:
        for part in one.keys() - _PARTS[name]:
            draft.leave_out(f"{name}.{_label(part)}", _text(one[part]))
    return found


def _label(name: str) -> str:
    """A sender's own name for something, fit to be told."""
    return clean(name.replace(",", " "))[:_LONGEST_LABEL]


def _text(value: Any) -> str:
    """What a value says that has no place; "" where it says nothing."""
    return "" if value in (None, [], {}) else clean(str(value))


def _texts(given: Mapping[str, Any], name: str) -> list[str]:
    found = given.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise _Malformed(name, "a list of texts")
    return [clean(one) for one in found]
