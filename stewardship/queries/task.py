"""Everything the page of one task shows besides the comparison."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from matching.why import PairReasons, reasons_of_pair
from party_hub.actions.errors import NotFound
from party_hub.models import GoldenRecord, SourceRecord
from stewardship.models import Comment, ReasonCode, ReviewTask, TaskKind, TaskState
from stewardship.presentation.priority import Part, parts
from stewardship.presentation.reasons import OPPOSED, Reasons, reasons
from stewardship.presentation.waterfall import Step, Waterfall, draw
from stewardship.queries.contradiction import contradict_each_other

from .compare import Comparison, comparison

IMPOSSIBLE = -30.0  # what a prior of minus infinity is drawn as: a person is never an organisation
LAST = 20


@dataclass(frozen=True)
class OtherTasks:
    """Other open tasks about either party: how many, how many of them about the same two, and how many vanish when
    the two become one, since a third party that was asked about twice is then asked about once.
    """

    number: int
    same_pair: int
    vanishing: int


def task_with_parties(task_id: int) -> ReviewTask:
    """The task with its parties and its lease; most have no people yet. Raises ReviewTask.DoesNotExist."""
    return ReviewTask.objects.select_related("party_a", "party_b", "lease").get(pk=task_id)


def comparison_of(
    task: ReviewTask, *, personal: bool, left_out: list[UUID], vanishing: int, part: int = 1
) -> Comparison | None:
    """The task's two parties side by side; None where one of them has meanwhile gone into another."""
    try:
        return comparison(
            *task.pair,
            personal=personal,
            preview=task.state == TaskState.OPEN,
            left_out=left_out,
            evidence=task.evidence,
            vanishing=vanishing,
            part=part,
        )
    except NotFound:
        return None


@dataclass(frozen=True)
class Why:
    """The score of the two records that raise the question: as a waterfall, in words, and whose records they are."""

    waterfall: Waterfall
    reasons: Reasons
    sources: list[str]


def why(task: ReviewTask, compared: Comparison | None, *, opposed: bool = False) -> Why:
    """Why the question is asked, of records that were read for the comparison; `opposed` where decisions contradict
    each other. One query; two more where the records have left the parties since.
    """
    read = {record.pk: record for side in (compared.sides if compared else ()) for record in side.records}
    left, right = (read.get(record) or SourceRecord.objects.get(pk=record) for record in task.evidence)
    found: PairReasons = reasons_of_pair(left, right)
    explained, bands = found.explanation, found.thresholds
    steps = [Step(part.label, part.weight, part.detail) for part in explained.contributions]
    words = reasons(
        steps=steps,
        total=explained.total,
        probability=explained.probability,
        thresholds=(bands.automatic, bands.review) if bands else None,
        kind=OPPOSED if opposed else task.kind,
        rules=found.rules,
        still=explained.still,
    )
    waterfall = draw(max(explained.prior, IMPOSSIBLE), steps, explained.probability, words.sentence)
    return Why(waterfall, words, [left.source_id, right.source_id])


def comments_of(task: ReviewTask) -> list[Comment]:
    """The notes on the task, oldest first."""
    return list(task.comments.select_related("author"))


def other_tasks(task: ReviewTask) -> OtherTasks:
    """The other open questions about either party. One query."""
    pair = {task.party_a_id, task.party_b_id}
    about = Q(party_a__in=pair) | Q(party_b__in=pair)
    found = ReviewTask.objects.filter(about, state=TaskState.OPEN).exclude(pk=task.pk)
    pairs = [{a, b} for a, b in found.values_list("party_a", "party_b")]
    same = sum(asked == pair for asked in pairs)
    thirds = [asked - pair for asked in pairs if asked != pair]
    return OtherTasks(len(pairs), same, same + len(thirds) - len(set(map(frozenset, thirds))))


def priority_of(task: ReviewTask, compared: Comparison) -> list[Part]:
    """What the task's priority is made of."""
    one, other = (side.golden for side in compared.sides)
    contradicted = task.kind == TaskKind.MATCH and contradict_each_other(one.values, other.values)
    return _priority(task, [one, other], contradicted=contradicted)


def priority_of_one(task: ReviewTask) -> list[Part]:
    """The same of a task about one party; nothing where it has meanwhile gone into another."""
    golden = getattr(task.party_a, "golden", None)
    return _priority(task, [golden]) if golden else []


def _priority(task: ReviewTask, goldens: Sequence[GoldenRecord], *, contradicted: bool = False) -> list[Part]:
    return parts(
        contradicted=contradicted,
        kind=task.kind,
        probability=task.probability,
        records=sum(golden.record_count for golden in goldens),
        sources=sum(golden.source_count for golden in goldens),
        days=(timezone.now() - task.created_at).total_seconds() / 86_400,
    )


def reason_codes() -> list[ReasonCode]:
    """The reasons to choose from, in the order of their judgements."""
    return list(ReasonCode.objects.filter(active=True))


def has_decided(user: User) -> bool:
    """Whether the user has ever answered a question."""
    return ReviewTask.objects.filter(state=TaskState.DONE, decided_by=user).exists()


def last_decided(user: User, limit: int = LAST) -> list[ReviewTask]:
    """The user's last answers that stand, newest first."""
    answered = ReviewTask.objects.filter(state=TaskState.DONE, decided_by=user)
    return list(answered.select_related("left", "right").order_by("-decided_at")[:limit])


def seen_version(task: ReviewTask) -> str:
    """What the page showed, in short: the question's state and its parties' versions."""
    versions = [str(party.version) for party in (task.party_a, task.party_b) if party]
    return f"{task.state} {' '.join(versions)}"


def claimed_by(task: ReviewTask, user: User) -> bool:
    """Whether the user has asked for the task, and the claim runs."""
    lease = getattr(task, "lease", None)
    return lease is not None and lease.holder_id == user.pk and lease.claimed and lease.running


def other_holder(task: ReviewTask, user: User) -> User | None:
    """Who else is on the task right now."""
    lease = getattr(task, "lease", None)
    return lease.holder if lease is not None and lease.running and lease.holder_id != user.pk else None


def waits(task: ReviewTask) -> bool:
    """Whether it was put aside until later."""
    return task.waiting_until is not None and task.waiting_until > timezone.now()
