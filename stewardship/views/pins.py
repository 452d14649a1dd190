"""What the profile page does with pins: set a value, forbid a statement, end either."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from party_hub.actions.errors import Conflict, NotFound, Stale
from party_hub.actions.pins import end_pin
from party_hub.queries import Profile
from stewardship.actions.approve import do_or_propose
from stewardship.actions.decide_task import actor
from stewardship.pin_forms import ForbidForm, PinForm
from stewardship.proposal import a_pin, a_silence

from .acts import done_or_waiting

CHOSEN = ("attribute", "choice", "statement")


@dataclass(frozen=True)
class PinForms:
    """Both forms, and the attribute at which one of them stands open, if any."""

    pin: PinForm
    forbid: ForbidForm
    pinning: str = ""
    forbidding: str = ""

    @property
    def version_seen(self) -> int | None:
        """The party's version that was looked at, after validation."""
        sent = self.forbid if self.forbidding else self.pin
        seen: int | None = getattr(sent, "cleaned_data", {}).get("version")
        return seen


def pin_forms(request: HttpRequest, profile: Profile) -> PinForms:
    """The forms as sent, or as the address opens them."""
    forbidding = "statement" in (request.POST or request.GET)
    chosen = {name: request.GET[name] for name in CHOSEN if name in request.GET}
    sent = request.POST or None
    attribute = (request.POST or request.GET).get("attribute", "")
    return PinForms(
        PinForm(
            None if forbidding else sent, initial=chosen, party_type=profile.party_type, lineage=profile.raw_lineage
        ),
        ForbidForm(sent if forbidding else None, initial=chosen, lineage=profile.raw_lineage),
        pinning="" if forbidding else request.GET.get("attribute", ""),
        forbidding=attribute if forbidding else "",
    )


def act_on_pins(request: HttpRequest, party: UUID, forms: PinForms) -> HttpResponse | None:
    """Does what was sent, or proposes it where it is weighty; where to go on, None where it cannot be."""
    form = forms.forbid if forms.forbidding else forms.pin
    valid = form.is_valid()
    try:
        if "unpin" in request.POST:
            number = request.POST["unpin"]
            pin = int(number) if number.isdecimal() else 0
            end_pin(party=party, pin=pin, actor=actor(cast(User, request.user)))
            messages.success(request, _("The pin is gone; the rule decides again."))
            return redirect("party", party)
        return _put_in_force(request, party, form) if valid else None
    except (Conflict, NotFound, Stale) as problem:
        form.add_error(None, str(problem))
    return None


def _put_in_force(request: HttpRequest, party: UUID, form: PinForm | ForbidForm) -> HttpResponse:
    what = form.act()
    version = what.pop("version")
    if isinstance(form, ForbidForm):
        proposal = a_silence(party, **what)
        said = _("It is not heard any more; the golden record follows what else is said.")
    else:
        proposal, said = a_pin(party, **what), _("Pinned. The golden record has the new value.")
    versions = {party: version} if version is not None else None
    outcome = do_or_propose(proposal=proposal, user=cast(User, request.user), versions=versions)
    return done_or_waiting(request, outcome, said=said, party=party)
