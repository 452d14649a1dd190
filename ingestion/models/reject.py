"""The quarantine: rows that were set aside."""

from django.db import models
from django.db.models import Q

from .run import FeedRun


class RejectState(models.TextChoices):
    """What became of a row that was set aside. Only an open one can be fixed; none is ever removed."""

    OPEN = "open", "Open"
    REPLAYED = "replayed", "Replayed"
    SUPERSEDED = "superseded", "Sent anew"
    DISMISSED = "dismissed", "Dismissed"


class RejectedRow(models.Model):
    """A row that was set aside: where, why, and what it said. `field` is its source's word; "" is the whole row.

    `fixed` holds the columns as a steward corrected them. A row is *superseded* when its key came again in a later
    file, *dismissed* when somebody decided with a reason that it is not to come in.
    """

    run = models.ForeignKey(FeedRun, on_delete=models.CASCADE, related_name="rejects")
    line = models.PositiveBigIntegerField(help_text="As a spreadsheet counts: in CSV, the header is 1.")
    key = models.CharField(max_length=200, blank=True)
    field = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    raw = models.TextField(
        help_text="The row as JSON in its own columns, or its text where it could not be taken apart."
    )
    rule = models.CharField(max_length=200, blank=True, help_text="The rule that it breaks, as `Rule.code` names it.")
    state = models.CharField(max_length=10, choices=RejectState.choices, default=RejectState.OPEN)
    fixed = models.JSONField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=150, blank=True)
    note = models.TextField(blank=True, help_text="Why it was dismissed, or what was found out.")

    class Meta:
        ordering = ["run", "line"]
        indexes = [models.Index(name="rejected_row_by_state", fields=["state", "-id"])]
        constraints = [
            models.CheckConstraint(name="rejected_row_known_state", condition=Q(state__in=RejectState.values)),
            models.CheckConstraint(
                name="rejected_row_closed_is_told",
                condition=Q(state=RejectState.OPEN, closed_at=None)
                | (~Q(state=RejectState.OPEN) & Q(closed_at__isnull=False) & ~Q(closed_by="")),
            ),
            models.CheckConstraint(
                name="rejected_row_dismissed_says_why", condition=~Q(state=RejectState.DISMISSED) | ~Q(note="")
            ),
            models.UniqueConstraint(name="rejected_row_once_per_line", fields=["run", "line"]),
            models.CheckConstraint(name="rejected_row_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line}"
