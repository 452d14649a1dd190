"""Match models and runs, to read. Models are trained, tuned and activated on the matching page."""

from django.contrib import admin

from matching.models import MatchModel, MatchRun
from party_hub.admin.base import ReadOnlyAdmin


@admin.register(MatchModel)
class MatchModelAdmin(ReadOnlyAdmin):
    """Versions of the match model."""

    list_display = ("version", "active", "created_by", "created_at", "activated_at")
    fields = ("version", "active", "trained", "thresholds", "created_by", "created_at", "activated_at")


@admin.register(MatchRun)
class MatchRunAdmin(ReadOnlyAdmin):
    """Runs of the matcher."""

    list_display = (
        "started_at",
        "kind",
        "state",
        "runner",
        "records",
        "pairs",
        "automatic",
        "suggested",
        "clusters_changed",
    )
    list_filter = ("kind", "state")
