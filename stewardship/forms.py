"""What people may send: parsed, checked, with a sentence where it is wrong."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from .models import ApprovalState

ANY = [("", _("Any"))]


class SignIn(AuthenticationForm):
    """User name and password."""

    error_messages = {
        "invalid_login": _("User name or password is wrong. Mind capitals, and try again."),
        "inactive": _("This account is closed. Ask an administrator."),
    }


class ActivityFilter(forms.Form):
    """Which entries of the audit."""

    actor = forms.CharField(required=False, max_length=150, label=_("Who"))
    verb = forms.CharField(required=False, max_length=60, label=_("Did what"))
    before = forms.IntegerField(required=False)

    def kept(self) -> dict[str, Any]:
        """What is set and valid."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class EventFilter(forms.Form):
    """Which events to the consumers."""

    state = forms.ChoiceField(
        choices=[("", _("All")), ("waiting", _("Waiting")), ("slow", _("The slowest of the last thousand"))],
        required=False,
        label=_("State"),
    )
    party = forms.UUIDField(required=False, label=_("Party id"))
    after = forms.IntegerField(required=False)

    def kept(self) -> dict[str, Any]:
        """What is set and valid."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class ApprovalFilter(forms.Form):
    """Which proposals."""

    state = forms.ChoiceField(
        choices=[
            ("", _("Waiting")),
            *(choice for choice in ApprovalState.choices if choice[0] != "waiting"),
            ("all", _("All")),
        ],
        required=False,
        label=_("State"),
    )
    mine = forms.BooleanField(required=False, label=_("Proposed by me"))
    before = forms.IntegerField(required=False)

    def kept(self) -> dict[str, Any]:
        """What is set and valid."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
