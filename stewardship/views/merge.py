"""Merging two or more parties found by search."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from party_hub import queries
from party_hub.actions.errors import Conflict, NotFound, Stale
from party_hub.actions.merge_parties import obstacles_to_merge
from stewardship.actions.approve import do_or_propose
from stewardship.party_forms import MergeForm, uuids_in
from stewardship.permissions import Act, allowed, can
from stewardship.proposal import a_merge
from stewardship.queries.outcome import foresee
from stewardship.queries.shift import shifts_since

from .acts import done_or_waiting

MOST = 12  # parties side by side on one page


@allowed(Act.VIEW, on_post=Act.CHANGE_PARTY)
def merge(request: HttpRequest) -> HttpResponse:
    """The parties with what they would become; POST merges, or proposes it where that is weighty."""
    posted = request.method == "POST"
    parties = _living(uuids_in(request.POST if posted else request.GET, "party", "a", "b"))
    if len(parties) < 2 or len(parties) > MOST:
        messages.info(request, _("Choose the parties to merge: two at least, %(most)s at most.") % {"most": MOST})
        return redirect("parties")
    form = MergeForm(request.POST or None)
    if posted and form.is_valid():
        try:
            proposal = a_merge(tuple(parties), form.cleaned_data["reason"])
            outcome = do_or_propose(proposal=proposal, user=cast(User, request.user), versions=form.seen())
            return done_or_waiting(request, outcome, said=_("Merged. The retired ids lead here."), party=parties[0])
        except (Conflict, NotFound, Stale) as problem:
            form.add_error(None, str(problem))
    personal = can(request.user, Act.SEE_PERSONAL)
    shifts = shifts_since(form.seen(), personal=personal) if posted else []
    try:
        foreseen = foresee(a_merge(tuple(parties), "preview"), personal=personal)
        obstacles = obstacles_to_merge(parties=parties)
    except NotFound as problem:
        messages.error(request, str(problem))
        return redirect("parties")
    context = {"form": form, "parties": parties, "foreseen": foreseen, "obstacles": obstacles, "shifts": shifts}
    return render(request, "stewardship/merge.html", context, status=412 if shifts else 200)


def _living(parties: tuple[UUID, ...]) -> list[UUID]:
    """These parties, each by the id that it has now; what leads nowhere is left out. One query."""
    led = queries.whereabouts(parties)
    now = [led[party].party for party in parties if led[party].lead in (queries.Lead.HERE, queries.Lead.REDIRECTED)]
    return list(dict.fromkeys(party for party in now if party is not None))
