"""Training: what there is to learn from, trainings and how far they are, and the new model beside the one in force."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from matching.actions.training_runs import FEWEST, cancel_training, request_training
from matching.models import TrainingRun
from party_hub.actions.errors import Conflict, NotFound
from stewardship.actions.decide_task import actor
from stewardship.permissions import Act, allowed
from stewardship.presentation.curve import curve
from stewardship.queries import training as queries


@require_safe
@allowed(Act.VIEW)
def trainings(request: HttpRequest) -> HttpResponse:
    """The answers that there are, and the last trainings."""
    runs = queries.last_trainings()
    live = next((run for run in runs if run.live), None)
    context = {"known": queries.answers_known(), "fewest": FEWEST, "runs": runs, "live": live}
    return render(request, "stewardship/trainings.html", context)


@require_safe
@allowed(Act.VIEW)
def training(request: HttpRequest, pk: int) -> HttpResponse:
    """One training; its changing part alone when htmx asks."""
    try:
        run = queries.training(pk)
    except NotFound as problem:
        raise Http404(str(problem)) from problem
    asked_by_htmx = request.htmx  # type: ignore[attr-defined]
    template = "stewardship/_training.html" if asked_by_htmx else "stewardship/training.html"
    return render(request, template, {"run": run, **shown_of(run)})


def shown_of(run: TrainingRun) -> dict[str, Any]:
    """What is drawn of a training that is done."""
    steps = queries.curve_of(run)
    return {
        "beside": queries.beside(run),
        "steps": steps,
        "curve": curve([(step["answers"], step["f1"]) for step in steps]),
    }


@require_POST
@allowed(Act.VIEW, on_post=Act.TUNE)
def start(request: HttpRequest) -> HttpResponse:
    """Ask for a training."""
    try:
        run = request_training(actor=_actor(request))
    except Conflict as problem:
        messages.error(request, str(problem))
        return redirect("trainings")
    return redirect("training", run.pk)


@require_POST
@allowed(Act.VIEW, on_post=Act.TUNE)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a training."""
    try:
        cancel_training(run_id=pk, actor=_actor(request))
    except NotFound as problem:
        raise Http404(str(problem)) from problem
    except Conflict as problem:
        messages.error(request, str(problem))
    return redirect("training", pk)


def _actor(request: HttpRequest) -> str:
    return actor(cast(User, request.user))
