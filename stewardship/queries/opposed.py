"""Decisions that cannot all hold: somebody matched two records, and other decisions keep their parties apart."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from party_hub.domain.judgement import Judgement
from party_hub.models import Decision, Membership, SourceRecord
from stewardship.models import ReviewTask, TaskKind, TaskState

from .activity import standing


@dataclass(frozen=True)
class Opposed:
    """One of the decisions in a sentence, the act by which it can be taken back, and whether it still can."""

    sentence: str
    act: UUID
    undoable: bool


def opposed_decisions(task: ReviewTask) -> list[Opposed]:
    """The live decisions across a conflict's two parties, one an act, where a match is among them; else none.

    Three queries, none for another kind of task.
    """
    if task.kind != TaskKind.CONFLICT or task.state != TaskState.OPEN:
        return []
    records = dict(
        Membership.objects.filter(party__in=task.pair, span__upper_inf=True).values_list("record_id", "party_id")
    )
    across = [one for one in _live(records) if records[one.left_id] != records[one.right_id]]
    if not any(one.judgement == Judgement.MATCH for one in across):
        return []
    by_act = {(one.judgement, one.act): one for one in reversed(across)}  # of many pairs the earliest row speaks
    found = sorted(by_act.values(), key=lambda one: (one.judgement, one.created_at))
    undoable = standing([one.act for one in found])
    return [Opposed(_sentence(one), one.act, one.act in undoable) for one in found]


def _live(records: Collection[UUID]) -> Sequence[Decision]:
    standing = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
    binding = (Judgement.MATCH, Judgement.NO_MATCH)
    return list(
        Decision.objects.filter(
            standing, left__in=records, right__in=records, retracted_at__isnull=True, judgement__in=binding
        )
        .select_related("left", "right")
        .order_by("created_at", "pk")
    )


def _sentence(decision: Decision) -> str:
    said = (
        gettext("%(who)s decided on %(day)s that %(left)s and %(right)s are the same.")
        if decision.judgement == Judgement.MATCH
        else gettext("%(who)s decided on %(day)s that %(left)s and %(right)s are different.")
    )
    day = timezone.localtime(decision.created_at).strftime("%Y-%m-%d")
    who = decision.author.removeprefix("user:")
    return said % {"who": who, "day": day, "left": _named(decision.left), "right": _named(decision.right)}


def _named(record: SourceRecord) -> str:
    """The record as source and key, with the name that it gives."""
    names = record.attributes.get("names") or [{}]
    return " ".join(filter(None, (str(names[0].get("full") or ""), f"({record})")))
