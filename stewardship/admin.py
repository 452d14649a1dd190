"""Review tasks, to read. They are decided on their own pages."""

from django.contrib import admin

from party_hub.admin.base import ReadOnlyAdmin
from stewardship.models import ReviewTask


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
