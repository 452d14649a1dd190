"""Reads of labelling: the open round, what to ask whom next, and how far it has come."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from matching.models import Label, LabelRound, Question, Reading
from party_hub.actions.errors import NotFound

HELD_FOR = timedelta(minutes=3)


@dataclass(frozen=True)
class Progress:
    """How many of a round's questions are answered, how many of them by `mine`, and how many wait for a second
    reading."""

    answered: int
    total: int
    mine: int
    waiting_twice: int

    @property
    def done(self) -> bool:
        """Whether nothing is left to ask."""
        return self.total > 0 and self.answered >= self.total


def open_round() -> LabelRound | None:
    """The round that questions are asked of."""
    return LabelRound.objects.filter(open=True).first()


def _labels_of() -> QuerySet[Label]:
    return Label.objects.filter(left=OuterRef("left"), right=OuterRef("right"), retracted_at__isnull=True)


def questions_with_readings(asked: LabelRound) -> QuerySet[Any]:
    """The round's questions, each with `needed` readings, the number `read` so far, and whether it is `settled`."""
    readings = _labels_of().exclude(reading=Reading.SETTLED).order_by().values("left").annotate(n=Count("pk"))
    return asked.questions.annotate(
        read=Coalesce(Subquery(readings.values("n"), output_field=IntegerField()), Value(0)),
        needed=Case(When(twice=True, then=Value(2)), default=Value(1)),
        settled=Exists(_labels_of().filter(reading=Reading.SETTLED)),
    )


def next_question(asked: LabelRound, author: str) -> Question | None:
    """What to ask this person next: neither answered nor skipped by them, nor looked at by somebody else."""
    looked_at = Q(held_until__gt=timezone.now()) & ~Q(held_by=author)
    following: Question | None = (
        questions_with_readings(asked)
        .filter(read__lt=F("needed"), settled=False)
        .exclude(skipped_by__contains=[author])
        .exclude(looked_at)
        .exclude(Exists(_labels_of().filter(author=author)))
        .select_related("left__source", "right__source")
        .order_by("rank")
        .first()
    )
    return following


def progress(asked: LabelRound, author: str) -> Progress:
    """How far the round has come. One query."""
    answered = Q(read__gte=F("needed")) | Q(settled=True)
    found = (
        questions_with_readings(asked)
        .annotate(own=Exists(_labels_of().filter(author=author)))
        .aggregate(
            total=Count("pk"),
            answered=Count("pk", filter=answered),
            mine=Count("pk", filter=Q(own=True)),
            waiting_twice=Count("pk", filter=Q(twice=True, read=1, settled=False)),
        )
    )
    return Progress(**found)


def live_label(pk: int, author: str) -> Label:
    """This person's own label, with its records. Raises NotFound."""
    own = Label.objects.filter(pk=pk, author=author, retracted_at__isnull=True)
    label = own.select_related("left__source", "right__source").first()
    if label is None:
        raise NotFound("There is no such answer of yours. It may have been taken back.")
    return label


def labels_of(author: str) -> QuerySet[Label]:
    """A person's own live readings, newest first."""
    return Label.objects.filter(author=author, retracted_at__isnull=True).exclude(reading=Reading.SETTLED)


def last_labels(author: str, limit: int = 50) -> list[Label]:
    """The last of them with their records. One query."""
    return list(labels_of(author).select_related("left__source", "right__source")[:limit])


def labels_on(left: UUID, right: UUID) -> QuerySet[Label]:
    """All live labels of a pair."""
    return Label.objects.filter(left=left, right=right, retracted_at__isnull=True)
