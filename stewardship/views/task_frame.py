"""What the page of a task shows whatever the question is, and where its answer leads."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from stewardship.models import Comment, ReviewTask
from stewardship.queries import task as queries
from stewardship.queries.next_task import next_task, tasks_around
from stewardship.queries.queue import decided_task
from stewardship.task_forms import HandlingForm


def frame(request: HttpRequest, shown: ReviewTask, present: list[str], comments: list[Comment]) -> dict[str, Any]:
    """The task, who works on it and when, what was said about it, and the tasks before and after it.

    `present` are those who look at it too.
    """
    user = cast(User, request.user)
    previous, following = tasks_around(user, shown)
    return {
        "task": shown,
        "decided": decided_task(request.GET.get("decided", "")),
        "seen": queries.seen_version(shown),
        "present": present,
        "handling": HandlingForm(initial={"assign_to": shown.assigned_to_id}),
        "waits": queries.waits(shown),
        "holder": queries.other_holder(shown, user),
        "mine": queries.claimed_by(shown, user),
        "comments": comments,
        "previous": previous,
        "following": following,
    }


def on_to_the_next(answered: ReviewTask, user: User) -> HttpResponseRedirect:
    """The next task, or the queue where there is none; either offers the way back."""
    following = next_task(user, after=answered)
    page = reverse("task", args=[following]) if following else reverse("tasks")
    return redirect(f"{page}?decided={answered.pk}")
