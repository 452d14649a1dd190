"""What a resolution changed, as events: who was created, merged, split, updated, withdrawn, redirected."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from party_hub.events.catalog import EventType, PartyEvent
from party_hub.models.copy import as_array

from .assignment import Assignment
from .rebuild_golden import Content, changed_attributes


class _Moves:
    """Records that went from one party to another, seen from both."""

    def __init__(self, assignment: Assignment) -> None:
        self.absorbed: dict[UUID, set[UUID]] = defaultdict(set)  # survivor → parties that retired into it
        self.lost: dict[UUID, set[UUID]] = defaultdict(
            set
        )  # party → parties that took records from it and left it alive
        self.touched: set[UUID] = set()
        self._by_party: dict[UUID, list[tuple[UUID, UUID, UUID]]] = defaultdict(list)
        for record, (before, after) in assignment.moved.items():
            self.touched |= {party for party in (before, after) if party}
            if before and after:
                self._by_party[before].append((record, before, after))
                self._by_party[after].append((record, before, after))
                if before in assignment.retired:
                    self.absorbed[after].add(before)
                else:
                    self.lost[before].add(after)
        self._xrefs = _xrefs(record for moves in self._by_party.values() for record, _, _ in moves)

    def xrefs(self, party: UUID) -> list[dict[str, str]]:
        """The keys that moved into or out of the party."""
        moves = sorted(self._by_party[party])
        return [{**self._xrefs[record], "from": str(before), "to": str(after)} for record, before, after in moves]


def events_of(
    assignment: Assignment, contents: Mapping[UUID, Content], known: Mapping[UUID, Content], versions: dict[UUID, int]
) -> Iterator[PartyEvent]:
    """What to tell, party by party. `known` is each golden record before; `versions` is counted up with each event."""
    moves = _Moves(assignment)
    newborn = assignment.created | assignment.revived

    def event(kind: EventType, party: UUID, **data: Any) -> PartyEvent:
        versions[party] = versions.get(party, 0) + 1
        return PartyEvent(kind, party, versions[party], data)

    for party, content in contents.items():
        changed = changed_attributes(known.get(party), content)
        absorbed, lost = moves.absorbed.get(party), moves.lost.get(party)
        if party in newborn:
            yield event(EventType.CREATED, party, changedAttributes=changed)
        if absorbed:
            moved = {"retiredIds": _texts(absorbed), "xrefsMoved": moves.xrefs(party)}
            yield event(EventType.MERGED, party, survivorId=str(party), changedAttributes=changed, **moved)
        if lost:
            moved = {"newIds": _texts(lost), "xrefsMoved": moves.xrefs(party)}
            yield event(EventType.SPLIT, party, keptId=str(party), changedAttributes=changed, **moved)
        if not (absorbed or lost or party in newborn) and (party in moves.touched or known.get(party) != content):
            yield event(EventType.UPDATED, party, changedAttributes=changed)
    for party in sorted(assignment.withdrawn):
        yield event(EventType.UPDATED, party, changedAttributes=["status"])
    for party, survivors in sorted(assignment.retired.items()):
        ids = _texts(survivors)
        leads_to = {"survivorId": ids[0]} if len(ids) == 1 else {"candidateIds": ids}
        yield event(EventType.REDIRECTED, party, partyId=str(party), status="retired", **leads_to)


def _texts(parties: Iterable[UUID]) -> list[str]:
    return sorted(map(str, parties))


def _xrefs(records: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    ids = as_array(set(records))
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, source_id, key FROM party_hub_sourcerecord WHERE id = ANY(%s::uuid[])", [ids])
        return {row[0]: {"source": row[1], "key": row[2]} for row in cursor.fetchall()}
