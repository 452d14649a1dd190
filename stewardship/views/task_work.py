"""Work around one task: being there, claims, who does it and when, notes."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stewardship.actions.comment_task import comment_task
from stewardship.actions.handle_task import assign_tasks, put_aside
from stewardship.actions.lease import Held, claim_task, look_at_task, release_task
from stewardship.models import ReviewTask
from stewardship.permissions import Act, allowed, can
from stewardship.presence import be_present
from stewardship.queries import task as queries
from stewardship.task_forms import CommentForm, HandlingForm


@require_POST
@allowed(Act.VIEW)
def present(request: HttpRequest, pk: int) -> HttpResponse:
    """The page is still looked at: renews the hold, tells who else is there and whether the question has changed."""
    user, shown = cast(User, request.user), queries.task_with_parties(pk)
    present = be_present(pk, user.get_username())
    mine = can(user, Act.DECIDE) and look_at_task(task=shown, user=user)
    context = {
        "task": shown,
        "changed": request.POST.get("seen", "") != queries.seen_version(shown),
        "holder": None if mine else queries.other_holder(shown, user),
        "present": present,
    }
    return render(request, "stewardship/_presence.html", context)


@require_POST
@allowed(Act.VIEW, on_post=Act.DECIDE)
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Reserve the task, or give it back."""
    act = release_task if "release" in request.POST else claim_task
    try:
        act(task=_task(pk), user=cast(User, request.user))
    except Held as problem:
        messages.error(request, str(problem))
    return redirect("task", pk)


@require_POST
@allowed(Act.VIEW, on_post=Act.DECIDE)
def handle(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the task to somebody, put it aside, or take it up again."""
    form, found, user = HandlingForm(request.POST), [_task(pk)], cast(User, request.user)
    if not form.is_valid():
        messages.error(request, _("Choose a steward, or for how long it is to wait."))
    elif "assign" in request.POST:
        assign_tasks(tasks=found, user=user, to=form.cleaned_data["assign_to"])
        messages.success(request, _("Given to %(name)s.") % {"name": form.cleaned_data["assign_to"] or _("nobody")})
    else:
        put_aside(tasks=found, user=user, until=form.until() if "wait" in request.POST else None)
        messages.success(request, _("Put aside.") if "wait" in request.POST else _("Taken up again."))
    return redirect("task", pk)


@require_POST
@allowed(Act.VIEW, on_post=Act.DECIDE)
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a note."""
    form = CommentForm(request.POST)
    if form.is_valid():
        comment_task(task=_task(pk), user=cast(User, request.user), text=form.cleaned_data["text"])
    else:
        messages.error(request, _("Write something first."))
    return redirect(f"{reverse('task', args=[pk])}#comments")


def _task(pk: int) -> ReviewTask:
    return get_object_or_404(ReviewTask, pk=pk)
