"""A party's life as people tell it: one entry for each thing that happened, with who, why, and before and after."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from party_hub import queries
from party_hub.queries import Happening, Moment

from .activity import standing
from .occasions import Occasion, loads, rule_changes
from .shift import Change, changes_between

TITLES = {
    "merge_parties": _("Merged"),
    "split_party": _("Split"),
    "move_records": _("Records moved"),
    "match_partly": _("Merged in part"),
    "decide_match": _("Decided: match"),
    "decide_no_match": _("Decided: no match"),
    "decide_unsure": _("Decided: unsure"),
    "pin_value": _("Value pinned"),
    "unpin_value": _("Pin removed"),
    "renew_pin": _("Pin renewed"),
    "forbid_value": _("Source not heard"),
    "allow_value": _("Source heard again"),
    "undo": _("Taken back"),
    "expire": _("Time was up"),
    "retire_party": _("Retired"),
    "restore_party": _("Brought back"),
    "create_party": _("Entered by hand"),
    "resolve": _("Records came in"),
    "rules_changed": _("Rules changed"),
}
MOVED = _("Records moved")
PINS = (Happening.PINNED, Happening.UNPINNED)


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `act` is there where somebody did it; `undoable` where it can be taken back."""

    at: datetime
    title: str
    actor: str = ""
    reason: str = ""
    version: int | None = None
    act: UUID | None = None
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    occasions: list[Occasion] = field(default_factory=list)
    parties: list[UUID] = field(default_factory=list)
    undoable: bool = False


def timeline(
    party: UUID, party_type: str, *, personal: bool, known_at: datetime | None = None, limit: int = 60
) -> list[Entry]:
    """The newest things that happened to the party, or until then, when nothing is to be undone. Six queries, with
    loads and rules that changed eleven, whatever its size.
    """
    moments = queries.history(party, limit=4 * limit, known_at=known_at)
    causes = _causes(party)
    told = {act for act, _ in causes.values()}
    entries = [*_versions(moments, causes, personal), *_others(moments, told, personal)]
    entries.sort(key=lambda entry: (entry.at, entry.version or 0), reverse=True)
    shown = entries[:limit]
    undoable = standing([entry.act for entry in shown if entry.act]) if known_at is None else set()
    occasions = _occasions(party, party_type, moments, causes)
    return [replace(entry, undoable=entry.act in undoable, occasions=occasions.get(entry.at, [])) for entry in shown]


def _occasions(
    party: UUID, party_type: str, moments: Iterable[Moment], causes: dict[int, tuple[UUID, dict[str, Any]]]
) -> dict[datetime, list[Occasion]]:
    """What the versions that came of loads and of other rules came of, by the time of the version."""
    golden = sorted((moment for moment in moments if moment.kind is Happening.GOLDEN), key=lambda moment: moment.at)
    rules = {
        moment.at: causes.get(moment.version or 0, (None, {}))[1].get("rule") or moment.reason for moment in golden
    }
    times = list(rules)
    loaded = loads(party, times) if "resolve" in rules.values() else {}
    changed = {change.attribute for moment in golden for change in moment.changes}
    ruled = rule_changes(party_type, changed, times) if "rules_changed" in rules.values() else {}
    told = {"resolve": loaded, "rules_changed": ruled}
    return {at: told[rule][at] for at, rule in rules.items() if rule in told and at in told[rule]}


CAUSES = """
SELECT party_version, correlation_id, payload->'decision' FROM party_hub_outboxevent
WHERE key = %s::text AND party_version IS NOT NULL AND payload IS NOT NULL ORDER BY id DESC LIMIT 200
"""


def _causes(party: UUID) -> dict[int, tuple[UUID, dict[str, Any]]]:
    """What caused each version: the act, and the decision that its event told. One query."""
    with connection.cursor() as cursor:
        cursor.execute(CAUSES, [party])
        rows = cursor.fetchall()
    return {version: (act, json.loads(decision or "null") or {}) for version, act, decision in rows}


def _versions(
    moments: Iterable[Moment], causes: dict[int, tuple[UUID, dict[str, Any]]], personal: bool
) -> Iterable[Entry]:
    """An entry for each moment at which something about the party itself changed."""
    by_time: dict[datetime, list[Moment]] = {}
    pins: dict[UUID, list[str]] = {}
    for moment in moments:
        if moment.kind in (Happening.PINNED, Happening.UNPINNED) and moment.act:
            pins.setdefault(moment.act, []).append(moment.title)
        if moment.kind in (Happening.GOLDEN, Happening.JOINED, Happening.LEFT, Happening.ABSORBED, Happening.RETIRED):
            by_time.setdefault(moment.at, []).append(moment)
    for at, together in by_time.items():
        golden = next((moment for moment in together if moment.kind is Happening.GOLDEN), None)
        act, decision = causes.get(golden.version or 0, (None, {})) if golden else (None, {})
        rule = decision.get("rule") or (golden.reason if golden else "")
        before = {change.attribute: change.before for change in golden.changes} if golden else {}
        after = {change.attribute: change.after for change in golden.changes} if golden else {}
        yield Entry(
            at=at,
            title=_titled(rule) if rule else gettext(MOVED),
            actor=decision.get("actor") or (golden.actor if golden else ""),
            reason=decision.get("reason") or "",
            version=golden.version if golden else None,
            act=act,
            changes=changes_between(before, after, personal=personal),
            notes=[*_notes(together), *(pins.get(act, ()) if act else ())],
            parties=[moment.party for moment in together if moment.party],
        )


def _titled(verb: str) -> str:
    """What the rule of an event, or the verb of an act, is called."""
    return gettext(TITLES.get(verb) or verb.replace("_", " ").capitalize())


def _notes(together: Iterable[Moment]) -> list[str]:
    """Records that came and went; many of them are counted."""
    notes = [moment.title for moment in together if moment.kind in (Happening.JOINED, Happening.LEFT)]
    return [*notes[:4], gettext("and %(number)s more") % {"number": len(notes) - 4}] if len(notes) > 5 else notes


def _others(moments: Sequence[Moment], told: set[UUID], personal: bool) -> Iterable[Entry]:
    """Acts that changed nothing about the party itself: a no match, a note, a proposal, a pin on what was golden."""
    pinned = {moment.act: moment.changes for moment in moments if moment.kind in PINS and moment.act}
    for moment in moments:
        if moment.kind in (Happening.DECIDED, Happening.ACT) and moment.act not in told:
            changes = pinned.get(moment.act, []) if moment.act else []
            yield Entry(
                at=moment.at,
                title=_titled(moment.verb),
                actor=moment.actor,
                reason=moment.reason,
                act=moment.act,
                changes=changes_between(
                    {change.attribute: change.before for change in changes},
                    {change.attribute: change.after for change in changes},
                    personal=personal,
                ),
                notes=[moment.detail] if moment.detail else [],
            )
