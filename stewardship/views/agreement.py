"""How far stewards agree when both read the same pair, and the pairs that a lead settles."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from matching import agreement as found
from matching.actions.label_pairs import settle_pair
from party_hub.actions.errors import Conflict, NotFound
from stewardship.actions.decide_task import actor
from stewardship.label_forms import LabelForm, PairForm
from stewardship.permissions import Act, allowed
from stewardship.presentation.pair import pair_of


@require_safe
@allowed(Act.VIEW)
def agreement(request: HttpRequest) -> HttpResponse:
    """Kappa overall; for leads by pair of stewards too, and what is to be settled."""
    pairs = found.read_twice()
    context = {
        "overall": found.overall(pairs),
        "readers": found.by_readers(pairs),
        "open": [pair for pair in pairs if pair.differs and pair.settled is None],
        "settled": [pair for pair in pairs if pair.differs and pair.settled is not None],
    }
    return render(request, "stewardship/agreement.html", context)


@require_safe
@allowed(Act.TUNE)
def disagreement(request: HttpRequest) -> HttpResponse:
    """One pair on which two stewards differ, side by side, with both answers."""
    form = PairForm(request.GET)
    if not form.is_valid():
        raise Http404(_("Which pair?"))
    try:
        twice = found.one_read_twice(**form.cleaned_data)
    except NotFound as problem:
        raise Http404(str(problem)) from problem
    pair = pair_of(twice.first.left, twice.first.right)
    return render(request, "stewardship/disagreement.html", {"twice": twice, "pair": pair, "label": twice.settled})


@require_POST
@allowed(Act.VIEW, on_post=Act.TUNE)
def settle(request: HttpRequest) -> HttpResponse:
    """Say what the pair is."""
    form = LabelForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose match, no match or unsure."))
        return redirect("agreement")
    try:
        settle_pair(**form.answer(), actor=actor(cast(User, request.user)))
        messages.success(request, _("Settled."))
    except (Conflict, NotFound) as problem:
        messages.error(request, str(problem))
    return redirect("agreement")
