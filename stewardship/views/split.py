"""Splitting a party: which records leave, what both golden records will be, why."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from party_hub import queries
from party_hub.actions.errors import Conflict, NotFound, Stale
from party_hub.actions.split_party import split_party
from party_hub.chain import Step, hand_over
from stewardship.actions.decide_task import actor
from stewardship.party_forms import SplitForm
from stewardship.permissions import Act, allowed, can
from stewardship.queries.change import record_rows, split_preview


@allowed(Act.VIEW, on_post=Act.CHANGE_PARTY)
def split(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET chooses, with `?records=` it previews; POST splits."""
    profile = queries.profile(pk)
    if profile is None:
        raise Http404
    members = queries.members(pk)
    form = SplitForm(request.POST or None, records=[str(member.record) for member in members])
    if request.method == "POST" and form.is_valid() and _done(request, pk, form):
        return redirect("party", pk)
    chosen = set(request.POST.getlist("records") or request.GET.getlist("records"))
    personal = can(request.user, Act.SEE_PERSONAL)
    preview = split_preview(pk, chosen, personal=personal)
    rows = record_rows(members, personal=personal)
    context = {"party": profile, "rows": rows, "form": form, "chosen": chosen, "preview": preview}
    return render(request, "stewardship/split.html", context)


def _done(request: HttpRequest, pk: UUID, form: SplitForm) -> bool:
    try:
        act = split_party(
            party=pk,
            records=[UUID(record) for record in form.cleaned_data["records"]],
            actor=actor(cast(User, request.user)),
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
        )
    except (Conflict, NotFound, Stale) as problem:
        form.add_error(None, str(problem))
        return False
    hand_over(Step.REFRESH_TASKS)
    messages.success(request, f"Split. {len(act.resolution.created) or 'No'} new party came of it.")
    return True
