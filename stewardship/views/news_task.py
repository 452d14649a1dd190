"""A task about an LEI that is out of order: what the register says, and a note of what was done about it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from party_hub.actions.errors import Conflict
from stewardship.actions.lease import Held
from stewardship.actions.note_news import note_news
from stewardship.models import ReviewTask
from stewardship.permissions import Act, allowed
from stewardship.presentation.values import lei_news
from stewardship.queries import task as queries
from stewardship.queries.queue import decided_task, next_task, previous_task
from stewardship.task_forms import HandlingForm


def news_task(request: HttpRequest, shown: ReviewTask, present: list[str]) -> HttpResponse:
    """The page, which these others look at too."""
    user = cast(User, request.user)
    context = {
        "task": shown,
        "review": True,
        "news": lei_news(shown.news),
        "decided": decided_task(request.GET.get("decided", "")),
        "seen": queries.seen_version(shown),
        "present": present,
        "handling": HandlingForm(initial={"assign_to": shown.assigned_to_id}),
        "waits": queries.waits(shown),
        "holder": queries.other_holder(shown, user),
        "mine": queries.claimed_by(shown, user),
        "comments": queries.comments_of(shown),
        "following": next_task(user, after=shown),
        "previous": previous_task(shown),
    }
    return render(request, "stewardship/news_task.html", context)


@require_POST
@allowed(Act.VIEW, on_post=Act.DECIDE)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Take note; then on to the next task."""
    user = cast(User, request.user)
    try:
        answered = note_news(
            task=get_object_or_404(ReviewTask, pk=pk), user=user, reason=request.POST.get("reason", "")[:2000]
        )
    except (Conflict, Held) as problem:
        messages.error(request, str(problem))
        return redirect("task", pk)
    messages.success(request, _("Noted."))
    following = next_task(user, after=answered)
    return redirect(f"{reverse('task', args=[following.pk]) if following else reverse('tasks')}?decided={pk}")
