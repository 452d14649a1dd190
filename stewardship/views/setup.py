"""What the hub works by: rules, match model."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stewardship.permissions import Act, allowed
from stewardship.presentation.histogram import histogram
from stewardship.queries import matching as match_queries
from stewardship.queries import setup


@require_safe
@allowed(Act.VIEW)
def rules(request: HttpRequest) -> HttpResponse:
    """The survivorship rules in force."""
    context = {"rules": setup.rules_in_force(), "sources": setup.sources_by_trust(), "explained": setup.EXPLAINED}
    return render(request, "stewardship/rules.html", context)


@require_safe
@allowed(Act.VIEW)
def matching(request: HttpRequest) -> HttpResponse:
    """The active match model and what it did last."""
    overview = match_queries.overview()
    context = {"overview": overview, "histogram": histogram(overview.scores)}
    return render(request, "stewardship/matching.html", context)
