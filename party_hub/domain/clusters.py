"""Links and constraints in, clusters out. Deterministic: the same set of edges gives the same clusters in whatever
order it comes.

Must-links join first. Then links join, best first, unless the two groups are held apart: by a cannot-link between them,
by a source that holds each party once and has a record in both, or because a single link is all that would hold two
larger groups together. Greedy best-first merging under cannot-link constraints follows Davidson & Ravi, "Agglomerative
hierarchical clustering with constraints" (2005).
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar


class _Ordered(Hashable, Protocol):
    def __lt__(self, other: "_Ordered", /) -> bool: ...


T = TypeVar("T", bound=_Ordered)

CANNOT_LINK, SAME_SOURCE, WEAK_BRIDGE = "cannot_link", "same_source", "weak_bridge"
# Two groups of at least this many records are not joined by one link alone.
WEAK_BRIDGE_SIZE = 3


@dataclass(frozen=True)
class Clusters(Generic[T]):
    """`members` of each cluster sorted, clusters sorted by their first; `held`: pair → why it does not join."""

    members: list[list[T]]
    held: dict[tuple[T, T], str]


@dataclass
class _Group(Generic[T]):
    members: list[T]
    enemies: set[T] = field(default_factory=set)  # records that may never be in here
    sources: set[str] = field(default_factory=set)  # sources without duplicates that have a record in here


class _Partition(Generic[T]):
    """Groups that only grow. The smaller one is poured into the larger."""

    def __init__(self, records: Iterable[T], exclusive: Mapping[T, str], cannot: Iterable[tuple[T, T]]) -> None:
        self.group: dict[T, _Group[T]] = {
            record: _Group([record], sources={exclusive[record]} if record in exclusive else set())
            for record in records
        }
        for left, right in cannot:
            if left in self.group and right in self.group:
                self.group[left].enemies.add(right)
                self.group[right].enemies.add(left)

    def forbids(self, left: T, right: T) -> bool:
        """True where a cannot-link lies between their groups."""
        small, large = sorted((self.group[left], self.group[right]), key=lambda group: len(group.enemies))
        return any(self.group[enemy] is large for enemy in small.enemies)

    def join(self, left: T, right: T) -> None:
        """Makes one group of two."""
        small, large = sorted((self.group[left], self.group[right]), key=lambda group: len(group.members))
        if small is large:
            return
        large.members += small.members
        large.enemies |= small.enemies
        large.sources |= small.sources
        for member in small.members:
            self.group[member] = large


def _ordered(left: T, right: T) -> tuple[T, T]:
    return (left, right) if left < right else (right, left)


def _weak_bridges(links: list[tuple[float, T, T]]) -> set[tuple[T, T]]:
    """The links that would join two larger groups all alone, when links join best first and nothing else counts.

    Found from the links alone, so that a decision elsewhere never turns a link that joined into one that does not.
    """
    ends = {end for _, left, right in links for end in (left, right)}
    whole: _Partition[T] = _Partition(ends, {}, ())
    for _, left, right in links:
        whole.join(left, right)
    links = [link for link in links if len(whole.group[link[1]].members) >= 2 * WEAK_BRIDGE_SIZE]
    neighbours: dict[T, set[T]] = {}
    for _, left, right in links:
        neighbours.setdefault(left, set()).add(right)
        neighbours.setdefault(right, set()).add(left)
    partition: _Partition[T] = _Partition(neighbours, {}, ())
    weak = set()
    for _, left, right in links:
        small, large = sorted((partition.group[left], partition.group[right]), key=lambda group: len(group.members))
        if small is large:
            continue
        if len(small.members) >= WEAK_BRIDGE_SIZE:
            across = (partition.group[other] is large for member in small.members for other in neighbours[member])
            if sum(across) < 2:
                weak.add((left, right))
                continue
        partition.join(left, right)
    return weak


def _why_held(left: T, right: T, partition: _Partition[T]) -> str:
    if partition.forbids(left, right):
        return CANNOT_LINK
    return SAME_SOURCE if partition.group[left].sources & partition.group[right].sources else ""


def cluster(
    records: Iterable[T],
    links: Iterable[tuple[T, T, float]],
    must: Iterable[tuple[T, T]] = (),
    cannot: Iterable[tuple[T, T]] = (),
    exclusive: Mapping[T, str] | None = None,
) -> Clusters[T]:
    """The clusters of `records` under `links` (left, right, score), must-links and cannot-links.

    `exclusive` maps a record to its source where that source holds each party once. Edges with an end outside `records`
    are passed over. A must-link that an earlier one makes impossible (in order of the pair) is held too: a cannot-link
    is never violated.
    """
    partition = _Partition(records, exclusive or {}, cannot)
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
    weak = _weak_bridges(usable)
    for _, left, right in usable:
        if partition.group[left] is partition.group[right]:
            continue
        if why := _why_held(left, right, partition) or (WEAK_BRIDGE if (left, right) in weak else ""):
            held[left, right] = why
        else:
            partition.join(left, right)
    groups = {id(group): group for group in partition.group.values()}
    # A link held early may have been joined by others later: then nothing is held.
    held = {pair: why for pair, why in held.items() if partition.group[pair[0]] is not partition.group[pair[1]]}
    return Clusters(sorted(sorted(group.members) for group in groups.values()), held)
