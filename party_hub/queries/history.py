"""Everything that happened to a party, on one timeline, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from party_hub.domain.attributes import BY_NAME
from party_hub.models import GoldenRecord, Pin
from party_hub.models.copy import as_array


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


def history(party: UUID, *, limit: int = 200, known_at: datetime | None = None) -> list[Moment]:
    """The newest `limit` moments of the party's life, or of its life until then. Five queries, whatever its size."""
    came = list(_comings_and_goings(party))
    records = {moment.record for moment in came if moment.record}
    moments = [
        *_golden_versions(party, limit, known_at),
        *came,
        *_acts(party, records, limit, known_at),
        *_pins(party),
    ]
    order = {kind: position for position, kind in enumerate(Happening)}
    past = [moment for moment in moments if known_at is None or moment.at <= known_at]
    past.sort(key=lambda moment: (moment.at, -order[moment.kind]), reverse=True)
    return past[:limit]


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> list[AttributeChange]:
    """The attributes whose values differ, in the attributes' own order."""
    return [
        AttributeChange(name, attribute.label, before.get(name), after.get(name))
        for name, attribute in BY_NAME.items()
        if before.get(name) != after.get(name)
    ]


def _golden_versions(party: UUID, limit: int, known_at: datetime | None) -> Iterator[Moment]:
    past = {"history_date__lte": known_at} if known_at else {}
    kept = GoldenRecord.history.filter(party_id=party, **past).order_by("-history_date", "-history_id")
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


# The party's records, and the ids that it took over or was given up for.
COMINGS = """
SELECT 'record', r.id, s.name || ' ' || r.key, lower(m.span), upper(m.span)
FROM party_hub_membership m JOIN party_hub_sourcerecord r ON r.id = m.record_id
JOIN party_hub_sourcesystem s ON s.code = r.source_id WHERE m.party_id = %(party)s
UNION ALL SELECT 'absorbed', retired_id, '', since, NULL FROM party_hub_redirect WHERE survivor_id = %(party)s
UNION ALL SELECT 'retired', survivor_id, '', since, NULL FROM party_hub_redirect WHERE retired_id = %(party)s
"""


def _comings_and_goings(party: UUID) -> Iterator[Moment]:
    with connection.cursor() as cursor:
        cursor.execute(COMINGS, {"party": party})
        rows = cursor.fetchall()
    for what, which, name, since, until in rows:
        if what == "absorbed":
            yield Moment(since, Happening.ABSORBED, gettext("Took over a retired party"), party=which)
        elif what == "retired":
            yield Moment(since, Happening.RETIRED, gettext("Retired"), party=which)
        else:
            said = {"record": name}
            yield Moment(since, Happening.JOINED, gettext("%(record)s joined") % said, record=which)
            if until is not None:
                yield Moment(until, Happening.LEFT, gettext("%(record)s left") % said, record=which)


class _Decided(NamedTuple):
    """A decision, its records by source and key."""

    act: UUID
    judgement: str
    left: str
    right: str
    author: str
    reason: str
    created_at: datetime
    retracted_at: datetime | None
    retracted_by: str


DECIDED = """
SELECT d.act, d.judgement, one.source_id || ':' || one.key, other.source_id || ':' || other.key, d.author, d.reason,
    d.created_at, d.retracted_at, d.retracted_by
FROM party_hub_decision d JOIN party_hub_sourcerecord one ON one.id = d.left_id
JOIN party_hub_sourcerecord other ON other.id = d.right_id
WHERE (d.left_id = ANY(%(records)s::uuid[]) OR d.right_id = ANY(%(records)s::uuid[]))
    AND d.created_at <= coalesce(%(known_at)s::timestamptz, 'infinity')
ORDER BY d.created_at DESC, d.id LIMIT %(limit)s
"""
AUDITED = """
SELECT act, verb, at, actor, reason FROM party_hub_auditentry
WHERE (act = ANY(%(acts)s::uuid[]) OR subject_type = 'party' AND subject_id = %(party)s::text)
    AND at <= coalesce(%(known_at)s::timestamptz, 'infinity')
ORDER BY at DESC LIMIT %(limit)s
"""


def _acts(party: UUID, records: set[UUID], limit: int, known_at: datetime | None) -> Iterator[Moment]:
    """What people and rules did, one moment an act: an act's decisions are told together."""
    asked: dict[str, Any] = {"party": party, "records": as_array(records), "limit": limit, "known_at": known_at}
    by_act: dict[UUID, list[_Decided]] = {}
    verbs = {}
    with connection.cursor() as cursor:
        cursor.execute(DECIDED, asked)
        for decision in map(_Decided._make, cursor.fetchall()):
            by_act.setdefault(decision.act, []).append(decision)
        cursor.execute(AUDITED, asked | {"acts": as_array(by_act)})
        audited = cursor.fetchall()
    for act, verb, at, actor, reason in audited:
        verbs[act] = verb
        if act not in by_act:
            yield Moment(at, Happening.ACT, _in_words(verb), actor, reason, act=act, verb=verb)
    for act, decisions in by_act.items():
        yield from _decided(act, decisions, verbs.get(act, ""))


def _decided(act: UUID, decisions: list[_Decided], verb: str) -> Iterator[Moment]:
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
    for pin in Pin.objects.filter(party=party).prefetch_related("record"):
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
