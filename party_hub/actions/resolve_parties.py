"""The state follows from the facts: clusters, parties, memberships, golden records and events of whatever a change
reaches.

Nothing else in the hub writes those. Whoever wants another result appends a decision, a pin or a record and calls this.
Each chunk is a transaction of its own that is complete in itself. One advisory lock orders them: an act takes it alone;
bulk chunks share it, a process each, for they have no record in common, and one that turns out to reach further than
its own records starts again alone.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from party_hub.domain.clusters import cluster
from party_hub.events.catalog import Cause, EventType, PartyEvent
from party_hub.events.outbox import tell
from party_hub.models import SourceRecord
from party_hub.models.copy import as_array

from .assignment import Assignment, Member, assign, bear_parties, members_of, write_assignment
from .changes import events_of
from .closure import CHUNK_RECORDS, Divide, gather, in_whole_components
from .marks import marks_for
from .rebuild_golden import (
    Content,
    pins_of,
    rule_book,
    stored_content,
    work_out,
    write_golden,
)
from .relate_parties import relate_parties
from .resolution import Resolution
from .side_by_side import side_by_side
from .waiting import Waiting, settle

RESOLVE_LOCK = 727_001


def resolve_parties(
    *,
    records: Collection[UUID | str] | None,
    actor: str,
    cause: Cause | None = None,
    settled: Waiting | None = None,
    progress: Callable[[Resolution], None] = lambda so_far: None,
    divide: Divide | None = None,
) -> Resolution:
    """Brings parties and golden records in line with the facts around `records` (None: everywhere).

    `settled` says of records that have been matched since when they waited: they no longer do. Bulk work is
    committed chunk by chunk, and `progress` hears after each what has been done so far; called inside a transaction,
    all of it belongs to that. `divide` gives all records in chunks of whole components, where another than the hub's
    own way is to be taken.
    """
    total = Resolution()
    for done in _chunk_by_chunk(records, cause or Cause(actor=actor, rule="resolve"), settled or {}, divide):
        total.add(done)
        progress(total)
    return total


def _chunk_by_chunk(
    records: Collection[UUID | str] | None, cause: Cause, settled: Waiting, divide: Divide | None
) -> Iterator[Resolution]:
    number = SourceRecord.objects.count() if records is None else len(records)
    chunks = divide() if divide and records is None else in_whole_components(records)
    if connection.in_atomic_block or number <= CHUNK_RECORDS:
        yield from (_resolve_chunk(chunk, cause, settled) for chunk in chunks)
    else:
        yield from map(Resolution.of_json, side_by_side(chunks, cause, settled))


class _ReachesFurther(Exception):
    """The chunk is joined to records outside it, which another process may be working on."""


def resolve_chunk(records: Sequence[str], cause: Cause, settled: Waiting, *, whole: bool) -> Resolution:
    """One chunk of bulk work: beside others where it is said to be `whole`, joined to no record outside."""
    try:
        return _resolve_chunk(records, cause, settled, beside_others=whole)
    except _ReachesFurther:
        return _resolve_chunk(records, cause, settled)


@transaction.atomic
def _resolve_chunk(
    records: Collection[UUID | str], cause: Cause, settled: Waiting, *, beside_others: bool = False
) -> Resolution:
    moment = lock_and_look_at_the_clock(shared=beside_others)
    if beside_others:
        _join_by_index()
    reached = gather(records)
    if beside_others and len(reached) > len(records):
        raise _ReachesFurther
    members, links = members_of(reached), links_of(reached)
    clusters, held = clusters_of(members, links)
    assignment = assign(clusters, members)
    write_assignment(assignment, moment)
    contents = contents_of(assignment, members, moment)
    known = stored_content(assignment.members.keys() - assignment.created)
    events = list(events_of(assignment, contents, known, _versions(assignment)))
    bear_parties({party: contents[party].party_type for party in assignment.created}, moment)
    _write_changed(contents, events, known, cause, moment)
    if beside_others:
        _check_references()
    touched = {event.party for event in events}
    saying = {party for party in touched if party in contents and "relations" in contents[party].values}
    relate_parties(touched=touched, saying=saying, moment=moment, newborn=assignment.created)
    _hold(links, held)
    settle(settled, reached)
    tell(events, cause)  # last, for from here on others wait to tell theirs
    return _summary(len(reached), events, assignment, len(held))


def _join_by_index() -> None:
    """Every join of a chunk starts from its few thousand rows, which the planner cannot know while a load outgrows its
    statistics.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_mergejoin = off;"
            "SET LOCAL max_parallel_workers_per_gather = 0"
        )


def _check_references() -> None:
    """Now and not at the commit, by when others wait to relate and to tell theirs."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def lock_and_look_at_the_clock(*, shared: bool = False) -> datetime:
    """Waits for its turn, then gives the time of the change: later than every change to the same parties before."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pg_advisory_xact_lock{'_shared' if shared else ''}(%s), clock_timestamp()", [RESOLVE_LOCK]
        )
        moment: datetime = cursor.fetchone()[1]
    return moment


class Link(NamedTuple):
    """A pair that the model joins, and why it does not count where it is held."""

    left: UUID
    right: UUID
    score: float
    margin: float
    held: str


