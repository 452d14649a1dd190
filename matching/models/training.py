"""Runs that teach the matcher from what people answered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class TrainingRun(models.Model):
    """One training: asked for by a lead, done by a worker. At most one is `live`, that is queued or running.

    `result` has the learning curve, and both models (`active`, `new`) on the answers that were held back; the model
    itself is a `MatchModel` of `model_version`, not in force.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waits for a worker"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    live = models.BooleanField(default=True)
    step = models.CharField(max_length=60, blank=True, help_text="What it is doing.")
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0, help_text="Answers that it learned from.")
    held_back = models.PositiveIntegerField(default=0, help_text="Answers that it was checked by.")
    active_version = models.CharField(
        max_length=64, blank=True, help_text="The model in force that it is held against."
    )
    model_version = models.CharField(max_length=64, blank=True, help_text="The model that came of it.")
    result = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(db_default=Now())
    handed_over_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="training_run_one_live", fields=["live"], condition=Q(live=True)),
            models.CheckConstraint(
                name="training_run_live_until_over",
                condition=Q(live=True, state__in=["queued", "running"], finished_at__isnull=True)
                | Q(live=False, state__in=["done", "failed", "cancelled"], finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="training_run_done_has_model", condition=~Q(state="done") | ~Q(model_version="")
            ),
        ]

    def __str__(self) -> str:
        return f"training {self.pk}"

    @property
    def percent(self) -> int | None:
        """How much of it is done; None before that is known."""
        return round(100 * self.done / self.total) if self.total else None
