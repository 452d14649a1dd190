"""Events waiting for, or done with, their way to Kafka. Written in the transaction of the change they tell."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class OutboxEvent(models.Model):
    """One CloudEvent. `payload` is its data; the envelope's other fields are columns.

    Ids grow in the order of commits (`events.outbox.lock_outbox`), so who reads on from the last id misses none.
    """

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(default=uuid.uuid4, unique=True)
    topic = models.CharField(max_length=60)
    key = models.CharField(max_length=60, help_text="Party id: what Kafka orders by.")
    type = models.CharField(max_length=60)
    party_version = models.PositiveIntegerField(null=True)
    payload = models.JSONField(null=True, help_text="Null is a tombstone.")
    correlation_id = models.UUIDField()
    created_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(name="outbox_unpublished", fields=["id"], condition=Q(published_at__isnull=True)),
            models.Index(name="outbox_by_key", fields=["key", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.key}"
