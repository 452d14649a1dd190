"""Proof of the one law: what the facts give is what is stored. Reads only."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from .assignment import assign, members_of
from .closure import gather, in_whole_components
from .rebuild_golden import changed_attributes, stored_content
from .relate_parties import misrelated
from .resolve_parties import Link, clusters_of, contents_of, links_of, lock_and_look_at_the_clock


@dataclass(frozen=True)
class Difference:
    """Something stored that does not follow from the facts. `stored` and `expected` are ids, names of attributes or
    counts.
    """

    subject: str
    what: str
    stored: Any
    expected: Any


def verify_parties() -> Iterator[Difference]:
    """Works every cluster and golden record out again and gives what differs from the stored ones; nothing where all is
    well.

    Records that still wait to be matched are compared as they stand, so resolve first.
    """
    for chunk in in_whole_components(None):
        with transaction.atomic():
            yield from _differences(chunk)
            transaction.set_rollback(True)
    with transaction.atomic():
        for one in misrelated():
            told = (one.named, None) if one.side == "stored" else (None, one.named)
            yield Difference(f"party {one.party}", f"relationship {one.type}", *told)


def _differences(chunk: list[str]) -> Iterator[Difference]:
    moment = lock_and_look_at_the_clock()
    reached = gather(chunk)
    members, links = members_of(reached), links_of(reached)
    clusters, held = clusters_of(members, links)
    assignment = assign(clusters, members)
    for record, (stored, expected) in sorted(assignment.moved.items()):
        new = expected in assignment.created
        yield Difference(f"record {record}", "party", _text(stored), "a new party" if new else _text(expected))
    yield from _differing_links(links, held)
    contents = contents_of(assignment, members, moment)
    known = stored_content(contents)
    for party, content in contents.items():
        before = known.get(party)
        if party not in assignment.created and before != content:
            lineage = "lineage" if before and before.values == content.values else None
            what = [lineage] if lineage else changed_attributes(before, content)
            yield Difference(f"party {party}", "golden record", what if before else "missing", what)


def _differing_links(links: Collection[Link], held: dict[tuple[UUID, UUID], str]) -> Iterator[Difference]:
    """Of the links, not of must-links that a cannot-link makes impossible: these are facts and stay as they are."""
    for link in sorted(links):
        if link.held != (expected := held.get((link.left, link.right), "")):
            yield Difference(f"link {link.left} {link.right}", "held", link.held, expected)


def _text(party: UUID | None) -> str | None:
    return str(party) if party else None
