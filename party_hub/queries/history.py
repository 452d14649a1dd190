"""Everything that happened to a party, on one timeline, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from party_hub.domain.attributes import BY_NAME
from party_hub.models import AuditEntry, Decision, GoldenRecord, Membership, Pin, Redirect

from .profile import starts


class Happening(StrEnum):
    """What kind of thing happened."""

    GOLDEN = "golden"  # the golden record got another version
    JOINED = "joined"  # a record came in
    LEFT = "left"  # a record went to another party, or was withdrawn
    ABSORBED = "absorbed"  # another party's id was retired in favour of this one
    RETIRED = "retired"  # this id was retired
    DECIDED = "decided"  # a steward or a rule decided on its records
    RETRACTED = "retracted"
    PINNED = "pinned"
    UNPINNED = "unpinned"
    ACT = "act"  # an audited act


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """A golden value before and after; None where there was or is none."""

    attribute: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened. `title` says it in the reader's language; of an act, `verb` is its name ("split_party")
    and `detail` what it was done to. `actor` is like "user:ada"; `act` groups what was done in one go and can be
    undone.
    """

    at: datetime
    kind: Happening
    title: str
    actor: str = ""
    reason: str = ""
    version: int | None = None
    act: UUID | None = None
    party: UUID | None = None
    record: UUID | None = None
    changes: list[AttributeChange] = field(default_factory=list)
    verb: str = ""
    detail: str = ""


def history(party: UUID, *, limit: int = 200) -> list[Moment]:
    """The newest `limit` moments of the party's life. Six queries, whatever its size."""
    held = Membership.objects.filter(party=party).select_related("record__source").defer("record__attributes")
    memberships = list(held)
    moments = [
        *_golden_versions(party, limit),
        *_comings_and_goings(memberships),
        *_redirects(party),
        *_acts(party, {membership.record_id for membership in memberships}, limit),
        *_pins(party),
    ]
    order = {kind: position for position, kind in enumerate(Happening)}
    moments.sort(key=lambda moment: (moment.at, -order[moment.kind]), reverse=True)
    return moments[:limit]


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> list[AttributeChange]:
    """The attributes whose values differ, in the attributes' own order."""
    return [
        AttributeChange(name, attribute.label, before.get(name), after.get(name))
        for name, attribute in BY_NAME.items()
        if before.get(name) != after.get(name)
    ]


def _golden_versions(party: UUID, limit: int) -> Iterator[Moment]:
    kept = GoldenRecord.history.filter(party_id=party).order_by("-history_date", "-history_id")
    # One more than asked for, so that the oldest that is shown has something to be compared with.
    versions = list(
        kept.values_list("history_date", "history_change_reason", "version", "values", "history_type")[: limit + 1]
    )
    for index, (at, reason, version, values, kind) in enumerate(versions[:limit]):
        former = versions[index + 1] if index + 1 < len(versions) else None
        actor, _, rule = (reason or "").partition(": ")
        yield Moment(
            at=at,
            kind=Happening.GOLDEN,
            title=gettext("Golden record removed")
            if kind == "-"
            else gettext("Golden record, version %(version)s") % {"version": version},
            actor=actor,
            reason=rule,
            version=version,
            changes=changes_between(former[3] if former and former[4] != "-" else {}, {} if kind == "-" else values),
        )


def _comings_and_goings(memberships: list[Membership]) -> Iterator[Moment]:
    for membership in memberships:
        record = membership.record
        said = {"record": f"{record.source.name} {record.key}"}
        yield Moment(starts(membership), Happening.JOINED, gettext("%(record)s joined") % said, record=record.id)
        if membership.span.upper is not None:
            left = gettext("%(record)s left") % said
            yield Moment(membership.span.upper, Happening.LEFT, left, record=record.id)


def _redirects(party: UUID) -> Iterator[Moment]:
    for redirect in Redirect.objects.filter(Q(retired=party) | Q(survivor=party)):
        if redirect.survivor_id == party:
            yield Moment(
                redirect.since, Happening.ABSORBED, gettext("Took over a retired party"), party=redirect.retired_id
            )
        else:
            yield Moment(redirect.since, Happening.RETIRED, gettext("Retired"), party=redirect.survivor_id)


def _acts(party: UUID, records: set[UUID], limit: int) -> Iterator[Moment]:
    """What people and rules did, one moment an act: an act's decisions are told together."""
    touching = Decision.objects.filter(Q(left__in=records) | Q(right__in=records)).select_related("left", "right")
    by_act: dict[UUID, list[Decision]] = {}
    for decision in touching.defer("left__attributes", "right__attributes").order_by("-created_at", "id")[:limit]:
        by_act.setdefault(decision.act, []).append(decision)
    audited = AuditEntry.objects.filter(Q(act__in=by_act) | Q(subject_type="party", subject_id=str(party)))
    verbs = {}
    for entry in audited.order_by("-at")[:limit]:
        verbs[entry.act] = entry.verb
        if entry.act not in by_act:
            title = _in_words(entry.verb)
            yield Moment(entry.at, Happening.ACT, title, entry.actor, entry.reason, act=entry.act, verb=entry.verb)
    for act, decisions in by_act.items():
        yield from _decided(act, decisions, verbs.get(act, ""))


def _decided(act: UUID, decisions: list[Decision], verb: str) -> Iterator[Moment]:
    first = decisions[0]
    verb = verb or f"decide_{first.judgement}"
    detail = gettext("%(left)s with %(right)s") % {"left": first.left, "right": first.right}
    if len(decisions) > 1:
        detail += " " + gettext("and %(number)s more") % {"number": len(decisions) - 1}
    said = f"{_in_words(verb)}: {detail}"
    yield Moment(
        first.created_at, Happening.DECIDED, said, first.author, first.reason, act=act, verb=verb, detail=detail
    )
    taken_back = {(decision.retracted_at, decision.retracted_by) for decision in decisions}
    for at, by in taken_back:
        if at is not None:
            yield Moment(at, Happening.RETRACTED, gettext("Taken back: %(what)s") % {"what": said}, by, act=act)


def _in_words(verb: str) -> str:
    """split_party → Split party."""
    return gettext(verb.replace("_", " ").capitalize())


def _pins(party: UUID) -> Iterator[Moment]:
    now = timezone.now()
    for pin in Pin.objects.filter(party=party).select_related("record").defer("record__attributes"):
        label = BY_NAME[pin.attribute].label
        about = {"attribute": gettext(label), "whom": pin.whom}
        told, ended = gettext("%(attribute)s pinned") % about, gettext("%(attribute)s unpinned") % about
        if pin.forbids:
            told = gettext("%(attribute)s: %(whom)s not heard") % about
            ended = gettext("%(attribute)s: %(whom)s heard again") % about
        covered = pin.beneath[0] if pin.beneath and not pin.forbids else None
        change = AttributeChange(pin.attribute, label, *((pin.value, None) if pin.forbids else (covered, pin.value)))
        changes = [] if pin.value is None else [change]
        act = pin.opened_in or pin.act
        yield Moment(pin.created_at, Happening.PINNED, told, pin.author, pin.reason, act=act, changes=changes)
        if pin.retracted_at is not None:
            yield Moment(pin.retracted_at, Happening.UNPINNED, ended, pin.retracted_by, act=pin.retracted_in)
        elif pin.expires_at is not None and pin.expires_at <= now:
            over = gettext("Its time is up: %(what)s") % {"what": ended}
            yield Moment(pin.expires_at, Happening.UNPINNED, over)
