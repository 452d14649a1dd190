"""Feeds and their runs, live."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ingestion.actions import CannotLoad, request_load
from ingestion.models import FeedRun
from stewardship.actions.decide_task import actor
from stewardship.permissions import Act, allowed, can
from stewardship.queries import runs as queries


@allowed(Act.VIEW, on_post=Act.LOAD)
def feeds(request: HttpRequest) -> HttpResponse:
    """All feeds and the last runs; POST asks for a load."""
    if request.method == "POST":
        return _load(request)
    return render(request, "stewardship/feeds.html", {"feeds": queries.feeds(), "runs": queries.last_runs(30)})


def _load(request: HttpRequest) -> HttpResponse:
    try:
        run = request_load(feed=request.POST.get("feed", ""), actor=actor(cast(User, request.user)))
    except CannotLoad as problem:
        messages.error(request, str(problem))
        return redirect("feeds")
    return redirect("feed_run", run.pk)


@require_safe
@allowed(Act.VIEW)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: how far it is, what became of its rows, which were set aside and why."""
    after = request.GET.get("after", "0")
    try:
        shown = queries.run_detail(pk, after=int(after) if after.isdigit() else 0)
    except FeedRun.DoesNotExist:
        raise Http404 from None
    template = "stewardship/_run.html" if request.htmx else "stewardship/run.html"  # type: ignore[attr-defined]
    return render(request, template, {"detail": shown, "raw": can(request.user, Act.SEE_PERSONAL)})
