"""Taking records out of a party: into one of their own, or into another. Which, what that gives, why."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from party_hub import queries
from party_hub.actions.errors import Conflict, NotFound, Stale
from stewardship.actions.approve import do_or_propose
from stewardship.party_forms import SplitForm
from stewardship.permissions import Act, allowed, can
from stewardship.proposal import Proposal, a_move, a_split
from stewardship.queries.outcome import Foreseen, foresee
from stewardship.queries.shift import shifts_since
from stewardship.queries.split import matrix_of, record_rows

from .acts import done_or_waiting


@allowed(Act.VIEW, on_post=Act.CHANGE_PARTY)
def split(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET chooses, with `?records=` it previews, with `?to=` as a move; POST does it, or proposes it."""
    profile = queries.profile(pk)
    members = queries.members(pk)
    if profile is None or not members:
        led = queries.where_is(pk)
        if led.party is None or led.party == pk:
            raise Http404
        messages.info(request, _("Party %(id)s was merged into this one.") % {"id": str(pk)[:8]})
        return redirect("party", led.party)
    posted = request.method == "POST"
    form = SplitForm(request.POST or None, records=[str(member.record) for member in members])
    if posted and form.is_valid():
        try:
            outcome = do_or_propose(proposal=_act(pk, form), user=cast(User, request.user), versions=form.seen())
            return done_or_waiting(request, outcome, said=_("Done. The records have left this party."), party=pk)
        except (Conflict, NotFound, Stale) as problem:
            form.add_error(None, str(problem))
    personal = can(request.user, Act.SEE_PERSONAL)
    shifts = shifts_since(form.seen(), personal=personal) if posted else []
    chosen, to = _chosen(request)
    foreseen, obstacle = _foreseen(pk, chosen, to, personal)
    context: dict[str, Any] = {
        "party": profile,
        "rows": record_rows(members, personal=personal),
        "matrix": matrix_of(members),
        "form": form,
        "chosen": chosen,
        "to": queries.profile(to) if to else None,
        "foreseen": foreseen,
        "obstacle": obstacle,
        "shifts": shifts,
        "versions": foreseen.versions if foreseen else {pk: profile.version},
    }
    return render(request, "stewardship/split.html", context, status=412 if shifts else 200)


def _act(party: UUID, form: SplitForm) -> Proposal:
    said = form.cleaned_data
    records = [UUID(record) for record in said["records"]]
    if said["to"]:
        return a_move(party, records, said["to"], said["reason"])
    return a_split(party, records, said["reason"], said["expires_at"])


def _chosen(request: HttpRequest) -> tuple[set[str], UUID | None]:
    said = request.POST if request.method == "POST" else request.GET
    try:
        return set(said.getlist("records")), UUID(said["to"]) if said.get("to") else None
    except ValueError:
        raise Http404 from None


def _foreseen(party: UUID, chosen: set[str], to: UUID | None, personal: bool) -> tuple[Foreseen | None, str]:
    """What parting the chosen records would give, or what stands against it; nothing while none are chosen."""
    if not chosen:
        return None, ""
    try:
        records = [UUID(record) for record in chosen]
        proposal = a_move(party, records, to, "preview") if to else a_split(party, records, "preview")
        return foresee(proposal, personal=personal), ""
    except (Conflict, NotFound, ValueError) as problem:
        return None, str(problem)
