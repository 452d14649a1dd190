"""Decisions are facts that stewards and rules append; links are what the match model derives."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from simple_history.models import HistoricalRecords

from party_hub.domain.judgement import Judgement

from .source_record import SourceRecord

JUDGEMENTS = [(judgement.value, judgement.value.replace("_", " ").capitalize()) for judgement in Judgement]


class Origin(models.TextChoices):
    """Who decided."""

    STEWARD = "steward", "Steward"
    RULE = "rule", "Rule"


class Held(models.TextChoices):
    """Why a link does not join its two records."""

    NOT = "", "Not held"
    CANNOT_LINK = "cannot_link", "A decision forbids it"
    WEAK_BRIDGE = "weak_bridge", "The only link between two groups"
    SAME_SOURCE = "same_source", "Its source holds each party once"
    CONTRADICTION = "contradiction", "Identifiers of the two groups contradict each other"
    AMBIGUOUS = "ambiguous", "Its record may as well belong to another group"


class Decision(models.Model):
    """A must-link (match) or cannot-link (no match) between two records, or the note that nobody can tell (unsure).

    One live row a pair. Retracting closes a row and never deletes it. `act` groups the rows of one steward's act, so
    that it can be undone as one; `supersedes` is the row that this one closed. What an act closed (`retracted_in`)
    comes back when the act is undone.
    """

    left = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="+")
    judgement = models.CharField(max_length=10, choices=JUDGEMENTS)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    score = models.FloatField(null=True, blank=True, help_text="The model's probability when it was decided.")
    reason = models.TextField(blank=True)
    author = models.CharField(max_length=150)
    act = models.UUIDField(default=uuid.uuid4, db_index=True)
    opened_in = models.UUIDField(null=True, blank=True, db_index=True, help_text="The undo that brought it back.")
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True, blank=True)
    retracted_at = models.DateTimeField(null=True, blank=True)
    retracted_by = models.CharField(max_length=150, blank=True)
    retracted_in = models.UUIDField(null=True, blank=True, db_index=True, help_text="The act that closed it.")
    history = HistoricalRecords()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(name="decision_live_by_right", fields=["right"], condition=Q(retracted_at__isnull=True))
        ]
        constraints = [
            models.UniqueConstraint(
                name="decision_one_live_per_pair", fields=["left", "right"], condition=Q(retracted_at__isnull=True)
            ),
            models.CheckConstraint(name="decision_left_before_right", condition=Q(left__lt=F("right"))),
            models.CheckConstraint(
                name="decision_known_judgement", condition=Q(judgement__in=[value for value, _ in JUDGEMENTS])
            ),
            models.CheckConstraint(
                name="decision_retracted_by_somebody",
                condition=Q(retracted_at__isnull=True, retracted_by="")
                | (Q(retracted_at__isnull=False) & ~Q(retracted_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} {self.judgement} {self.right_id}"


class Link(models.Model):
    """Two records that the active match model joins by itself. Derived: replaced whenever one of them is matched
    again.
    """

    left = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="+", db_index=False)
    right = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    margin = models.FloatField(default=0.0, help_text="Log-odds by which it must beat a rival that contradicts it.")
    model_version = models.CharField(max_length=64)
    held = models.CharField(max_length=20, choices=Held.choices, blank=True, default=Held.NOT)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="link_once", fields=["left", "right"]),
            models.CheckConstraint(name="link_left_before_right", condition=Q(left__lt=F("right"))),
            models.CheckConstraint(name="link_score_is_probability", condition=Q(score__gte=0, score__lte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} – {self.right_id}"
