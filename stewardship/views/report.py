"""A party on paper: every golden value with its proof, the records behind it, its history."""

from typing import cast
from uuid import UUID

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from party_hub import queries
from stewardship.permissions import Act, allowed, can
from stewardship.queries.party import golden_values


@require_safe
@allowed(Act.VIEW)
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The party as it stands, laid out to be printed or kept as PDF."""
    led = queries.where_is(pk)
    if led.lead is queries.Lead.REDIRECTED and led.party is not None:
        return redirect("party_report", led.party)
    party = queries.profile(pk)
    if party is None:
        raise Http404
    personal = can(cast(User, request.user), Act.SEE_PERSONAL)
    context = {
        "party": party,
        "values": golden_values(party.raw_lineage, party.party_type, personal=personal),
        "members": queries.members(party.id),
        "history": queries.history(party.id, limit=100),
        "now": timezone.now(),
        "masked": not personal,
    }
    return render(request, "stewardship/report.html", context)
