"""How far stewards agree on what both have read, and where they do not."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from matching.engine.agreement import Agreement, cohens_kappa
from matching.models import Label, Reading
from party_hub.actions.errors import NotFound


@dataclass(frozen=True)
class Twice:
    """A pair that two people read, the first reading first, and the answer that settles it, if any."""

    first: Label
    second: Label
    settled: Label | None

    @property
    def differs(self) -> bool:
        """Whether the two readings say different things."""
        return self.first.verdict != self.second.verdict


@dataclass(frozen=True)
class Readers:
    """Two people and how far they agree."""

    names: tuple[str, str]
    agreement: Agreement


def read_twice() -> list[Twice]:
    """All pairs that two people read, the latest first. Further readings are left out. One query."""
    by_pair: dict[tuple[UUID, UUID], list[Label]] = defaultdict(list)
    live = Label.objects.filter(retracted_at__isnull=True).select_related("left", "right")
    for label in live.order_by("created_at", "pk"):
        by_pair[label.left_id, label.right_id].append(label)
    found = []
    for labels in by_pair.values():
        readings = sorted(
            (one for one in labels if one.reading != Reading.SETTLED), key=lambda one: one.reading != Reading.FIRST
        )
        settled = next((one for one in labels if one.reading == Reading.SETTLED), None)
        if len(readings) > 1:
            found.append(Twice(readings[0], readings[1], settled))
    return sorted(found, key=lambda pair: pair.second.created_at, reverse=True)


def overall(pairs: list[Twice]) -> Agreement:
    """First against second readings, whoever gave them."""
    return cohens_kappa([(pair.first.verdict, pair.second.verdict) for pair in pairs])


def by_readers(pairs: list[Twice]) -> list[Readers]:
    """Each two people by themselves, by name."""
    said: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for pair in pairs:
        one, other = sorted((pair.first, pair.second), key=lambda label: label.author)
        said[one.author, other.author].append((one.verdict, other.verdict))
    return [Readers(names, cohens_kappa(answers)) for names, answers in sorted(said.items())]


def one_read_twice(left: UUID, right: UUID) -> Twice:
    """The readings of one pair. Raises NotFound where they do not differ."""
    for pair in read_twice():
        if (pair.first.left_id, pair.first.right_id) == (left, right) and pair.differs:
            return pair
    raise NotFound("There are no two answers to this pair that differ.")
