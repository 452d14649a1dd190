"""The first page."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ingestion.backlog import backlog
from ingestion.lateness import late_feeds
from stewardship.permissions import Act, allowed
from stewardship.queries.dashboard import overview
from stewardship.queries.feed_health import feed_health
from stewardship.queries.performance import performance


@allowed(Act.VIEW)
def dashboard(request: HttpRequest) -> HttpResponse:
    """What waits, what was done, what there is."""
    overviewed = overview(cast(User, request.user))
    context = {
        "overview": overviewed,
        "performance": performance(),
        "health": feed_health(),
        "late_feeds": late_feeds(),
        "backlog": backlog(),
    }
    return render(request, "stewardship/dashboard.html", context)
