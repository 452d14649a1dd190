"""Records that a steward has taken out of the world, whatever their source goes on saying."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .source_record import SourceRecord


class Retirement(models.Model):
    """A steward's word that a record speaks of nobody: it counts as withdrawn until the row is closed. A fact: closed,
    never deleted.
    """

    record = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="retirements")
    reason = models.TextField()
    author = models.CharField(max_length=150)
    act = models.UUIDField(default=uuid.uuid4, db_index=True)
    opened_in = models.UUIDField(null=True, blank=True, db_index=True, help_text="The undo that brought it back.")
    created_at = models.DateTimeField(db_default=Now())
    retracted_at = models.DateTimeField(null=True, blank=True)
    retracted_by = models.CharField(max_length=150, blank=True)
    retracted_in = models.UUIDField(null=True, blank=True, db_index=True, help_text="The act that closed it.")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                name="retirement_one_live_per_record", fields=["record"], condition=Q(retracted_at__isnull=True)
            ),
            models.CheckConstraint(name="retirement_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} retired"
