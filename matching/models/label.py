"""What stewards teach the matcher: rounds of questions, and the labels that answer them.

A label is said of two source records and joins or parts nothing; decisions do that.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from party_hub.domain.judgement import Judgement
from party_hub.models import SourceRecord

VERDICTS = [(one.value, one.value.replace("_", " ")) for one in Judgement]


class LabelRound(models.Model):
    """A set of questions, asked of stewards until all are answered. At most one is open.

    `second_share` per cent of them are asked of a second steward too, who does not see the first answer. Until
    `chosen_at` a worker is still choosing.
    """

    wanted = models.PositiveSmallIntegerField(default=200, help_text="How many questions.")
    second_share = models.PositiveSmallIntegerField(default=10, help_text="Of a hundred, how many are read twice.")
    model_version = models.CharField(max_length=64, blank=True, help_text="The model whose doubts are asked about.")
    open = models.BooleanField(default=True)
    error = models.TextField(blank=True)
    started_by = models.CharField(max_length=150)
    started_at = models.DateTimeField(db_default=Now())
    chosen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-started_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="label_round_one_open", fields=["open"], condition=Q(open=True)),
            models.CheckConstraint(name="label_round_share", condition=Q(second_share__lte=100)),
            models.CheckConstraint(name="label_round_size", condition=Q(wanted__gte=1, wanted__lte=2000)),
        ]

    def __str__(self) -> str:
        return f"round {self.pk}"


class Purpose(models.TextChoices):
    """What the answer to a question is for."""

    LEARN = "learn", "To learn from"
    CHECK = "check", "Held back, to check models by"


class Question(models.Model):
    """A pair that stewards are asked about. Open questions are chosen anew as answers come in.

    `probability` is what the model said when it was chosen. Whoever looks at it holds it until `held_until`, so that
    two stewards are not asked the same at the same time; who skipped it is not asked again.
    """

    round = models.ForeignKey(LabelRound, on_delete=models.CASCADE, related_name="questions")
    left = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="+", db_index=False)
    right = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="+", db_index=False)
    rank = models.PositiveIntegerField()
    purpose = models.CharField(max_length=5, choices=Purpose.choices)
    twice = models.BooleanField(help_text="Whether a second steward is asked too.")
    probability = models.FloatField()
    skipped_by = ArrayField(models.CharField(max_length=150), default=list)
    held_by = models.CharField(max_length=150, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["rank"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="question_once_a_round", fields=["round", "left", "right"]),
            models.CheckConstraint(name="question_left_first", condition=Q(left__lt=F("right"))),
            models.CheckConstraint(name="question_purpose_known", condition=Q(purpose__in=Purpose.values)),
            models.CheckConstraint(name="question_probability", condition=Q(probability__gte=0, probability__lte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} – {self.right_id}"


class Reading(models.TextChoices):
    """In which capacity somebody answered."""

    FIRST = "first", "First reading"
    SECOND = "second", "Second reading"  # without having seen the first
    SETTLED = "settled", "Settled"  # by somebody else, where two readings differ


class Label(models.Model):
    """A person's answer to a pair, for learning. Correcting or taking back closes a row and never deletes it.

    `probability` is what the model in force said, and `features` names how the two records compared, when it was given.
    """

    left = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=10, choices=VERDICTS)
    reading = models.CharField(max_length=7, choices=Reading.choices, default=Reading.FIRST)
    author = models.CharField(max_length=150)
    model_version = models.CharField(max_length=64, blank=True)
    probability = models.FloatField(null=True)
    features = models.CharField(max_length=16, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    retracted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="label_once_per_author", fields=["left", "right", "author"], condition=Q(retracted_at__isnull=True)
            ),
            models.UniqueConstraint(
                name="label_settled_once",
                fields=["left", "right"],
                condition=Q(retracted_at__isnull=True, reading="settled"),
            ),
            models.CheckConstraint(name="label_left_first", condition=Q(left__lt=F("right"))),
            models.CheckConstraint(
                name="label_verdict_known", condition=Q(verdict__in=[value for value, _ in VERDICTS])
            ),
            models.CheckConstraint(name="label_reading_known", condition=Q(reading__in=Reading.values)),
            models.CheckConstraint(
                name="label_probability",
                condition=Q(probability__isnull=True) | Q(probability__gte=0, probability__lte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} {self.verdict} {self.right_id}"
