"""What has changed about parties since somebody looked at them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from party_hub import queries
from party_hub.domain.attributes import ATTRIBUTES, Kind, kind_of
from party_hub.models import GoldenRecord, Party
from party_hub.queries import Lead
from stewardship.presentation.values import Shown, attribute_label, show


@dataclass(frozen=True)
class Change:
    """A golden attribute before and after, as a reader sees it."""

    label: str
    before: list[Shown]
    after: list[Shown]


@dataclass(frozen=True)
class Shift:
    """A party that has changed, or is no party any more (`version_now` None; then `leads_to`, if anywhere)."""

    party: UUID
    name: str
    version_then: int
    version_now: int | None
    actor: str = ""
    changes: list[Change] = field(default_factory=list)
    leads_to: UUID | None = None


def shifts_since(versions: Mapping[UUID, int], *, personal: bool) -> list[Shift]:
    """Those of these parties that are no longer at the version that was seen. Three queries a party."""
    found = (_shift(party, version, personal) for party, version in versions.items())
    return [shift for shift in found if shift is not None]


def moved_on(versions: Mapping[UUID, int]) -> list[str]:
    """The names of those that are no longer at the version that was seen. One query."""
    rows = Party.objects.filter(pk__in=versions).values_list("pk", "version", "golden__name")
    return sorted(name or str(party) for party, version, name in rows if version != versions[party])


def changes_between(before: Mapping[str, object], after: Mapping[str, object], *, personal: bool) -> list[Change]:
    """The attributes whose golden values differ, in their own order; personal values masked where they must be."""
    return [
        Change(
            attribute_label(attribute.name),
            _shown(attribute.name, before.get(attribute.name), personal),
            _shown(attribute.name, after.get(attribute.name), personal),
        )
        for attribute in ATTRIBUTES
        if before.get(attribute.name) != after.get(attribute.name)
    ]


def _shown(attribute: str, value: object, personal: bool) -> list[Shown]:
    if value is None:
        return []
    return [show(attribute, one, personal=personal) for one in (value if isinstance(value, list) else [value])]


def _shift(party: UUID, seen: int, personal: bool) -> Shift | None:
    now = queries.profile(party)
    if now is not None and now.version == seen and now.status == "active":
        return None
    led = queries.where_is(party)
    if now is None or led.lead is not Lead.HERE:
        return Shift(party, now.name if now else "", seen, None, leads_to=led.party)
    kept = GoldenRecord.history.filter(party_id=party, version__lte=seen).order_by("-version", "-history_id").first()
    latest = GoldenRecord.history.filter(party_id=party).order_by("-history_date", "-history_id").first()
    actor, _, _ = (latest.history_change_reason or "").partition(": ") if latest else ("", "", "")
    open_to_all = personal or kind_of(now.party_type) is not Kind.INDIVIDUAL
    changes = changes_between(kept.values if kept else {}, now.values, personal=open_to_all)
    return Shift(party, now.name, seen, now.version, actor, changes)
