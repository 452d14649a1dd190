"""Who did what, and the way back."""

from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from party_hub.actions.errors import Conflict, NotFound
from stewardship.actions.undo import undo as take_back
from stewardship.forms import ActivityFilter, EventFilter
from stewardship.permissions import Act, allowed
from stewardship.queries import activity as queries
from stewardship.queries import events as event_queries


@require_safe
@allowed(Act.VIEW)
def activity(request: HttpRequest) -> HttpResponse:
    """The audit, newest first."""
    form = ActivityFilter(request.GET)
    kept = form.kept()
    page = queries.activity(**kept)
    more = urlencode({**kept, "before": page.following}) if page.following else ""
    return render(request, "stewardship/activity.html", {"form": form, "page": page, "more": more})


@require_safe
@allowed(Act.VIEW)
def events(request: HttpRequest) -> HttpResponse:
    """What was told, or waits to be told, to other systems."""
    form = EventFilter(request.GET)
    kept = form.kept()
    page = event_queries.events(**kept)
    more = urlencode({**kept, "after": page.following}) if page.following else ""
    return render(request, "stewardship/events.html", {"form": form, "page": page, "kept": kept, "more": more})


@require_POST
@allowed(Act.VIEW, on_post=Act.DECIDE)
def undo_act(request: HttpRequest, act: UUID) -> HttpResponse:
    """Take an act back and return to where it was seen."""
    try:
        take_back(act=act, user=cast(User, request.user))
    except (Conflict, NotFound) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Taken back. Everything that followed from it has been worked out anew."))
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(back if safe else "/activity/")
