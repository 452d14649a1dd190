"""What the pages of acts have in common: where to go when one is done, or waits."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from stewardship.actions.approve import Outcome


def done_or_waiting(request: HttpRequest, outcome: Outcome, *, said: str, party: UUID) -> HttpResponse:
    """To the party with what was `said`, or to the proposal that now waits."""
    if outcome.approval is not None:
        messages.info(request, _("This is weighty: it waits for somebody else to approve it."))
        return redirect("approval", outcome.approval.pk)
    assert outcome.act is not None  # one of the two is there
    messages.success(request, said)
    return redirect("party", outcome.act.resolution.merged.get(party, party))
