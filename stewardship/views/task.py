"""One task: compare, decide, take back, claim, comment."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from party_hub.actions.errors import Conflict, NotFound
from stewardship.actions.comment_task import see_mentions
from stewardship.actions.decide_task import Weighty, decide_task, undo_decision
from stewardship.actions.lease import Held, look_at_task
from stewardship.models import Comment, ReviewTask, TaskKind
from stewardship.permissions import Act, allowed, can
from stewardship.presence import be_present, others_present
from stewardship.presentation.impact import impact_of_no_match, impact_of_unsure
from stewardship.queries import task as queries
from stewardship.queries.earlier import earlier_decisions
from stewardship.queries.neighbourhood import neighbourhood
from stewardship.queries.opposed import opposed_decisions
from stewardship.queries.similar import precedents
from stewardship.task_forms import DecideForm, uuids

from .news_task import news_task
from .pin_task import pin_task
from .task_frame import frame, on_to_the_next


@require_safe
@allowed(Act.VIEW)
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """A, B and what they would become, with the reasons and the buttons."""
    try:
        shown = queries.task_with_parties(pk)
    except ReviewTask.DoesNotExist:
        raise Http404 from None
    user = cast(User, request.user)
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "")  # fetched ahead: nobody looks at it yet
    comments = queries.comments_of(shown)
    present = others_present(pk, user.get_username()) if ahead else _begin(shown, user, comments)
    if shown.pin_id is not None:
        return pin_task(request, shown, present, comments)
    if shown.kind == TaskKind.LEI_STATUS:
        return news_task(request, shown, present, comments)
    part = request.GET.get("part", "")
    context = {
        **_compared(shown, user, uuids(request.GET.getlist("left_out")), int(part) if part.isdecimal() else 1),
        **frame(request, shown, present, comments),
    }
    context["first_time"] = not context["decided"] and can(user, Act.DECIDE) and not queries.has_decided(user)
    context["by_record"] = request.GET.get("by") == "record"
    page = render(request, "stewardship/task.html", context)
    if ahead:
        patch_cache_control(page, private=True, max_age=60)
    return page


def _begin(shown: ReviewTask, user: User, comments: list[Comment]) -> list[str]:
    """Whoever opens a free task holds it while looking at it; gives who else is there."""
    if comments:
        see_mentions(task=shown, user=user)
    if can(user, Act.DECIDE):
        look_at_task(task=shown, user=user)
    return be_present(shown.pk, user.get_username())


@require_safe
@allowed(Act.VIEW)
def graph(request: HttpRequest, pk: int) -> HttpResponse:
    """Who else is near the two parties, from a probability on; the drawing alone when htmx asks."""
    asked = request.GET.get("least", "")
    percent = min(int(asked), 100) if asked.isdigit() else 30
    shown = get_object_or_404(ReviewTask, pk=pk, party_b__isnull=False)
    drawn = neighbourhood(shown, percent / 100)
    template = "stewardship/_graph.html" if request.htmx else "stewardship/task_graph.html"  # type: ignore[attr-defined]
    return render(request, template, {"task": shown, "graph": drawn, "percent": percent})


def _compared(shown: ReviewTask, user: User, left_out: list[UUID], part: int) -> dict[str, Any]:
    others = queries.other_tasks(shown)
    compared = queries.comparison_of(
        shown, personal=can(user, Act.SEE_PERSONAL), left_out=left_out, vanishing=others.vanishing, part=part
    )
    opposed = opposed_decisions(shown) if compared else []
    why = queries.why(shown, compared, opposed=bool(opposed))
    return {
        "comparison": compared,
        "kept_in": compared is not None and len(compared.left_out) < len(left_out),
        "opposed": opposed,
        "why": why,
        "waterfall": why.waterfall,
        "reasons": why.reasons,
        "precedents": precedents(shown.pk, *shown.evidence),
        "no_match": impact_of_no_match(compared.pairs, others.same_pair) if compared else "",
        "unsure": impact_of_unsure(second_reading=shown.first_reader_id is not None),
        "codes": queries.reason_codes(),
        "priority": queries.priority_of(shown, compared) if compared else [],
        "read_already": shown.first_reader_id == user.pk,
        "decisions": earlier_decisions(compared.records if compared else shown.evidence),
        "others": others.number,
    }


@require_POST
@allowed(Act.VIEW, on_post=Act.DECIDE)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Match, no match or unsure; then on to the next task."""
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose match, no match or unsure, and a reason from the list if any."))
        return redirect("task", pk)
    user = cast(User, request.user)
    try:
        answered = decide_task(task=_task(pk), user=user, **form.answer())
    except Weighty as problem:
        messages.warning(request, str(problem))
        asked = _task(pk)
        return redirect(f"{reverse('parties_merge')}?a={asked.party_a_id}&b={asked.party_b_id}")
    except (Conflict, NotFound, Held) as problem:
        messages.error(request, str(problem))
        return redirect("task", pk)
    return on_to_the_next(answered, user)


@require_POST
@allowed(Act.VIEW, on_post=Act.DECIDE)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the answer back and look at the task again; the answer before it is then the next to take back."""
    user = cast(User, request.user)
    try:
        undo_decision(task=_task(pk), user=user)
    except (Conflict, NotFound) as problem:
        messages.error(request, str(problem))
        return redirect("task", pk)
    messages.success(request, _("Taken back. The task is open again."))
    before = queries.last_decided(user, limit=1)
    return redirect(reverse("task", args=[pk]) + (f"?decided={before[0].pk}" if before else ""))


@require_safe
@allowed(Act.VIEW)
def decided(request: HttpRequest) -> HttpResponse:
    """One's last answers, each with the way back."""
    return render(request, "stewardship/decided.html", {"tasks": queries.last_decided(cast(User, request.user))})


def _task(pk: int) -> ReviewTask:
    return get_object_or_404(ReviewTask, pk=pk)
