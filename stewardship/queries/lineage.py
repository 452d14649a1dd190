"""Where a party's golden values come from, as a graph: from the value back to the line of the file that said it.

golden value ← value said ← version of a record ← run of a feed ← line of the file as it landed
     ↑ rule in its version, or pin                ↑ decision or link that put the record into the party
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from ingestion.models import FeedRun
from matching.how import DECISION, Join, how_together, matches_among
from party_hub import queries
from party_hub.domain.attributes import BY_NAME
from party_hub.models import Decision, Pin
from party_hub.queries.rules import RuleInForce, rules_in_force
from stewardship.models import ReviewTask
from stewardship.presentation.grounds import ground
from stewardship.presentation.impact import in_sentence
from stewardship.presentation.lineage import EdgeKind, LineageGraph, Node, NodeKind
from stewardship.presentation.shares import percent
from stewardship.presentation.values import Shown, attribute_label, shown_lineage


@dataclass(frozen=True)
class _Told:
    """What the graph is made of beside the lineage itself."""

    rules: Mapping[str, RuleInForce]
    members: Mapping[UUID, queries.Member]
    runs: Mapping[str, FeedRun]
    joins: Mapping[UUID, Join]
    decisions: Mapping[tuple[UUID, UUID], Decision]
    tasks: Mapping[UUID, int]
    pins: Mapping[int, Pin]
    how: str


def lineage_graph(
    profile: queries.Profile, *, attributes: Iterable[str], known_at: datetime | None, personal: bool
) -> LineageGraph:
    """The graph of these of the party's attributes, now or as known then. With `personal` false, personal values are
    hidden. Ten queries at most, whatever there is.
    """
    lineage = {name: profile.raw_lineage[name] for name in attributes if name in profile.raw_lineage}
    graph, told = LineageGraph(), _look_up(profile, lineage, known_at)
    for name, said in lineage.items():
        _attribute(graph, told, name, said, shown_lineage(name, said, personal=personal))
    return graph


def _look_up(profile: queries.Profile, lineage: Mapping[str, Any], known_at: datetime | None) -> _Told:
    entries = [entry for said in lineage.values() for entry in said["values"]]
    used = {UUID(record["record"]) for entry in entries for record in entry["records"]}
    members = {one.record: one for one in queries.members(profile.id, known_at=known_at)}
    places = {_object(one.raw_location) for record, one in members.items() if record in used}
    steps = how_together(profile.id, known_at=known_at) if members else []
    joins: dict[UUID, Join] = {}
    for step in steps:
        for record in (step.left, step.right):
            joins.setdefault(record, step)
    decided = {(one.left_id, one.right_id): one for one in matches_among(members, known_at)}
    acts = [one.act for one in decided.values()]
    pins = {entry[kind] for entry in entries for kind in ("pin", "forbidden") if entry.get(kind) is not None}
    return _Told(
        rules=rules_in_force(profile.party_type, known_at=known_at),
        members={record: one for record, one in members.items() if record in used},
        runs={run.raw_location: run for run in FeedRun.objects.filter(raw_location__in=places - {""})},
        joins=joins,
        decisions=decided,
        tasks={task.act: task.pk for task in ReviewTask.objects.filter(act__in=acts).only("act") if task.act},
        pins=Pin.objects.in_bulk(pins),
        how=reverse("party_how", args=[profile.id]),
    )


def _object(raw_location: str) -> str:
    return raw_location.rpartition("#")[0]


def _attribute(graph: LineageGraph, told: _Told, name: str, said: Mapping[str, Any], values: list[Shown]) -> None:
    """Everything behind one attribute."""
    won = [value for value in values if value.won]
    text = ", ".join(value.text for value in won) or _("no value")
    golden = Node(f"golden:{name}", NodeKind.GOLDEN, text, attribute_label(name), attribute=name)
    graph.nodes[golden.id] = golden
    if said["rule"] != "pin":
        graph.tie(_rule(told.rules[name], said["reason"]), golden, EdgeKind.CHOSE)
    for place, value in enumerate(values):
        kind = EdgeKind.WON if value.won else EdgeKind.NOT_HEARD if value.forbidden else EdgeKind.LOST
        words = {EdgeKind.WON: _("golden"), EdgeKind.LOST: _("lost"), EdgeKind.NOT_HEARD: _("not heard")}[kind]
        note = ", ".join(filter(None, (words, value.scheme, value.note, value.warning)))
        node = Node(f"value:{name}:{place}", NodeKind.VALUE, value.text, note, attribute=name)
        graph.tie(node, golden, kind)
        for number, tie in ((value.pin, EdgeKind.SET), (value.forbidden, EdgeKind.SILENCED)):
            if number is not None and number in told.pins:
                graph.tie(_pin(told.pins[number]), node, tie)
        for record in value.records:
            if member := told.members.get(UUID(record["record"])):
                _record(graph, told, member, node)


def _rule(rule: RuleInForce, reason: str) -> Node:
    strategies = ", ".join(in_sentence(_(one.replace("_", " ").capitalize())) for one in rule.strategies)
    label = _("Rule: %(strategies)s") % {"strategies": strategies}
    version = _("built in")
    if rule.since is not None:
        version = _("version %(number)s of %(day)s") % {"number": rule.version, "day": f"{rule.since:%Y-%m-%d}"}
    note = ", ".join(filter(None, (version, rule.by, ground(reason))))
    page = reverse("rule_draft", args=[rule.attribute])
    return Node(f"rule:{rule.attribute}", NodeKind.RULE, label, note, page, attribute=rule.attribute)


def _pin(pin: Pin) -> Node:
    said = {"author": pin.author.removeprefix("user:"), "day": f"{pin.created_at:%Y-%m-%d}"}
    note = ", ".join((_("by %(author)s on %(day)s") % said, pin.reason))
    return Node(f"pin:{pin.pk}", NodeKind.PIN, _("Pin"), note, attribute=pin.attribute)


def _record(graph: LineageGraph, told: _Told, member: queries.Member, value: Node) -> None:
    """A record in its version, the line and the run that it came from, and what put it into the party."""
    said = {"number": member.version, "day": f"{member.effective_at:%Y-%m-%d}"}
    note = _("version %(number)s, as of %(day)s") % said
    label = f"{member.source_name} {member.key}"
    record = Node(f"record:{member.record}@{member.version}", NodeKind.RECORD, label, note, source=member.source)
    graph.tie(record, value, EdgeKind.SAYS)
    place, _sign, line = member.raw_location.rpartition("#")
    where = place.rpartition("/")[2] or member.raw_location
    line_note = _("line %(line)s") % {"line": line} if place else ""
    raw = Node(f"raw:{member.raw_location}", NodeKind.RAW, where, line_note, source=member.source)
    if member.raw_location:
        graph.tie(raw, record, EdgeKind.HOLDS)
    if run := told.runs.get(place):
        day = run.finished_at or run.requested_at
        run_said = {"number": run.pk, "feed": run.feed_id}
        step = Node(
            f"run:{run.pk}", NodeKind.RUN, _("Run %(number)s of %(feed)s") % run_said, f"{day:%Y-%m-%d %H:%M}",
            reverse("feed_run", args=[run.pk]), source=member.source,
        )  # fmt: skip
        graph.tie(step, raw, EdgeKind.BROUGHT)
    if join := told.joins.get(member.record):
        graph.tie(_join(told, join), record, EdgeKind.JOINED)


def _join(told: _Told, join: Join) -> Node:
    """What put the two records of the join into one party."""
    decision = told.decisions.get((join.left, join.right)) if join.by == DECISION else None
    if decision is None:
        chance = _("held the same with %(chance)s") % {"chance": percent(join.probability)}
        return Node(f"link:{join.left}:{join.right}", NodeKind.LINK, _("Joined by the model"), chance, told.how)
    task = told.tasks.get(decision.act)
    said = {"author": decision.author.removeprefix("user:")}
    note = ", ".join(filter(None, (f"{decision.created_at:%Y-%m-%d}", decision.reason)))
    page = reverse("task", args=[task]) if task else told.how
    return Node(f"decision:{decision.pk}", NodeKind.DECISION, _("Match, by %(author)s") % said, note, page)


def known_attributes(profile: queries.Profile) -> list[tuple[str, str]]:
    """The attributes that the party's lineage tells of: name and label, in canonical order."""
    return [(name, attribute_label(name)) for name in BY_NAME if name in profile.raw_lineage]
