"""Groups of records that only grow: what clustering works on."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from party_hub.domain.contradiction import Marks, contradict


class Ordered(Hashable, Protocol):
    """What a record is known by here: its id."""

    def __lt__(self, other: Any, /) -> bool: ...


T = TypeVar("T", bound=Ordered)


@dataclass(slots=True)
class Group(Generic[T]):
    """Records that belong together."""

    members: list[T]
    enemies: set[T] = field(default_factory=set)  # records that may never be in here
    sources: set[str] = field(default_factory=set)  # sources without duplicates that have a record in here
    marks: dict[str, frozenset[str]] = field(default_factory=dict)  # what its records say that only one party can have


class Partition(Generic[T]):
    """A group for each record to begin with. The smaller of two is poured into the larger."""

    def __init__(
        self,
        records: Iterable[T],
        exclusive: Mapping[T, str] | None = None,
        cannot: Iterable[tuple[T, T]] = (),
        marks: Mapping[T, Marks] | None = None,
    ) -> None:
        sources, said = exclusive or {}, marks or {}
        self.group: dict[T, Group[T]] = {
            record: Group([record], sources={sources[record]} if record in sources else set()) for record in records
        }
        for record in said.keys() & self.group.keys():
            self.group[record].marks = dict(said[record])
        for left, right in cannot:
            if left in self.group and right in self.group:
                self.group[left].enemies.add(right)
                self.group[right].enemies.add(left)

    def together(self, left: T, right: T) -> bool:
        """True where both are in one group."""
        return self.group[left] is self.group[right]

    def forbids(self, left: T, right: T) -> bool:
        """True where a cannot-link lies between their groups."""
        small, large = self.group[left], self.group[right]
        if len(small.enemies) > len(large.enemies):
            small, large = large, small
        return any(self.group[enemy] is large for enemy in small.enemies)

    def contradicts(self, left: T, right: T) -> bool:
        """True where what is said in one group cannot be true of the other's party."""
        return contradict(self.group[left].marks, self.group[right].marks)

    def join(self, left: T, right: T) -> None:
        """Makes one group of two."""
        small, large = self.group[left], self.group[right]
        if small is large:
            return
        if len(small.members) > len(large.members):
            small, large = large, small
        large.members += small.members
        large.enemies |= small.enemies
        large.sources |= small.sources
        for scheme, values in small.marks.items():
            large.marks[scheme] = large.marks.get(scheme, frozenset()) | values
        for member in small.members:
            self.group[member] = large
