"""What callers without the right to personal values get to see."""

from dataclasses import asdict
from typing import Any

from rest_framework.request import Request

from party_hub.domain.masking import is_personal, mask
from party_hub.queries import AttributeChange, AttributeLineage, Member, Profile, Related

from .permissions import sees_personal


def party(request: Request, profile: Profile, xrefs: list[tuple[str, str]]) -> dict[str, Any]:
    """A profile for this caller."""
    values, masked = (profile.values, []) if sees_personal(request) else mask(profile.values)
    said = {name: getattr(profile, name) for name in Profile.__slots__ if name not in ("values", "raw_lineage")}
    listed = [{"source": source, "key": key} for source, key in xrefs]
    return {**said, "values": values, "masked": masked, "xrefs": listed}


def member(request: Request, record: Member) -> dict[str, Any]:
    """A source record for this caller."""
    said = asdict(record)
    said["attributes"], said["masked"] = (record.attributes, []) if sees_personal(request) else mask(record.attributes)
    return said


def lineage(request: Request, entries: list[AttributeLineage]) -> list[dict[str, Any]]:
    """Lineage for this caller: personal attributes are left out, personal identifiers too."""
    if sees_personal(request):
        return [asdict(entry) for entry in entries]
    shown = []
    for entry in entries:
        kept, _ = mask({entry.attribute: entry.golden})
        if entry.attribute in kept:
            said = {**asdict(entry), "golden": kept[entry.attribute]}
            said["values"] = [value for value in said["values"] if not is_personal(entry.attribute, value["value"])]
            shown.append(said)
    return shown


def changes(request: Request, listed: list[AttributeChange]) -> list[dict[str, Any]]:
    """Changes for this caller: that a personal value changed is told, from what to what is not."""
    if sees_personal(request):
        return [asdict(change) for change in listed]
    return [{**asdict(change), **_both_sides(change)} for change in listed]


def relationships(request: Request, found: list[Related]) -> list[Related]:
    """Relationships for this caller: those of persons, such as an employer, are left out."""
    if sees_personal(request):
        return found
    return [one for one in found if not is_personal("relations", {"type": one.type, "scheme": one.scheme})]


def _both_sides(change: AttributeChange) -> dict[str, Any]:
    sides = {"before": change.before, "after": change.after}
    return {side: mask({change.attribute: value})[0].get(change.attribute) for side, value in sides.items() if value}


def event(request: Request, envelope: dict[str, Any]) -> dict[str, Any]:
    """An event for this caller."""
    values = envelope.get("data", {}).get("values")
    if values is None or sees_personal(request):
        return envelope
    return {**envelope, "data": {**envelope["data"], "values": mask(values)[0]}}
