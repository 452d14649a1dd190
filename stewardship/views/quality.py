"""Quality of golden records and of feeds, each number with a way to the rows behind it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ingestion.models import Feed, QualityResult
from stewardship.permissions import Act, allowed
from stewardship.presentation.histogram import histogram
from stewardship.presentation.trend import Value, trend
from stewardship.queries import quality as queries


@require_safe
@allowed(Act.VIEW)
def quality(request: HttpRequest) -> HttpResponse:
    """How good the golden records are, and what the feeds brought."""
    found = queries.quality()
    bars = [(f"{band.low}–{band.high}", band.parties) for band in found.bands]
    context = {"quality": found, "histogram": histogram(bars), "cards": queries.scorecards()}
    return render(request, "stewardship/quality.html", context)


@require_safe
@allowed(Act.VIEW)
def feed(request: HttpRequest, name: str) -> HttpResponse:
    """One feed's quality over its last runs."""
    try:
        found = queries.feed_quality(name)
    except Feed.DoesNotExist:
        raise Http404 from None
    where = {run.pk: reverse("feed_run", args=[run.pk]) for run in found.runs}
    charts = [
        (
            side,
            trend(
                [Value(_("Run %(run)s") % {"run": run.pk}, percent, where[run.pk]) for run, percent in points],
                unit=" %",
                top=100,
            ),
        )
        for side, points in found.sides
        if side != "volume"
    ]
    rows = trend(
        [Value(_("Run %(run)s") % {"run": run.pk}, run.landed, where[run.pk]) for run in found.runs],
        unit=" " + _("rows"),
    )
    rules = [
        (
            rule,
            trend(
                [Value(_("Run %(run)s") % {"run": run.pk}, percent, "") for run, percent in rule.history],
                unit=" %",
                top=100,
            ),
        )
        for rule in found.rules
    ]
    context = {"found": found, "charts": charts, "rows": rows, "rules": rules}
    return render(request, "stewardship/feed_quality.html", context)


@require_safe
@allowed(Act.VIEW)
def noted(request: HttpRequest, pk: int) -> HttpResponse:
    """The first rows that break a rule which only takes a note."""
    try:
        result, rows = queries.noted_rows(pk)
    except QualityResult.DoesNotExist:
        raise Http404 from None
    return render(request, "stewardship/noted_rows.html", {"result": result, "rows": rows})
