"""The review queue."""

from typing import cast
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from party_hub.models import SourceSystem
from stewardship.forms import QueueFilter
from stewardship.permissions import Act, allowed
from stewardship.queries.queue import decided_task, next_task, page_of


@require_safe
@allowed(Act.VIEW)
def tasks(request: HttpRequest) -> HttpResponse:
    """Open tasks under the filters of the address; the rows alone when htmx asks."""
    form = QueueFilter(request.GET or None, sources=list(SourceSystem.objects.values_list("code", "name")))
    kept = form.kept() if form.is_bound else {}
    page = page_of(kept, cast(User, request.user), cursor=request.GET.get("after", ""))
    more = urlencode({**kept, "after": page.following}) if page.following else ""
    template = "stewardship/_queue.html" if request.htmx and not request.htmx.boosted else "stewardship/queue.html"  # type: ignore[attr-defined]
    decided = decided_task(request.GET.get("decided", ""))
    context = {"form": form, "page": page, "more": more, "filtered": bool(kept), "decided": decided}
    return render(request, template, context)


@require_safe
@allowed(Act.VIEW)
def following(request: HttpRequest) -> HttpResponse:
    """On to the task that comes first."""
    first = next_task(cast(User, request.user))
    return redirect("task", first.pk) if first else redirect("tasks")
