"""Events that have been taken in."""

from django.db import models
from django.db.models.functions import Now


class SeenEvent(models.Model):
    """An event that has been taken in, so that it changes nothing when it comes again."""

    source = models.CharField(max_length=40)
    event_id = models.CharField(max_length=200)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(name="seen_event_once", fields=["source", "event_id"])]

    def __str__(self) -> str:
        return f"{self.source}:{self.event_id}"
