"""How a party's records came together: the joins in the order in which clustering makes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from party_hub.actions.errors import NotFound
from party_hub.domain.judgement import Judgement
from party_hub.models import Decision, Link, Membership

DECISION, LINK = "decision", "link"
Joint = tuple[UUID, UUID, str, float, str]


@dataclass(frozen=True)
class Join:
    """One step: the two records that joined their groups, on whose word (a decision's author, or the model by its
    probability), and how many records either group had."""

    left: UUID
    right: UUID
    by: str
    probability: float
    author: str
    sizes: tuple[int, int]

    @property
    def sentence(self) -> str:
        """The step in plain words."""
        one, other = sorted(self.sizes, reverse=True)
        what = "Two records joined" if one == other == 1 else f"A group of {one} took in {_group(other)}"
        if self.by == DECISION:
            return f"{what}: {self.author} decided that they match."
        return f"{what}: the model holds them the same with {self.probability:.1%}."


def _group(size: int) -> str:
    return "a record" if size == 1 else f"a group of {size}"


def steps(records: Iterable[UUID], joints: Sequence[Joint]) -> list[Join]:
    """The joins that made one group of `records`, out of decisions (first, in order of the pair) and links (best
    first), as the hub's clustering takes them; a joint within a group adds nothing and is left out."""
    group = {record: [record] for record in records}
    ordered = sorted(joints, key=lambda joint: (joint[2] != DECISION, -joint[3], joint[0], joint[1]))
    done = []
    for left, right, by, chance, author in ordered:
        one, other = group[left], group[right]
        if one is other:
            continue
        done.append(Join(left, right, by, chance, author, (len(one), len(other))))
        one += other
        for record in other:
            group[record] = one
    return done


def how_together(party: UUID, *, known_at: datetime | None = None) -> list[Join]:
    """The joins behind a party of now, or of then with the decisions that stood; none for one of a single record.

    Links are derived and kept as they are now alone, so they stand for those of then. Three queries. Raises NotFound.
    """
    spanning = Q(span__upper_inf=True) if known_at is None else Q(span__contains=known_at)
    records = list(Membership.objects.filter(spanning, party=party).values_list("record_id", flat=True))
    if not records:
        raise NotFound("No live party has this id.")
    inside = Q(left__in=records, right__in=records)
    joints: list[Joint] = [
        (left, right, DECISION, 1.0, author)
        for left, right, author in matches_among(records, known_at).values_list("left", "right", "author")
    ]
    held_by_nothing = Link.objects.filter(inside, held="")
    joints += [
        (left, right, LINK, score, "") for left, right, score in held_by_nothing.values_list("left", "right", "score")
    ]
    return steps(records, joints)


def matches_among(records: Iterable[UUID], known_at: datetime | None = None) -> QuerySet[Decision]:
    """The matches decided between two of these records that stand, or stood then."""
    moment, held = known_at or timezone.now(), list(records)
    standing = Q(created_at__lte=moment) & (Q(retracted_at=None) | Q(retracted_at__gt=moment))
    lasting = Q(expires_at=None) | Q(expires_at__gt=moment)
    return Decision.objects.filter(standing, lasting, judgement=Judgement.MATCH.value, left__in=held, right__in=held)
