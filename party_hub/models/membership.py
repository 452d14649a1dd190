"""Which party a source record belongs to, and in which span of system time."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from .party import Party
from .source_record import SourceRecord


class Membership(models.Model):
    """A record's belonging to a party from the span's start until its end; open-ended while it lasts."""

    record = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="memberships")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="memberships")
    span = DateTimeRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="membership_one_party_at_a_time",
                expressions=[("record", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(name="membership_span_not_empty", condition=Q(span__isempty=False)),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} in {self.party_id}"
