"""Everything the compare page shows of one task."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q

from matching.queries import explain_pair
from party_hub.actions.decide import forbid_contradiction
from party_hub.actions.errors import Conflict, NotFound
from party_hub.actions.merge_parties import preview_merge
from party_hub.domain.attributes import Kind, kind_of
from party_hub.domain.lineage import unfold
from party_hub.models import Decision, GoldenRecord, Membership, SourceRecord
from stewardship.models import Comment, ReviewTask, TaskState
from stewardship.presentation.compare import Row, compare, tally
from stewardship.presentation.impact import Impact, impact_of_merge
from stewardship.presentation.waterfall import Step, Waterfall, draw

IMPOSSIBLE = -30.0  # what a prior of minus infinity is drawn as: a person is never an organisation


@dataclass(frozen=True)
class Side:
    """One of the two parties."""

    letter: str
    party: UUID
    golden: GoldenRecord
    records: list[SourceRecord]

    @property
    def sources(self) -> list[str]:
        """Codes of its sources, each once, in order."""
        return sorted({record.source_id for record in self.records})

    @property
    def several(self) -> bool:
        """More than one source, so that it is worth saying which says what."""
        return len(self.sources) > 1


@dataclass(frozen=True)
class Comparison:
    """Two parties side by side, what they would become, and why the model asks."""

    sides: list[Side]
    rows: list[Row]
    counts: dict[str, int]
    golden_name: str
    impact: Impact | None
    obstacles: list[str]


def task_with_parties(task_id: int) -> ReviewTask:
    """The task with its parties and golden records. Raises ReviewTask.DoesNotExist."""
    return ReviewTask.objects.select_related(
        "party_a__golden", "party_b__golden", "left__source", "right__source", "decided_by", "lease__holder"
    ).get(pk=task_id)


def records_of(parties: Sequence[UUID]) -> dict[UUID, list[SourceRecord]]:
    """The live source records of each party, by source and key."""
    memberships = (
        Membership.objects.filter(party__in=parties, span__upper_inf=True)
        .select_related("record__source")
        .order_by("record__source", "record__key")
    )
    found: dict[UUID, list[SourceRecord]] = {party: [] for party in parties}
    for membership in memberships:
        found[membership.party_id].append(membership.record)
    return found


def goldens(parties: Sequence[UUID]) -> dict[UUID, GoldenRecord]:
    """The golden records by party."""
    return {
        golden.party_id: golden for golden in GoldenRecord.objects.select_related("party").filter(party__in=parties)
    }


def comparison(a: UUID, b: UUID, *, personal: bool, preview: bool = True) -> Comparison:
    """A and B aligned with the golden record that merging them would give. Raises NotFound."""
    golden, records = goldens([a, b]), records_of([a, b])
    if a not in golden or b not in golden:
        raise NotFound("One of these parties does not exist.")
    sides = [Side(letter, party, golden[party], records[party]) for letter, party in (("A", a), ("B", b))]
    personal = personal or kind_of(golden[a].party.party_type) is Kind.ORGANISATION
    lineage: dict[str, Any] = {}
    impact, obstacles = None, list[str]()
    if preview:
        outcome = preview_merge(parties=[a, b])
        lineage = outcome.golden[0].lineage
        impact = impact_of_merge(outcome, sides[0].golden, sides[1].golden)
        obstacles = _obstacles(sides)
    a_told, b_told = (unfold(side.golden.lineage, side.golden.values) for side in sides)
    rows = compare(a_told, b_told, lineage, personal=personal)
    name = (lineage.get("names") or {}).get("values") or [{"value": {"full": ""}}]
    return Comparison(sides, rows, tally(rows), str(name[0]["value"].get("full", "")), impact, obstacles)


def _obstacles(sides: Sequence[Side]) -> list[str]:
    """What stands against merging the two sides."""
    try:
        forbid_contradiction(*([record.pk for record in side.records] for side in sides))
    except Conflict as conflict:
        return [str(conflict)]
    return []


def waterfall(left: UUID, right: UUID) -> Waterfall:
    """Why the model scores these two records as it does."""
    explained = explain_pair(left, right)
    steps = [Step(part.label, part.weight, part.detail) for part in explained.contributions]
    return draw(max(explained.prior, IMPOSSIBLE), steps, explained.probability, explained.sentence)


def earlier_decisions(a: UUID, b: UUID, limit: int = 8) -> list[Decision]:
    """What was decided before about records of these parties, newest first, one an act."""
    records = list(Membership.objects.filter(party__in=[a, b], span__upper_inf=True).values_list("record", flat=True))
    decisions = (
        Decision.objects.filter(Q(left__in=records) | Q(right__in=records))
        .select_related("left", "right")
        .order_by("-created_at")[:50]
    )
    by_act: dict[UUID, Decision] = {}
    for decision in decisions:
        by_act.setdefault(decision.act, decision)
    return list(by_act.values())[:limit]


def comments_of(task: ReviewTask) -> list[Comment]:
    """The notes on the task, oldest first."""
    return list(task.comments.select_related("author"))


def other_tasks(task: ReviewTask) -> int:
    """How many more open questions there are about either party."""
    about = Q(party_a__in=[task.party_a_id, task.party_b_id]) | Q(party_b__in=[task.party_a_id, task.party_b_id])
    return ReviewTask.objects.filter(about, state=TaskState.OPEN).exclude(pk=task.pk).count()


def comparison_of(task: ReviewTask, *, personal: bool) -> Comparison | None:
    """The task's two parties side by side; None where one of them has meanwhile gone into another."""
    try:
        return comparison(task.party_a_id, task.party_b_id, personal=personal, preview=task.state == TaskState.OPEN)
    except NotFound:
        return None


def holds(task: ReviewTask, user: User) -> bool:
    """Whether the user's claim on the task runs."""
    lease = getattr(task, "lease", None)
    return lease is not None and lease.holder_id == user.pk and lease.running


def other_holder(task: ReviewTask, user: User) -> User | None:
    """Who else is on the task right now."""
    lease = getattr(task, "lease", None)
    return lease.holder if lease is not None and lease.running and lease.holder_id != user.pk else None
