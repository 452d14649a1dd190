"""One act on every task under a filter: looked at first, then done."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from party_hub.domain.judgement import Judgement
from stewardship.actions.handle_task import AT_ONCE, assign_tasks, decide_tasks, put_aside
from stewardship.models import ReviewTask
from stewardship.permissions import Act, allowed, can, require
from stewardship.queries.queue import page_of
from stewardship.task_forms import BulkForm

from .queue import filter_of


@allowed(Act.DECIDE)
def bulk(request: HttpRequest) -> HttpResponse:
    """GET shows what an act would reach; POST does it, unless the queue has changed since."""
    user = cast(User, request.user)
    filters = filter_of(QueryDict(request.POST.get("filters", "")) if request.method == "POST" else request.GET)
    page = page_of(filters.kept(), user, size=AT_ONCE)
    form = BulkForm(request.POST or None, initial={"expected": len(page.tasks)})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["expected"] != len(page.tasks):
            form.add_error(None, _("The queue has changed since you looked. These are the tasks now; look again."))
        else:
            _do(request, user, form, page.tasks)
            return redirect("tasks")
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "address": filters.address(),
        "at_once": AT_ONCE,
        "may_decide": can(user, Act.APPROVE),
    }
    return render(request, "stewardship/bulk.html", context)


def _do(request: HttpRequest, user: User, form: BulkForm, tasks: list[ReviewTask]) -> None:
    said = form.cleaned_data
    if said["act"] == "assign":
        number = assign_tasks(tasks=tasks, user=user, to=said["assign_to"])
        messages.success(
            request,
            ngettext("%(number)s task given to %(user)s.", "%(number)s tasks given to %(user)s.", number)
            % {"number": number, "user": said["assign_to"] or _("nobody")},
        )
    elif said["act"] == "wait":
        number = put_aside(tasks=tasks, user=user, until=form.until())
        aside = ngettext("%(number)s task put aside.", "%(number)s tasks put aside.", number)
        messages.success(request, aside % {"number": number})
    else:
        require(user, Act.APPROVE)  # many decisions at once are a lead's
        handled = decide_tasks(tasks=tasks, user=user, judgement=Judgement(said["act"]), reason=said["reason"])
        decided = ngettext(
            "%(number)s task decided. It can be taken back.",
            "%(number)s tasks decided. Each can be taken back.",
            handled.done,
        )
        messages.success(request, decided % {"number": handled.done})
        for refusal in handled.refused[:5]:
            messages.warning(request, refusal)
