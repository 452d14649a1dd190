"""One task: compare, decide, take back, claim, comment."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from party_hub.actions.errors import Conflict, NotFound
from party_hub.domain.judgement import Judgement
from stewardship.actions.comment_task import comment_task
from stewardship.actions.decide_task import decide_task, undo_decision
from stewardship.actions.lease import Held, claim_task, release_task
from stewardship.forms import CommentForm, DecideForm
from stewardship.models import ReviewTask
from stewardship.permissions import Act, allowed, can
from stewardship.queries import compare
from stewardship.queries.queue import decided_task, next_task, previous_task


@require_safe
@allowed(Act.VIEW)
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """A, B and what they would become, with the reasons and the buttons."""
    try:
        shown = compare.task_with_parties(pk)
    except ReviewTask.DoesNotExist:
        raise Http404 from None
    return render(
        request,
        "stewardship/task.html",
        {**_context(shown, cast(User, request.user)), "decided": decided_task(request.GET.get("decided", ""))},
    )


def _context(shown: ReviewTask, user: User) -> dict[str, Any]:
    personal = can(user, Act.SEE_PERSONAL)
    return {
        "task": shown,
        "comparison": compare.comparison_of(shown, personal=personal),
        "waterfall": compare.waterfall(shown.left_id, shown.right_id),
        "holder": compare.other_holder(shown, user),
        "mine": compare.holds(shown, user),
        "decisions": compare.earlier_decisions(shown.party_a_id, shown.party_b_id),
        "comments": compare.comments_of(shown),
        "others": compare.other_tasks(shown),
        "following": next_task(user, after=shown),
        "previous": previous_task(shown),
    }


@require_POST
@allowed(Act.VIEW, on_post=Act.DECIDE)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Match, no match or unsure; then on to the next task."""
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose match, no match or unsure.")
        return redirect("task", pk)
    user = cast(User, request.user)
    try:
        answered = decide_task(
            task=_task(pk),
            user=user,
            judgement=Judgement(form.cleaned_data["judgement"]),
            reason=form.cleaned_data["reason"],
        )
    except (Conflict, NotFound, Held) as problem:
        messages.error(request, str(problem))
        return redirect("task", pk)
    following = next_task(user, after=answered)
    return redirect(f"{reverse('task', args=[following.pk]) if following else reverse('tasks')}?decided={pk}")


@require_POST
@allowed(Act.VIEW, on_post=Act.DECIDE)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the answer back and look at the task again."""
    try:
        undo_decision(task=_task(pk), user=cast(User, request.user))
    except (Conflict, NotFound) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Taken back. The task is open again.")
    return redirect("task", pk)


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
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a note."""
    form = CommentForm(request.POST)
    if form.is_valid():
        comment_task(task=_task(pk), user=cast(User, request.user), text=form.cleaned_data["text"])
    else:
        messages.error(request, "Write something first.")
    return redirect(f"{reverse('task', args=[pk])}#comments")


def _task(pk: int) -> ReviewTask:
    return get_object_or_404(ReviewTask, pk=pk)
