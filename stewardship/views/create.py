"""Entering a party by hand: search first, then create."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from matching.intake import BadAttributes
from matching.queries import Candidate
from party_hub.actions.errors import Conflict
from stewardship.actions.create_party import create_party, look_for
from stewardship.party_forms import CreateForm, uuids_in
from stewardship.permissions import Act, allowed


@allowed(Act.CHANGE_PARTY)
def create(request: HttpRequest) -> HttpResponse:
    """A form; then who it may be already; and only then the party."""
    form = CreateForm(request.POST or None)
    candidates: list[Candidate] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if "create" in request.POST and (party := _created(request, form)):
                messages.success(request, _("Created. Its record is kept under the source Stewards."))
                return redirect("party", party)
            candidates = look_for(party_type=form.cleaned_data["party_type"], said=form.said())
        except BadAttributes as wrong:
            for field, reason in wrong.problems.items():
                form.add_error(form.place_of(field), reason)
    context = {"form": form, "candidates": candidates}
    return render(request, "stewardship/create.html", context)


def _created(request: HttpRequest, form: CreateForm) -> UUID | None:
    try:
        return create_party(
            party_type=form.cleaned_data["party_type"],
            said=form.said(),
            user=cast(User, request.user),
            reason=form.cleaned_data["reason"],
            different=uuids_in(request.POST, "different"),
        ).party
    except Conflict as problem:
        form.add_error(None, str(problem))
        return None
