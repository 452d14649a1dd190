"""Proposals that wait for a second pair of eyes."""

from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from party_hub.actions.errors import Conflict, NotFound, Stale
from stewardship.actions import approve as acts
from stewardship.forms import ApprovalFilter
from stewardship.models import Approval
from stewardship.party_forms import VerdictForm
from stewardship.permissions import Act, allowed, can, require
from stewardship.queries import approvals as queries
from stewardship.queries.shift import shifts_since

SAID = {
    "approve": _("Approved and done. It can be taken back from the party's history."),
    "reject": _("Rejected. Whoever proposed it sees why."),
    "withdraw": _("Withdrawn."),
}


@require_safe
@allowed(Act.VIEW)
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for approval; or what was decided, by state."""
    form = ApprovalFilter(request.GET)
    kept = form.kept()
    mine = cast(User, request.user) if kept.get("mine") else None
    rows = queries.page(state=kept.get("state", ""), mine=mine, before=kept.get("before"))
    shown, more = rows[: queries.PAGE], ""
    if len(rows) > queries.PAGE:
        more = urlencode({**kept, "before": shown[-1].pk})
    names = queries.names_of(shown)
    listed = [(approval, [(party, names.get(party, "")) for party in approval.parties]) for approval in shown]
    return render(request, "stewardship/approvals.html", {"form": form, "rows": listed, "more": more})


@allowed(Act.VIEW)
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal with its outcome as of now; POST approves, rejects or withdraws it."""
    found = get_object_or_404(Approval.objects.select_related("proposed_by", "decided_by"), pk=pk)
    form = VerdictForm(request.POST or None)
    posted = request.method == "POST"
    if posted and form.is_valid():
        try:
            _decide(found, form, cast(User, request.user))
        except (Conflict, NotFound, Stale) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, SAID[form.cleaned_data["verdict"]])
            return redirect("approval", pk)
    personal = can(request.user, Act.SEE_PERSONAL)
    shown = queries.shown(found, personal=personal)
    context = {
        "form": form,
        "shown": shown,
        "sample": shown.rule.sample(personal=personal) if shown.rule else [],
        "names": queries.names_of([found]),
        "shifts": shifts_since(form.seen(), personal=personal) if posted else [],
    }
    return render(request, "stewardship/approval.html", context, status=412 if context["shifts"] else 200)


def _decide(approval: Approval, form: VerdictForm, user: User) -> None:
    note = form.cleaned_data["note"]
    if form.cleaned_data["verdict"] == "withdraw":
        acts.withdraw(approval=approval, user=user)
        return
    require(user, Act.APPROVE)
    if form.cleaned_data["verdict"] == "approve":
        acts.approve(approval=approval, user=user, versions=form.seen(), note=note)
    else:
        acts.reject(approval=approval, user=user, note=note)
