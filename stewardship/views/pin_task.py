"""A task about a pin: what was, what is; keep, renew or drop it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from party_hub.actions.errors import Conflict, NotFound
from stewardship.actions.lease import Held
from stewardship.actions.review_pin import review_pin
from stewardship.models import Comment, ReviewTask
from stewardship.permissions import Act, allowed, can
from stewardship.pin_forms import ReviewForm
from stewardship.queries import task as queries
from stewardship.queries.pin_review import pin_review

from .task_frame import frame, on_to_the_next


def pin_task(request: HttpRequest, shown: ReviewTask, present: list[str], comments: list[Comment]) -> HttpResponse:
    """The page, which these others look at too."""
    context = {
        **frame(request, shown, present, comments),
        "review": pin_review(shown, personal=can(request.user, Act.SEE_PERSONAL)),
        "form": ReviewForm(),
        "priority": queries.priority_of_one(shown),
    }
    return render(request, "stewardship/pin_task.html", context)


@require_POST
@allowed(Act.VIEW, on_post=Act.DECIDE)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep, renew or drop; then on to the next task."""
    form, user = ReviewForm(request.POST), cast(User, request.user)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("task", pk)
    try:
        answered = review_pin(task=get_object_or_404(ReviewTask, pk=pk), user=user, **form.answer_given())
    except (Conflict, NotFound, Held) as problem:
        messages.error(request, str(problem))
        return redirect("task", pk)
    messages.success(request, _("Noted."))
    return on_to_the_next(answered, user)
