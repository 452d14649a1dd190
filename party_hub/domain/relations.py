"""Relations: what a source record says of how its party stands to another one, which it names by an identifier; or the
reason that it gives why there is none.

A relation is an element of the attribute `relations`: `{type, scheme, value}` or `{type, exception}`, with
`reference`, `since` and `until` (days), `share` (per cent, as text) and `status` ("ended") where they are said. `type`
is the code of a relationship type, which is reference data.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from .identifiers import SCHEMES, normalise

PARTS = ("type", "scheme", "value", "exception", "reference", "since", "until", "share", "status")
IDENTITY = ("type", "scheme", "value", "exception")
ENDED = "ended"
SUCCESSOR = "successor"
# Types that say nothing of a person. All others, those that administrators add too, are masked as personal.
OF_ORGANISATIONS = frozenset({
    "direct_parent", "head_office", "umbrella_fund", "master_fund", "domestic_ultimate", "ultimate_parent",
    "global_ultimate", "fund_manager", "successor", "owner",
})  # fmt: skip
_TYPE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_EXCEPTION = re.compile(r"[A-Z][A-Z_]{0,59}")
Relation = dict[str, Any]

# Reporting exceptions of GLEIF's level 2 data (Reporting Exceptions Format 2.1) in words; the first five are in use,
# the others were until 2022 and still stand in its files.
EXCEPTIONS: dict[str, str] = {
    "NO_LEI": "The parent has no LEI.",
    "NATURAL_PERSONS": "Natural persons control it, and no legal entity above consolidates it.",
    "NON_CONSOLIDATING": "The parent need not draw up consolidated accounts.",
    "NO_KNOWN_PERSON": "Nobody is known to control it, for instance because its shares are widely spread.",
    "NON_PUBLIC": "The relationship is not public, and something stands against publishing it.",
    "BINDING_LEGAL_COMMITMENTS": "A contract or law forbids to publish the parent.",
    "LEGAL_OBSTACLES": "The law stands against naming or publishing the parent.",
    "CONSENT_NOT_OBTAINED": "The parent has not agreed to be named.",
    "DISCLOSURE_DETRIMENTAL": "Naming the parent would harm it or the entity.",
    "DETRIMENT_NOT_EXCLUDED": "It cannot be ruled out that naming the parent would do harm.",
}


class Standing(StrEnum):
    """What has become of a relation: whether the party that it names is known."""

    CONNECTED = "connected"
    UNKNOWN = "unknown"  # nobody in the hub has that identifier yet
    ITSELF = "itself"  # the party itself has it: child and parent have become one party
    UNFIT = "unfit"  # its type does not fit what the two parties are
    EXCEPTION = "exception"  # the source says why there is none


class BadRelation(ValueError):
    """A relation cannot be taken; the text says why, for a steward."""


def relation(
    type: str,
    scheme: str = "",
    value: str = "",
    *,
    exception: str = "",
    reference: str = "",
    since: str = "",
    until: str = "",
    share: str = "",
    ended: bool = False,
) -> Relation | None:
    """A relation in canonical form; None where nobody is named and no exception given. Raises BadRelation.

    `since` and `until` are ISO 8601 days already.
    """
    if not _TYPE.fullmatch(type):
        raise BadRelation(f"{type[:40]!r} is no code of a relationship type (small letters, digits and _).")
    made: Relation = {"type": type}
    if exception:
        if not _EXCEPTION.fullmatch(exception):
            raise BadRelation(f"{exception[:60]!r} is no code of an exception (capitals and _).")
        made["exception"] = exception
    elif named := normalise(scheme, value):
        if named.valid is False:
            raise BadRelation(f"{value[:40]!r}, which names the {type.replace('_', ' ')}, is no true {scheme.upper()}.")
        made["scheme"], made["value"] = scheme, named.value
    else:
        return None
    if since and until and until < since:
        raise BadRelation(f"The relation ends ({until}) before it begins ({since}).")
    if reference:
        made["reference"] = reference[:200]
    if since:
        made["since"] = since
    if until:
        made["until"] = until
    if share:
        made["share"] = _share(share)
    if ended:
        made["status"] = ENDED
    return made


def _share(text: str) -> str:
    """Per cent without trailing noughts."""
    try:
        share = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        share = Decimal(-1)
    if not 0 <= share <= 100:
        raise BadRelation(f"{text[:40]!r} is no share from 0 to 100 per cent.")
    return f"{share.normalize():f}"


def fault_of(item: Mapping[str, Any]) -> str:
    """What keeps a relation from being canonical; "" where nothing does."""
    if item.get("scheme", "") not in (("",) if "exception" in item else SCHEMES):
        return f"scheme must be one of {', '.join(SCHEMES)}, or exception say why nobody is named"
    try:
        for day in (item[part] for part in ("since", "until") if part in item):
            date.fromisoformat(day)
        said = {part: item[part] for part in PARTS[1:-1] if part in item}
        canonical = relation(item.get("type", ""), **said, ended="status" in item)
    except ValueError as problem:
        return str(problem)
    known = {part: text for part, text in item.items() if part in PARTS}
    return (
        "" if canonical == known else "is not in canonical form: spelling of value or share, or status other than ended"
    )


def names_itself(said: Mapping[str, Any], identifiers: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the record names itself: some sources write so that nobody stands above."""
    value = said.get("value")
    return any(one["value"] == value and one["scheme"] == said.get("scheme") for one in identifiers)


def speaks_of_relations_alone(attributes: Mapping[str, Any]) -> bool:
    """Whether a record without a name is one about relations: it says whose by an identifier."""
    return bool(attributes.get("identifiers") and attributes.get("relations"))


def exception_in_words(code: str) -> str:
    """What a reader is told of an exception."""
    return EXCEPTIONS.get(code) or code.replace("_", " ").capitalize() + "."
