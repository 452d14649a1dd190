"""Merging two parties found by search."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from party_hub.actions.errors import Conflict, NotFound, Stale
from party_hub.actions.merge_parties import merge_parties
from party_hub.chain import Step, hand_over
from stewardship.actions.decide_task import actor
from stewardship.party_forms import MergeForm
from stewardship.permissions import Act, allowed, can
from stewardship.queries.compare import comparison


@allowed(Act.VIEW, on_post=Act.CHANGE_PARTY)
def merge(request: HttpRequest) -> HttpResponse:
    """Both parties with what they would become; POST merges."""
    form = MergeForm(request.POST or request.GET)
    pair = form.pair()
    if pair is None:
        messages.info(request, "Find the first party, open it, and choose “Merge with…”.")
        return redirect("parties")
    if request.method == "POST" and form.is_valid() and (survivor := _done(request, form, pair)):
        return redirect("party", survivor)
    try:
        shown = comparison(*pair, personal=can(cast(User, request.user), Act.SEE_PERSONAL))
    except NotFound:
        raise Http404 from None
    context = {"form": form, "comparison": shown, "a": pair[0], "b": pair[1], "sent": request.method == "POST"}
    return render(request, "stewardship/merge.html", context)


def _done(request: HttpRequest, form: MergeForm, pair: tuple[UUID, UUID]) -> UUID | None:
    """The survivor, or None with the reason on the form."""
    try:
        act = merge_parties(
            parties=pair,
            actor=actor(cast(User, request.user)),
            reason=form.cleaned_data["reason"],
            versions=form.versions(pair),
        )
    except (Conflict, NotFound, Stale) as problem:
        form.add_error(None, str(problem))
        return None
    hand_over(Step.REFRESH_TASKS)
    messages.success(request, "Merged. The retired id leads here.")
    return next(iter(act.resolution.merged.values()), pair[0])
