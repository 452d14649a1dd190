"""Source records: the facts. Written by `actions.register_records` alone."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from .reference import PARTY_TYPES, SourceSystem


class SourceRecord(models.Model):
    """What one source says of one party, under that source's key; its newest version.

    The id is `domain.identity.record_id(source, key)`. `effective_at` is when the source says that it became so,
    `received_at` when the hub learnt of it. `content_hash` is SHA-256 of the attributes as PostgreSQL writes them out,
    with the party type.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The index of `source_record_one_per_key` begins with the source.
    source = models.ForeignKey(SourceSystem, on_delete=models.PROTECT, related_name="records", db_index=False)
    key = models.CharField(max_length=200)
    party_type = models.CharField(max_length=20, choices=PARTY_TYPES)
    attributes = models.JSONField()
    content_hash = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    raw_location = models.CharField(max_length=400, help_text="Where it landed: object and line.")
    received_at = models.DateTimeField(db_default=Now())
    effective_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["source", "key"]
        constraints = [
            models.UniqueConstraint(name="source_record_one_per_key", fields=["source", "key"]),
            models.CheckConstraint(name="source_record_has_key", condition=~Q(key="")),
            models.CheckConstraint(
                name="source_record_known_party_type", condition=Q(party_type__in=[value for value, _ in PARTY_TYPES])
            ),
            models.CheckConstraint(name="source_record_version_from_1", condition=Q(version__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.key}"


class SourceRecordVersion(models.Model):
    """A version that is not the newest: replaced by a later one, or late when it came."""

    record = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    party_type = models.CharField(max_length=20)
    attributes = models.JSONField()
    content_hash = models.CharField(max_length=64)
    raw_location = models.CharField(max_length=400)
    received_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["record", "version"]
        constraints = [models.UniqueConstraint(name="source_record_version_once", fields=["record", "version"])]

    def __str__(self) -> str:
        return f"{self.record_id} v{self.version}"


class UnresolvedRecord(models.Model):
    """A record that waits to be matched: new, changed or withdrawn since. Written with the fact, deleted when resolved.

    `since` tells one waiting from the next: only who has looked at this one may delete the row, so a change that
    arrives meanwhile is never lost, of the record or of its links.
    """

    # No foreign key in the database: one statement writes a record, the next this row, and source records are never
    # deleted. To look each of a million up again at commit took a tenth of the time of registering them.
    record = models.OneToOneField(
        SourceRecord, on_delete=models.CASCADE, primary_key=True, related_name="unresolved", db_constraint=False
    )
    version = models.PositiveIntegerField()
    since = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.record_id)
