"""The review queue: look, save a view, take it away as CSV."""

import csv
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from party_hub.models import SourceSystem
from stewardship.actions.save_view import forget_view, save_view
from stewardship.permissions import Act, allowed
from stewardship.queries.next_task import next_task
from stewardship.queries.queue import decided_task, page_of
from stewardship.queries.queue_export import HEADER, export_rows
from stewardship.queries.queue_facets import facets
from stewardship.task_forms import QueueFilter, SavedViewForm


def filter_of(data: QueryDict) -> QueueFilter:
    """The filters in an address or a form."""
    return QueueFilter(data, sources=list(SourceSystem.objects.values_list("code", "name")))


@require_safe
@allowed(Act.VIEW)
def tasks(request: HttpRequest) -> HttpResponse:
    """Open tasks under the filters of the address; the rows alone when htmx asks."""
    user = cast(User, request.user)
    form = filter_of(request.GET)
    kept = form.kept()
    page = page_of(kept, user, cursor=request.GET.get("after", ""))
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "more": urlencode({**kept, "after": page.following}) if page.following else "",
        "filtered": bool(kept),
        "address": form.address(),
    }
    if request.htmx and not request.htmx.boosted:  # type: ignore[attr-defined]
        return render(request, "stewardship/_queue.html", context)
    context["facets"] = facets(user)
    context["decided"] = decided_task(request.GET.get("decided", ""))
    return render(request, "stewardship/queue.html", context)


@require_safe
@allowed(Act.VIEW)
def following(request: HttpRequest) -> HttpResponse:
    """On to the task that comes first."""
    first = next_task(cast(User, request.user))
    return redirect("task", first) if first else redirect("tasks")


class _Line:
    """What csv.writer writes to: gives the line back."""

    def write(self, line: str) -> str:
        return line


@require_safe
@allowed(Act.VIEW)
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The tasks under the filters as CSV, streamed."""
    user, kept = cast(User, request.user), filter_of(request.GET).kept()
    writer = csv.writer(_Line())

    def lines() -> Iterator[str]:
        yield writer.writerow(HEADER)
        for row in export_rows(kept, user):
            yield writer.writerow(row)

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="tasks.csv"'},
    )


@require_POST
@allowed(Act.VIEW, on_post=Act.DECIDE)
def view(request: HttpRequest) -> HttpResponse:
    """Save the filters at hand under a name, or forget a saved view."""
    user, kept = cast(User, request.user), filter_of(QueryDict(request.POST.get("filters", "")))
    if request.POST.get("forget", "").isdigit():
        forget_view(user=user, view=int(request.POST["forget"]))
        messages.success(request, _("The view is gone."))
        return redirect("tasks")
    form = SavedViewForm(request.POST)
    if form.is_valid():
        save_view(user=user, filters=kept.kept(), **form.cleaned_data)
        messages.success(request, _("Saved. You find it above the queue."))
    else:
        messages.error(request, _("Give the view a name."))
    return redirect(f"{reverse('tasks')}?{kept.address()}")
