"""What the hub works by: the match model."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stewardship.permissions import Act, allowed
from stewardship.presentation.histogram import histogram
from stewardship.queries import matching as match_queries
from stewardship.queries.match_models import models_kept


@require_safe
@allowed(Act.VIEW)
def matching(request: HttpRequest) -> HttpResponse:
    """The active match model and what it did last."""
    overview = match_queries.overview()
    context = {"overview": overview, "histogram": histogram(overview.scores), "models": models_kept()}
    return render(request, "stewardship/matching.html", context)
