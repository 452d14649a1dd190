"""A party's profile, now or as the hub knew it at a time; and pins."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from party_hub import queries
from party_hub.actions.retire_party import was_retired
from party_hub.domain.attributes import Kind, kind_of
from stewardship.permissions import Act, allowed, can
from stewardship.presentation.relations import by_type
from stewardship.presentation.sources import sources_grid
from stewardship.queries.party import golden_values, open_tasks
from stewardship.queries.shift import shifts_since
from stewardship.queries.timeline import timeline

from .as_known import moment_in
from .pins import act_on_pins, pin_forms

RECORDS = 50  # source records that are shown at a time


@allowed(Act.VIEW, on_post=Act.CHANGE_PARTY)
def party(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A party with the proof of every value. POST pins a value, forbids a statement or ends a pin."""
    if request.method == "GET" and (moment := moment_in(request.GET.get("known_at", ""))):
        return _as_known(request, pk, moment)
    led = queries.where_is(pk)
    if led.lead is queries.Lead.REDIRECTED and led.party is not None:
        messages.info(request, _("Party %(id)s was merged into this one.") % {"id": str(pk)[:8]})
        return redirect("party", led.party)
    profile = queries.profile(pk)
    if profile is None or led.lead is not queries.Lead.HERE:
        return _elsewhere(request, led)
    forms = pin_forms(request, profile)
    shifts = []
    if request.method == "POST":
        if done := act_on_pins(request, pk, forms):
            return done
        shifts = shifts_since({pk: forms.version_seen or profile.version}, personal=True)
    context = {
        **_context(request, profile),
        "form": forms.pin,
        "forbid": forms.forbid,
        "pinning": forms.pinning,
        "forbidding": forms.forbidding,
        "pins": queries.pins(pk),
        "shifts": shifts,
        "versions": {pk: profile.version},
        "retired": was_retired(pk) if profile.status == "withdrawn" else None,
        "tasks": open_tasks(pk),
        "events": queries.events_of(pk, limit=8).items,
    }
    return render(request, "stewardship/party.html", context, status=412 if shifts else 200)


def _context(request: HttpRequest, profile: queries.Profile, moment: datetime | None = None) -> dict[str, Any]:
    personal = can(request.user, Act.SEE_PERSONAL)
    open_to_all = personal or kind_of(profile.party_type) is Kind.ORGANISATION
    members = queries.members(profile.id, known_at=moment)
    values = golden_values(profile.raw_lineage, profile.party_type, personal=personal)
    then = urlencode({"known_at": moment.isoformat()}) if moment else ""
    return {
        "party": profile,
        "values": values,
        "grid": sources_grid({value.name: value.said for value in values}),
        "members": members,
        "part": Paginator(members, RECORDS).get_page(request.GET.get("part")),
        "relationships": by_type(queries.relationships(profile.id, known_at=moment), personal=personal),
        "entries": timeline(profile.id, profile.party_type, personal=open_to_all, known_at=moment),
        "moment": moment,
        "may_change": moment is None and can(request.user, Act.CHANGE_PARTY),
        "may_undo": moment is None and can(request.user, Act.DECIDE),
        "then": then and f"&{then}",
        "graph_page": reverse("party_lineage", args=[profile.id]),
        "page_then": "" if moment else f"{reverse('party', args=[profile.id])}?known_at=",
        "now": timezone.localtime(),
    }


def _as_known(request: HttpRequest, pk: UUID, moment: datetime) -> HttpResponse:
    """The profile as it was; an id that led elsewhere then leads there."""
    profile = queries.profile(pk, known_at=moment)
    if profile is None:
        led = queries.where_was(pk, moment)
        if led.party is not None and led.party != pk:
            return redirect(f"{reverse('party', args=[led.party])}?known_at={request.GET['known_at']}")
        messages.info(
            request,
            _("The hub did not know this party on %(moment)s.")
            % {"moment": f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"},
        )
        return redirect("party", pk)
    return render(request, "stewardship/party.html", _context(request, profile, moment))


def _elsewhere(request: HttpRequest, led: queries.Whereabouts) -> HttpResponse:
    if led.lead is queries.Lead.UNKNOWN:
        raise Http404
    status = 300 if led.lead is queries.Lead.AMBIGUOUS else 410
    return render(request, "stewardship/party_gone.html", {"led": led}, status=status)
