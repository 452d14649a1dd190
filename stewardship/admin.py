"""Review tasks and approvals, to read: they are decided on their own pages. To keep: levels, reasons, rules."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from party_hub.admin.base import HistoryAdmin, ReadOnlyAdmin, actor_of
from stewardship.actions.save_level import save_level
from stewardship.models import Approval, ApprovalLevel, AssignmentRule, ReasonCode, ReviewTask


@admin.register(ReviewTask)
class ReviewTaskAdmin(ReadOnlyAdmin):
    """The queue and what was decided."""

    list_display = (
        "id",
        "kind",
        "state",
        "probability",
        "priority",
        "judgement",
        "decided_by",
        "decided_at",
        "created_at",
    )
    list_filter = ("state", "kind", "judgement")
    list_select_related = ("decided_by",)
    show_full_result_count = False


@admin.register(ApprovalLevel)
class ApprovalLevelAdmin(HistoryAdmin):
    """From which size on an act needs a second pair of eyes."""

    list_display = ("measure", "at_least", "act", "active")
    list_filter = ("act", "active")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save through the action."""
        save_level(level=obj, actor=actor_of(request))


@admin.register(Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    """What was proposed and how it ended. It is decided on its own page."""

    list_display = ("id", "kind", "state", "proposed_by", "proposed_at", "decided_by", "decided_at")
    list_filter = ("state", "kind")
    list_select_related = ("proposed_by", "decided_by")


@admin.register(ReasonCode)
class ReasonCodeAdmin(HistoryAdmin):
    """Ready-made reasons. One that was used is switched off, not deleted."""

    list_display = ("label", "code", "judgement", "position", "active")
    list_filter = ("judgement", "active")


@admin.register(AssignmentRule)
class AssignmentRuleAdmin(HistoryAdmin):
    """Who gets a new task, and by when."""

    list_display = ("position", "name", "kind", "party_type", "country", "team", "steward", "due_hours", "active")
    list_display_links = ("name",)
    list_select_related = ("team", "steward")
