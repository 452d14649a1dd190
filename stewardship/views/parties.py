"""Search for parties and a party's profile."""

from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from party_hub import queries
from party_hub.actions.errors import Conflict, NotFound, Stale
from party_hub.actions.pin_value import pin_value, unpin_value
from stewardship.actions.decide_task import actor
from stewardship.party_forms import PartyFilter, PinForm
from stewardship.permissions import Act, allowed, can
from stewardship.picking import picking_of
from stewardship.queries.activity import standing
from stewardship.queries.party import golden_values, open_tasks


@require_safe
@allowed(Act.VIEW)
def parties(request: HttpRequest) -> HttpResponse:
    """Parties by name, identifier or id; without words, those that changed last."""
    form, picking = PartyFilter(request.GET), picking_of(request.GET)
    try:
        page = queries.search_parties(form.search(), after=request.GET.get("after") or None)
    except queries.BadCursor:
        return redirect("parties")
    context = {
        "form": form,
        "q": form.kept().get("q", ""),
        "picking": picking,
        "rows": [(found, picking.address(found.id)) for found in page.items if found.id not in picking.merging],
        "more": urlencode([*form.kept().items(), *picking.kept, ("after", page.next)]) if page.next else "",
    }
    partial = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    return render(request, "stewardship/_parties.html" if partial else "stewardship/parties.html", context)


@allowed(Act.VIEW, on_post=Act.CHANGE_PARTY)
def party(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A party with the proof of every value. POST pins a value or ends a pin."""
    led = queries.where_is(pk)
    if led.lead is queries.Lead.REDIRECTED and led.party is not None:
        messages.info(request, f"Party {str(pk)[:8]} was merged into this one.")
        return redirect("party", led.party)
    profile = queries.profile(pk)
    if profile is None:
        return _elsewhere(request, led)
    form = PinForm(request.POST or None, party_type=profile.party_type)
    if request.method == "POST" and _pinned(request, pk, form):
        return redirect("party", pk)
    return render(request, "stewardship/party.html", _context(profile, form, cast(User, request.user)))


def _context(profile: queries.Profile, form: PinForm, user: User) -> dict[str, Any]:
    moments = queries.history(profile.id, limit=40)
    return {
        "party": profile,
        "form": form,
        "values": golden_values(profile.raw_lineage, profile.party_type, personal=can(user, Act.SEE_PERSONAL)),
        "members": queries.members(profile.id),
        "pins": queries.pins(profile.id),
        "history": moments,
        "undoable": standing([moment.act for moment in moments if moment.act]),
        "relationships": queries.relationships(profile.id, limit=50),
        "events": queries.events_of(profile.id, limit=5).items,
        "tasks": open_tasks(profile.id),
    }


def _elsewhere(request: HttpRequest, led: queries.Whereabouts) -> HttpResponse:
    if led.lead is queries.Lead.UNKNOWN:
        raise Http404
    status = 300 if led.lead is queries.Lead.AMBIGUOUS else 410
    return render(request, "stewardship/party_gone.html", {"led": led}, status=status)


def _pinned(request: HttpRequest, pk: UUID, form: PinForm) -> bool:
    """Pins, or ends a pin; True where it is done and the page can be shown anew."""
    name = actor(cast(User, request.user))
    try:
        if "unpin" in request.POST:
            unpin_value(party=pk, attribute=request.POST["unpin"], actor=name)
            messages.success(request, "The pin is gone; the rule decides again.")
            return True
        if not form.is_valid():
            return False
        pin_value(party=pk, actor=name, **form.act())
    except (Conflict, NotFound, Stale) as problem:
        form.add_error(None, str(problem))
        return False
    messages.success(request, "Pinned. The golden record has the new value.")
    return True
