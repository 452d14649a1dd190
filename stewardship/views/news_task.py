"""A task about an LEI that is out of order: what the register says, and a note of what was done about it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from party_hub.actions.errors import Conflict
from stewardship.actions.lease import Held
from stewardship.actions.note_news import note_news
from stewardship.models import Comment, ReviewTask
from stewardship.permissions import Act, allowed
from stewardship.queries import task as queries

from .task_frame import frame, on_to_the_next


def news_task(request: HttpRequest, shown: ReviewTask, present: list[str], comments: list[Comment]) -> HttpResponse:
    """The page, which these others look at too."""
    context = {**frame(request, shown, present, comments), "review": True, "priority": queries.priority_of_one(shown)}
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
    return on_to_the_next(answered, user)
