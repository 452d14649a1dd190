"""Who did what, when and why. Append-only: a trigger forbids change and deletion."""

import uuid

from django.db import models
from django.db.models.functions import Now


class AuditEntry(models.Model):
    """One act of a person or of the machine. `details` holds ids and counts, never personal data."""

    act = models.UUIDField(default=uuid.uuid4, db_index=True)
    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=150)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(name="audit_by_time", fields=["-at"]),
            models.Index(name="audit_by_subject", fields=["subject_type", "subject_id", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.subject_type} {self.subject_id}"
