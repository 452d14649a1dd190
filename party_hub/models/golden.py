"""Golden records, what they are found by, and stewards' pins."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from simple_history.models import HistoricalRecords

from party_hub.domain.pins import Forbidden, PinnedValue

from .party import Party
from .reference import ATTRIBUTE_NAMES, IdentifierScheme, SourceSystem
from .source_record import SourceRecord


class GoldenRecord(models.Model):
    """The best value of each attribute of a party, each with its lineage.

    `values` is a JSON object of canonical attributes, `lineage` as `domain.lineage` keeps it.
    The other columns repeat what is searched: `name` as written, `search_names` all names in Latin script and small
    letters.
    """

    party = models.OneToOneField(Party, on_delete=models.PROTECT, primary_key=True, related_name="golden")
    values = models.JSONField()
    lineage = models.JSONField()
    name = models.TextField()
    search_names = models.TextField()
    country = models.CharField(max_length=2, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    quality = models.PositiveSmallIntegerField(help_text="0–100, see domain.quality.")
    source_count = models.PositiveIntegerField()
    record_count = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    updated_at = models.DateTimeField(db_default=Now())
    history = HistoricalRecords(excluded_fields=["search_names"], cascade_delete_history=False)

    class Meta:
        indexes = [
            GinIndex(name="golden_names_trigram", fields=["search_names"], opclasses=["gin_trgm_ops"]),
            models.Index(name="golden_by_change", fields=["updated_at", "party"]),
            models.Index(name="golden_by_quality", fields=["quality", "party"]),
        ]
        constraints = [models.CheckConstraint(name="golden_quality_0_to_100", condition=Q(quality__lte=100))]

    def __str__(self) -> str:
        return self.name


class PartyIdentifier(models.Model):
    """An identifier of a live party, for exact look-up. Derived from its golden record."""

    # Found by its party through `party_identifier_once`.
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="identifiers", db_index=False)
    scheme = models.ForeignKey(IdentifierScheme, on_delete=models.PROTECT, related_name="+", db_index=False)
    value = models.CharField(max_length=100)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        indexes = [models.Index(name="party_identifier_look_up", fields=["scheme", "value"])]
        constraints = [
            models.UniqueConstraint(name="party_identifier_once", fields=["party", "scheme", "value", "country"]),
        ]

    def __str__(self) -> str:
        return f"{self.scheme_id}:{self.value}"


class Pin(models.Model):
    """A steward's override of a golden value, with its reason and, if wanted, the day it ends. A fact: closed, never
    deleted.

    It sets `value`; or it forbids what one `source` or one `record` says of the attribute, all of it or `value` alone.
    `beneath` is what it covered when it was set: what the rule put first, or what was silenced (a list of values).
    """

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="pins")
    attribute = models.CharField(max_length=60, choices=ATTRIBUTE_NAMES)
    value = models.JSONField(null=True, blank=True)
    source = models.ForeignKey(
        SourceSystem, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    record = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    beneath = models.JSONField(null=True, blank=True)
    reason = models.TextField()
    author = models.CharField(max_length=150)
    act = models.UUIDField(default=uuid.uuid4, db_index=True)
    opened_in = models.UUIDField(null=True, blank=True, db_index=True, help_text="The undo that brought it back.")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True, blank=True)
    retracted_at = models.DateTimeField(null=True, blank=True)
    retracted_by = models.CharField(max_length=150, blank=True)
    retracted_in = models.UUIDField(null=True, blank=True, db_index=True, help_text="The act that closed it.")
    history = HistoricalRecords()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                name="pin_one_live_per_attribute",
                fields=["party", "attribute"],
                condition=Q(retracted_at__isnull=True, source__isnull=True, record__isnull=True),
            ),
            models.UniqueConstraint(
                name="pin_forbids_once",
                fields=["party", "attribute", "source", "record", "value"],
                condition=Q(retracted_at__isnull=True) & Q(Q(source__isnull=False) | Q(record__isnull=False)),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="pin_sets_or_forbids",
                condition=Q(value__isnull=False, source__isnull=True, record__isnull=True)
                | Q(source__isnull=False, record__isnull=True)
                | Q(source__isnull=True, record__isnull=False),
            ),
            models.CheckConstraint(name="pin_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.attribute} of {self.party_id}"

    @property
    def forbids(self) -> bool:
        """Whether it silences somebody instead of setting a value."""
        return self.source_id is not None or self.record_id is not None

    @property
    def whom(self) -> str:
        """Whom it silences, in words; empty where it sets a value."""
        if self.record_id:
            return gettext("record %(record)s") % {"record": self.record}
        return self.source_id or ""

    @property
    def in_force(self) -> PinnedValue | Forbidden:
        """As survivorship takes it."""
        if self.forbids:
            return Forbidden(
                self.pk or 0, self.attribute, self.source_id or "", self.record_id, self.value, self.author, self.reason
            )
        return PinnedValue(self.pk or 0, self.attribute, self.value, self.author, self.reason)
