"""Links and constraints in, clusters out. Deterministic: the same set of edges gives the same clusters in whatever
order it comes.

Must-links join first. Then links join, best first, unless the two groups are held apart: by a cannot-link between them,
by a source that holds each party once and has a record in both, or because a person must decide (`doubts`). Records
that have nothing but identifiers come last, each to one group: they never join two. Greedy best-first merging under
cannot-link constraints follows Davidson & Ravi, "Agglomerative hierarchical clustering with constraints" (2005).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic

from party_hub.domain.contradiction import Marks
from party_hub.domain.doubts import WEAK_BRIDGE, doubtful
from party_hub.domain.groups import Partition, T

CANNOT_LINK, SAME_SOURCE = "cannot_link", "same_source"


@dataclass(frozen=True)
class Clusters(Generic[T]):
    """`members` of each cluster sorted, clusters sorted by their first; `held`: pair → why it does not join."""

    members: list[list[T]]
    held: dict[tuple[T, T], str]


def _ordered(left: T, right: T) -> tuple[T, T]:
    return (left, right) if left < right else (right, left)


def _why_held(left: T, right: T, partition: Partition[T]) -> str:
    if partition.forbids(left, right):
        return CANNOT_LINK
    return SAME_SOURCE if partition.group[left].sources & partition.group[right].sources else ""


def _precedence(
    link: tuple[float, T, T], bare: Collection[T], exclusive: Mapping[T, str]
) -> tuple[bool, float, bool, T, T]:
    """Orders links of bare records: those among themselves first, then the best, of equals an exclusive source."""
    score, left, right = link
    return not (left in bare and right in bare), score, not (left in exclusive or right in exclusive), left, right


def _is_known(partition: Partition[T], record: T, bare: Collection[T]) -> bool:
    """Whether somebody in the record's group has more than identifiers."""
    return any(member not in bare for member in partition.group[record].members)


def cluster(
    records: Iterable[T],
    links: Iterable[tuple[T, T, float]],
    must: Iterable[tuple[T, T]] = (),
    cannot: Iterable[tuple[T, T]] = (),
    exclusive: Mapping[T, str] | None = None,
    marks: Mapping[T, Marks] | None = None,
    margins: Mapping[T, float] | None = None,
    bare: Collection[T] = frozenset(),
) -> Clusters[T]:
    """The clusters of `records` under `links` (left, right, score), must-links and cannot-links.

    `exclusive` maps a record to its source where that source holds each party once; `marks` are what records say that
    only one party can have, `margins` by how many log-odds a record's best group must beat the next (see `doubts`).
    `bare` records have nothing but identifiers; of groups that share one with them they follow that of an exclusive
    source. Edges with an end outside `records` are passed over. A must-link that an earlier one makes impossible (in
    order of the pair) is held too: a cannot-link is never violated.
    """
    links, must, records = list(links), list(must), list(records)
    tied = {end for edge in (*links, *must) for end in edge[:2]}
    partition = Partition([record for record in records if record in tied], exclusive, cannot)
    held: dict[tuple[T, T], str] = {}
    inside = partition.group.keys()
    for left, right in sorted(_ordered(*pair) for pair in must):
        if left not in inside or right not in inside:
            continue
        if partition.forbids(left, right):
            held[left, right] = CANNOT_LINK
        else:
            partition.join(left, right)
    usable = [(-score, *_ordered(left, right)) for left, right, score in links if left in inside and right in inside]
    usable.sort()
    following = [link for link in usable if link[1] in bare or link[2] in bare] if bare else []
    leading = [link for link in usable if link[1] not in bare and link[2] not in bare] if following else usable
    doubts = doubtful(leading, marks or {}, margins or {})
    following.sort(key=lambda link: _precedence(link, bare, exclusive or {}))
    for _, left, right in (*leading, *following):
        if partition.together(left, right):
            continue
        bridges = (left in bare or right in bare) and all(_is_known(partition, end, bare) for end in (left, right))
        doubt = WEAK_BRIDGE if bridges else doubts.get((left, right), "")
        if why := _why_held(left, right, partition) or doubt:
            held[left, right] = why
        else:
            partition.join(left, right)
    groups = {id(group): group for group in partition.group.values()}
    # A link held early may have been joined by others later: then nothing is held.
    held = {pair: why for pair, why in held.items() if not partition.together(*pair)}
    alone = [[record] for record in records if record not in tied]
    return Clusters(sorted([*alone, *(sorted(group.members) for group in groups.values())]), held)
