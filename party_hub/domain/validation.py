"""Whether attributes are canonical: what every door checks before a record becomes a fact."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .attributes import BY_NAME, Attribute, PartyType, Shape
from .identifiers import SCHEMES
from .relations import fault_of, speaks_of_relations_alone


@dataclass(frozen=True)
class Problem:
    """What is wrong, in which field."""

    field: str
    reason: str


def problems_of(party_type: object, attributes: object) -> list[Problem]:
    """Everything that is wrong with a record's party type and attributes; empty where they are canonical."""
    problems = []
    if party_type not in {known.value for known in PartyType}:
        problems.append(Problem("party_type", f"must be one of {', '.join(PartyType)}, not {party_type!r}"))
    if not isinstance(attributes, Mapping):
        return [*problems, Problem("attributes", "must be an object")]
    problems += [problem for name, value in attributes.items() if (problem := problem_of(str(name), value))]
    nameless = not any(problem.field == "names" for problem in problems) and not attributes.get("names")
    if nameless and not speaks_of_relations_alone(attributes):
        problems.append(Problem("names", "a record needs at least one name, or an identifier and relations"))
    return problems


def problem_of(name: str, value: Any) -> Problem | None:
    """What is wrong with one attribute's value, if anything."""
    attribute = BY_NAME.get(name)
    if attribute is None:
        return Problem(name, "is no canonical attribute")
    if attribute.many:
        if not isinstance(value, list) or not value:
            return Problem(name, f"must be a {attribute.shape} with at least one element")
        return next(
            (
                Problem(f"{name}[{index}]", reason)
                for index, item in enumerate(value)
                for reason in _item(attribute, item)
            ),
            None,
        )
    reason = _scalar(attribute, value)
    return Problem(name, reason) if reason else None


def _scalar(attribute: Attribute, value: Any) -> str:
    if attribute.shape is Shape.NUMBER:
        return "" if isinstance(value, int) and not isinstance(value, bool) else "must be a whole number"
    if not isinstance(value, str) or not value.strip():
        return "must be a text that is not empty"
    if attribute.shape is Shape.DATE:
        try:
            date.fromisoformat(value)
        except ValueError:
            return f"must be a date YYYY-MM-DD, not {value!r}"
    if attribute.name == "country" and not _is_country(value):
        return "must be an ISO 3166-1 code of two capitals"
    return ""


def _item(attribute: Attribute, item: Any) -> Iterator[str]:
    if attribute.shape is Shape.TEXTS:
        if not isinstance(item, str) or not item.strip():
            yield "must be a text that is not empty"
        return
    if not isinstance(item, Mapping):
        yield "must be an object"
        return
    if unknown := sorted(set(map(str, item)) - set(attribute.parts)):
        yield f"has unknown parts: {', '.join(unknown)}"
    wrong = [part for part, content in item.items() if part != "valid" and not isinstance(content, str)]
    if wrong:
        yield f"parts must be texts: {', '.join(sorted(map(str, wrong)))}"
    elif not str(item.get(attribute.identity[0], "")).strip() and attribute.name != "identifiers":
        yield f"needs {attribute.identity[0]}"
    elif attribute.name == "identifiers":
        yield from _identifier(item)
    elif attribute.name == "relations" and (reason := fault_of(item)):
        yield reason
    if item.get("country") and not _is_country(item["country"]):
        yield "country must be an ISO 3166-1 code of two capitals"


def _identifier(item: Mapping[str, Any]) -> Iterator[str]:
    if item.get("scheme") not in SCHEMES:
        yield f"scheme must be one of {', '.join(SCHEMES)}"
    value = str(item.get("value", ""))
    if not value.strip():
        yield "needs value"
    elif len(value) > 100:
        yield "value is longer than 100 characters"
    if "valid" in item and not isinstance(item["valid"], bool):
        yield "valid must be true or false"


def _is_country(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()
