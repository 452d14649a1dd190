"""Taking a party out of the world, and bringing it back."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from party_hub.actions.errors import Conflict, NotFound, Stale
from party_hub.actions.retire_party import restore_party
from stewardship.actions.approve import do_or_propose
from stewardship.actions.ask_anew import ask_anew
from stewardship.actions.decide_task import actor
from stewardship.party_forms import RetireForm
from stewardship.permissions import Act, allowed, can
from stewardship.proposal import a_retirement
from stewardship.queries.outcome import foresee
from stewardship.queries.shift import shifts_since

from .acts import done_or_waiting


@allowed(Act.VIEW, on_post=Act.CHANGE_PARTY)
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What that would do; POST does it, or proposes it where it is weighty."""
    posted = request.method == "POST"
    form = RetireForm(request.POST or None)
    if posted and form.is_valid():
        try:
            proposal = a_retirement(pk, form.cleaned_data["reason"])
            outcome = do_or_propose(proposal=proposal, user=cast(User, request.user), versions=form.seen())
            return done_or_waiting(request, outcome, said=_("Retired. It can be brought back from here."), party=pk)
        except (Conflict, NotFound, Stale) as problem:
            form.add_error(None, str(problem))
    personal = can(request.user, Act.SEE_PERSONAL)
    try:
        foreseen = foresee(a_retirement(pk, "preview"), personal=personal)
    except NotFound as problem:
        messages.error(request, str(problem))
        return redirect("party", pk)
    shifts = shifts_since(form.seen(), personal=personal) if posted else []
    context = {"form": form, "pk": pk, "foreseen": foreseen, "shifts": shifts}
    return render(request, "stewardship/retire.html", context, status=412 if shifts else 200)


@require_POST
@allowed(Act.VIEW, on_post=Act.CHANGE_PARTY)
def restore(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Brings a retired party back."""
    try:
        reason = request.POST.get("reason", "")[:2000]
        ask_anew(restore_party(party=pk, actor=actor(cast(User, request.user)), reason=reason))
    except NotFound as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("It is back, as its records stand now."))
    return redirect("party", pk)
