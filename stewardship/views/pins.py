"""What the profile page does with pins: set a value, forbid a statement, end either."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext as _

from party_hub.actions.errors import Conflict, NotFound, Stale
from party_hub.actions.forbid_value import forbid_value
from party_hub.actions.pin_value import pin_value
from party_hub.actions.pins import end_pin
from party_hub.queries import Profile
from stewardship.actions.decide_task import actor
from stewardship.pin_forms import ForbidForm, PinForm

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


def act_on_pins(request: HttpRequest, party: UUID, forms: PinForms) -> bool:
    """Does what was sent; True where it is done and the page can be shown anew."""
    name = actor(cast(User, request.user))
    form = forms.forbid if forms.forbidding else forms.pin
    valid = form.is_valid()
    try:
        if "unpin" in request.POST:
            number = request.POST["unpin"]
            end_pin(party=party, pin=int(number) if number.isdecimal() else 0, actor=name)
            said = _("The pin is gone; the rule decides again.")
        elif not valid:
            return False
        elif isinstance(form, ForbidForm):
            forbid_value(party=party, actor=name, **form.act())
            said = _("It is not heard any more; the golden record follows what else is said.")
        else:
            pin_value(party=party, actor=name, **form.act())
            said = _("Pinned. The golden record has the new value.")
    except (Conflict, NotFound, Stale) as problem:
        form.add_error(None, str(problem))
        return False
    messages.success(request, said)
    return True
