"""Who did what, and what was told: to read."""

from django.contrib import admin

from party_hub.models import AuditEntry, OutboxEvent

from .base import ReadOnlyAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """The audit trail."""

    list_display = ("at", "actor", "verb", "subject_type", "subject_id", "reason")
    list_filter = ("verb", "subject_type")
    search_fields = ("=actor", "=subject_id")
    search_help_text = "An actor like user:ada, or a subject's id, as a whole"
    show_full_result_count = False
    ordering = ("-at",)


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    """Events and whether they have left. Their content is on the party's page."""

    list_display = ("id", "created_at", "topic", "type", "key", "party_version", "published_at")
    list_filter = ("topic", "type", ("published_at", admin.EmptyFieldListFilter))
    search_fields = ("=key",)
    search_help_text = "A party's id"
    fields = ("event_id", "topic", "key", "type", "party_version", "correlation_id", "created_at", "published_at")
    show_full_result_count = False
    ordering = ("-id",)