LINKS = """
SELECT left_id, right_id, score, margin, held FROM party_hub_link WHERE left_id = ANY(%s::uuid[])
"""
DECISIONS = """
SELECT d.left_id, d.right_id, d.judgement
FROM party_hub_decision d WHERE d.left_id = ANY(%(reach)s::uuid[]) AND d.right_id = ANY(%(reach)s::uuid[])
  AND d.retracted_at IS NULL AND (d.expires_at IS NULL OR d.expires_at > clock_timestamp())
"""


def links_of(reached: Collection[str]) -> list[Link]:
    """The links between these records, which have none to any other."""
    with connection.cursor() as cursor:
        cursor.execute(LINKS, [as_array(reached)])
        return [Link(*row) for row in cursor.fetchall()]


def clusters_of(
    members: Sequence[Member], links: Collection[Link]
) -> tuple[list[list[UUID]], dict[tuple[UUID, UUID], str]]:
    """The clusters of these records, which go by id, withdrawn ones left out; and the links that are held, with the
    reason.
    """
    with connection.cursor() as cursor:
        cursor.execute(DECISIONS, {"reach": as_array(member.id for member in members)})
        decisions = cursor.fetchall()
    # Places stand for the records, whose ids are slow to hash and to compare. Members go by id, so places sort alike.
    ids = [member.id for member in members]
    place = {record: number for number, record in enumerate(ids)}
    live = [number for number, member in enumerate(members) if not member.withdrawn]
    exclusive = {number: member.testimony.source for number, member in enumerate(members) if member.duplicate_free}
    must = [(place[left], place[right]) for left, right, judgement in decisions if judgement == "match"]
    cannot = [(place[left], place[right]) for left, right, judgement in decisions if judgement == "no_match"]
    scored = [(place[link.left], place[link.right], link.score) for link in links]
    marks = marks_for([(left, right) for left, right, _ in scored], ids.__getitem__)
    margins = {place[end]: link.margin for link in links for end in (link.left, link.right)} if marks else {}
    bare = {number for number, member in enumerate(members) if member.bare}
    result = cluster(live, scored, must, cannot, exclusive, marks, margins, bare)
    held = {(ids[left], ids[right]): why for (left, right), why in result.held.items()}
    return [[ids[number] for number in numbers] for numbers in result.members], held


def contents_of(assignment: Assignment, members: Iterable[Member], moment: datetime) -> dict[UUID, Content]:
    """The golden record of every party in `assignment`, pins in force at `moment` included.

    Pins come with retired parties along their redirects, so those are written before.
    """
    testimonies = {member.id: member.testimony for member in members}
    rules = rule_book()
    pins = pins_of(assignment.members, moment)
    return {
        party: work_out([testimonies[record] for record in records], rules, pins.get(party, ()))
        for party, records in assignment.members.items()
    }


def _versions(assignment: Assignment) -> dict[UUID, int]:
    before = assignment.members.keys() - assignment.created
    parties = before | assignment.retired.keys() | assignment.withdrawn
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, version FROM party_hub_party WHERE id = ANY(%s::uuid[])", [as_array(parties)])
        return dict(cursor.fetchall())


def _write_changed(
    contents: Mapping[UUID, Content],
    events: Collection[PartyEvent],
    known: Mapping[UUID, Content],
    cause: Cause,
    moment: datetime,
) -> None:
    versions = {event.party: event.version for event in events}
    _count_up(versions)
    changed = {party: content for party, content in contents.items() if party in versions}
    write_golden(changed, versions, known, moment, cause)


def _count_up(versions: Mapping[UUID, int]) -> None:
    # A party is born with its first version.
    if later := {party: version for party, version in versions.items() if version > 1}:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE party_hub_party p SET version = later.version "
                "FROM unnest(%s::uuid[], %s::int[]) AS later(party, version) WHERE later.party = p.id",
                [as_array(later), as_array(later.values())],
            )


def _hold(links: Collection[Link], held: Mapping[tuple[UUID, UUID], str]) -> None:
    if not held and not any(link.held for link in links):
        return
    before = {(link.left, link.right): link.held for link in links}
    changed = {pair: held.get(pair, "") for pair, why in before.items() if why != held.get(pair, "")}
    if changed:
        lefts, rights = zip(*changed, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE party_hub_link l SET held = now.held "
                "FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS now(one, other, held) "
                "WHERE l.left_id = now.one AND l.right_id = now.other",
                [as_array(lefts), as_array(rights), list(changed.values())],
            )


def _summary(reached: int, events: Collection[PartyEvent], assignment: Assignment, held: int) -> Resolution:
    told: dict[EventType, set[UUID]] = defaultdict(set)
    for event in events:
        told[event.type].add(event.party)
    return Resolution(
        records=reached,
        created=told[EventType.CREATED],
        merged={retired: min(survivors) for retired, survivors in assignment.retired.items()},
        split=told[EventType.SPLIT],
        updated=(told[EventType.UPDATED] | told[EventType.MERGED]) - assignment.withdrawn,
        withdrawn=set(assignment.withdrawn),
        held=held,
    )
