"""Labelling: one pair after the other, the most telling first; one's own answers, to correct or take back."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from matching import labelling
from matching.actions.label_pairs import hold_question, label_pair, skip_question, take_back
from matching.actions.start_round import start_round
from matching.models import Label
from party_hub.actions.errors import Conflict, NotFound
from stewardship.actions.decide_task import actor
from stewardship.label_forms import LabelForm, RoundForm
from stewardship.permissions import Act, allowed, can
from stewardship.presentation.pair import pair_of


@require_safe
@allowed(Act.VIEW)
def labels(request: HttpRequest) -> HttpResponse:
    """The next pair to answer, how far the round has come, and the answer before."""
    return _page(request, RoundForm())


def _page(request: HttpRequest, form: RoundForm, status: int = 200) -> HttpResponse:
    user = cast(User, request.user)
    asked = labelling.open_round()
    question = labelling.next_question(asked, actor(user)) if asked and can(user, Act.DECIDE) else None
    if question is not None:
        hold_question(question=question, actor=actor(user))
    context = {
        "asked": asked,
        "progress": labelling.progress(asked, actor(user)) if asked else None,
        "question": question,
        "pair": pair_of(question.left, question.right) if question else None,
        "answered": _answered(request, user),
        "form": form,
    }
    return render(request, "stewardship/labels.html", context, status=status)


@require_POST
@allowed(Act.VIEW, on_post=Act.DECIDE)
def start(request: HttpRequest) -> HttpResponse:
    """Open another round of questions."""
    form = RoundForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    start_round(actor=_actor(request), **form.cleaned_data)
    messages.info(request, _("The pairs are being chosen. Look again in a moment."))
    return redirect("labels")


@require_POST
@allowed(Act.VIEW, on_post=Act.DECIDE)
def answer(request: HttpRequest) -> HttpResponse:
    """Match, no match or unsure for a pair; then on to the next."""
    form = LabelForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose match, no match or unsure."))
        return redirect("labels")
    try:
        label = label_pair(**form.answer(), actor=_actor(request))
    except (Conflict, NotFound) as problem:
        messages.error(request, str(problem))
        return redirect("labels")
    return redirect(f"{reverse('labels')}?answered={label.pk}")


@require_POST
@allowed(Act.VIEW, on_post=Act.DECIDE)
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave this pair to others."""
    try:
        skip_question(question=pk, actor=_actor(request))
    except NotFound as problem:
        messages.error(request, str(problem))
    return redirect("labels")


@require_safe
@allowed(Act.VIEW)
def answers(request: HttpRequest) -> HttpResponse:
    """One's own last answers. Nobody else's, so that second readings stay blind."""
    return render(request, "stewardship/label_answers.html", {"labels": labelling.last_labels(_actor(request))})


@require_safe
@allowed(Act.DECIDE)
def own_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One of one's own answers, to correct it or take it back."""
    try:
        label = labelling.live_label(pk, _actor(request))
    except NotFound as problem:
        raise Http404(str(problem)) from problem
    return render(request, "stewardship/label_answer.html", {"label": label, "pair": pair_of(label.left, label.right)})


@require_POST
@allowed(Act.VIEW, on_post=Act.DECIDE)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own answer back and look at the pair again."""
    try:
        take_back(label=pk, actor=_actor(request))
    except (Conflict, NotFound) as problem:
        messages.error(request, str(problem))
        return redirect("label_answers")
    messages.success(request, _("Taken back. The pair is asked again."))
    return redirect("labels")


def _answered(request: HttpRequest, user: User) -> Label | None:
    """One's answer that the page has just come from."""
    asked = request.GET.get("answered", "")
    try:
        return labelling.live_label(int(asked), actor(user)) if asked.isdigit() else None
    except NotFound:
        return None


def _actor(request: HttpRequest) -> str:
    return actor(cast(User, request.user))
