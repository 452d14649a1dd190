"""Parties and the redirects from retired ids."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from .reference import PARTY_TYPES


class PartyStatus(models.TextChoices):
    """Where a party stands."""

    ACTIVE = "active", "Active"
    WITHDRAWN = "withdrawn", "Withdrawn"  # no source speaks of it any more; its last golden record stays
    RETIRED = "retired", "Retired"  # its records went to other parties; redirects lead there
    ERASED = "erased", "Erased"


class Party(models.Model):
    """An individual, an organisation or a legal entity, with one public id for life.

    `version` counts its published changes and is what `ETag` and `partyversion` carry.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party_type = models.CharField(max_length=20, choices=PARTY_TYPES)
    status = models.CharField(max_length=20, choices=PartyStatus.choices, default=PartyStatus.ACTIVE)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.CheckConstraint(name="party_known_status", condition=Q(status__in=PartyStatus.values)),
            models.CheckConstraint(
                name="party_retired_at_when_retired",
                condition=Q(status=PartyStatus.RETIRED, retired_at__isnull=False)
                | (~Q(status=PartyStatus.RETIRED) & Q(retired_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Redirect(models.Model):
    """Where a retired id leads: to one survivor, or to several where its records have since been parted."""

    retired = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="redirects")
    survivor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="redirected_here")
    since = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(name="redirect_once", fields=["retired", "survivor"]),
            models.CheckConstraint(name="redirect_leads_elsewhere", condition=~Q(retired=F("survivor"))),
        ]

    def __str__(self) -> str:
        return f"{self.retired_id} → {self.survivor_id}"
