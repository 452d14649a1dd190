"""Match models: look at one, tune its thresholds, see what it would change, put it in force or take it back."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from matching.actions.manage_models import activate_model, tune_thresholds
from party_hub.actions.errors import Conflict, NotFound
from party_hub.chain import Step, hand_over
from stewardship.matching_forms import ThresholdsForm
from stewardship.party_forms import ReasonForm
from stewardship.permissions import Act, allowed
from stewardship.presentation.reliability import plot
from stewardship.queries import match_models
from stewardship.queries.reliability import reliability_of
from stewardship.queries.training import held_back_reliability, training_of
from stewardship.views.training import shown_of


@require_safe
@allowed(Act.VIEW)
def model(request: HttpRequest, version: str) -> HttpResponse:
    """One model with its bands and its impact."""
    return _page(request, version)


@require_POST
@allowed(Act.TUNE)
def preview(request: HttpRequest, version: str) -> HttpResponse:
    """Work out, in the background, what putting the model in force would change."""
    _found(version)
    hand_over(Step.PREVIEW_MODEL, version=version)
    messages.info(request, _("Working it out: everything is matched once on trial. Look again in a while."))
    return redirect("match_model", version)


@require_POST
@allowed(Act.TUNE)
def activate(request: HttpRequest, version: str) -> HttpResponse:
    """Put the model in force and match everything by it."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, version, activation=form)
    try:
        activate_model(version=version, actor=_actor(request), reason=form.cleaned_data["reason"])
    except NotFound as problem:
        raise Http404(str(problem)) from problem
    hand_over(Step.MATCH, full=True)
    messages.success(
        request, _("In force. Everything is being matched by it; the former model can be put back any time.")
    )
    return redirect("matching")


@require_POST
@allowed(Act.TUNE)
def tune(request: HttpRequest, version: str) -> HttpResponse:
    """Keep the model with other thresholds, not in force yet."""
    form = ThresholdsForm(request.POST, _found(version).model.thresholds)
    if form.is_valid():
        try:
            tuned = tune_thresholds(
                version=version, thresholds=form.chosen(), actor=_actor(request), reason=form.cleaned_data["reason"]
            )
            messages.info(
                request, _("Kept as a model of its own. See what it would change before you put it in force.")
            )
            return redirect("match_model", tuned.version)
        except Conflict as problem:
            form.add_error(None, str(problem))
    return _page(request, version, tuning=form)


def _page(
    request: HttpRequest, version: str, *, activation: ReasonForm | None = None, tuning: ThresholdsForm | None = None
) -> HttpResponse:
    page = _found(version)
    run = training_of(version)
    reliability = reliability_of(page.model) if page.bands else held_back_reliability(run) if run else None
    context = {
        "page": page,
        "reliability": reliability,
        "plot": plot(reliability.bands) if reliability else None,
        "run": run,
        **(shown_of(run) if run else {}),
        "activation": activation or ReasonForm(None),
        "tuning": tuning or ThresholdsForm(None, page.model.thresholds),
    }
    return render(request, "stewardship/match_model.html", context, status=400 if activation or tuning else 200)


def _found(version: str) -> match_models.ModelPage:
    try:
        return match_models.model_page(version)
    except NotFound as problem:
        raise Http404(str(problem)) from problem


def _actor(request: HttpRequest) -> str:
    return cast(User, request.user).get_username()
