"""Feeds to keep, runs and rejected rows to read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from ingestion.models import Feed, FeedRun, QualityRule, RejectedRow
from ingestion.quality.actions import set_severity
from party_hub.admin.base import HistoryAdmin, ReadOnlyAdmin, actor_of


@admin.register(Feed)
class FeedAdmin(HistoryAdmin):
    """Where files come from and which adapter reads them."""

    list_display = ("title", "name", "source", "adapter", "location", "active")
    list_filter = ("active", "source")
    list_select_related = ("source",)
    search_fields = ("name", "title", "owner")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The name of an existing feed stays: schedules and runs refer to it."""
        return ("name",) if obj else ()


@admin.register(FeedRun)
class FeedRunAdmin(ReadOnlyAdmin):
    """Loads and how they went."""

    list_display = (
        "id",
        "feed",
        "state",
        "landed",
        "accepted",
        "quarantined",
        "requested_by",
        "requested_at",
        "finished_at",
    )
    list_filter = ("state", "feed")
    list_select_related = ("feed",)


@admin.register(RejectedRow)
class RejectedRowAdmin(ReadOnlyAdmin):
    """Rows in quarantine and why. What they say is on the run's page."""

    list_display = ("run", "line", "key", "field", "reason", "state", "closed_at")
    list_filter = ("state", "run__feed")
    list_select_related = ("run",)
    fields = ("run", "line", "key", "field", "reason", "state", "closed_at")
    show_full_result_count = False


@admin.register(QualityRule)
class QualityRuleAdmin(HistoryAdmin):
    """What breaking a rule costs. Which rules there are, the feed's adapter says; a feed's first load lists them."""

    list_display = ("says", "feed", "dimension", "severity")
    list_filter = ("feed", "dimension", "severity")
    list_select_related = ("feed",)
    search_fields = ("says", "code")
    readonly_fields = ("feed", "code", "says", "dimension")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save through the action."""
        set_severity(rule=obj, actor=actor_of(request))

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """No: rules come with adapters."""
        return False

    def has_delete_permission(self, request: HttpRequest, *args: Any) -> bool:
        """No: the adapter would bring it again."""
        return False
