"""How parties are related, by what a source record says."""

from django.db import models
from django.db.models import F, Q

from .party import Party
from .source_record import SourceRecord


class RelationshipKind(models.TextChoices):
    """What the parent is to the child."""

    ULTIMATE_PARENT = "ultimate_parent", "Ultimate parent"
    DIRECT_PARENT = "direct_parent", "Direct parent"


class Relationship(models.Model):
    """Says that `parent` stands above `child`. Derived from an attribute of `record` that names the parent by
    identifier.
    """

    parent = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="children")
    child = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="parents")
    kind = models.CharField(max_length=30, choices=RelationshipKind.choices)
    record = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="relationship_once", fields=["record", "kind", "parent"]),
            models.CheckConstraint(name="relationship_between_two", condition=~Q(parent=F("child"))),
            models.CheckConstraint(name="relationship_known_kind", condition=Q(kind__in=RelationshipKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} → {self.kind} {self.parent_id}"
