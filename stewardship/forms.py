"""What people may send: parsed, checked, with a sentence where it is wrong."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from party_hub.domain.judgement import Judgement
from party_hub.models.reference import PARTY_TYPES

from .models import ApprovalState, TaskKind
from .queries.queue import SORTS

ANY = [("", "Any")]


class SignIn(AuthenticationForm):
    """User name and password."""

    error_messages = {
        "invalid_login": "User name or password is wrong. Mind capitals, and try again.",
        "inactive": "This account is closed. Ask an administrator.",
    }


class QueueFilter(forms.Form):
    """The queue's filters, read from the address. Whatever is unknown is left out."""

    kind = forms.ChoiceField(choices=[*ANY, *TaskKind.choices], required=False, label="Kind")
    party_type = forms.ChoiceField(choices=[*ANY, *PARTY_TYPES], required=False, label="Party type")
    band = forms.ChoiceField(
        choices=[
            *ANY,
            ("likely", "Likely (80 % and up)"),
            ("open", "Open (40–80 %)"),
            ("unlikely", "Unlikely (below 40 %)"),
        ],
        required=False,
        label="Probability",
    )
    source = forms.ChoiceField(required=False, label="Source")
    state = forms.ChoiceField(
        choices=[("", "Open"), ("done", "Decided"), ("dismissed", "Gone")], required=False, label="State"
    )
    sort = forms.ChoiceField(
        choices=[
            ("", "Priority"),
            ("probability", "Most likely first"),
            ("uncertain", "Least likely first"),
            ("oldest", "Oldest first"),
        ],
        required=False,
        label="Order",
    )
    mine = forms.BooleanField(required=False, label="Mine only")

    def __init__(self, *args: Any, sources: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        assert isinstance(source, forms.ChoiceField)
        source.choices = [*ANY, *sources]

    def kept(self) -> dict[str, Any]:
        """What is set and valid."""
        self.is_valid()
        kept = {name: value for name, value in self.cleaned_data.items() if value}
        if kept.get("sort") not in SORTS:
            kept.pop("sort", None)
        return kept


class DecideForm(forms.Form):
    """A steward's answer to a task."""

    judgement = forms.ChoiceField(choices=[(judgement.value, judgement.value) for judgement in Judgement])
    reason = forms.CharField(required=False, max_length=2000)


class CommentForm(forms.Form):
    """A note on a task."""

    text = forms.CharField(max_length=4000, error_messages={"required": "Write something first."})


class ActivityFilter(forms.Form):
    """Which entries of the audit."""

    actor = forms.CharField(required=False, max_length=150, label="Who")
    verb = forms.CharField(required=False, max_length=60, label="Did what")
    before = forms.IntegerField(required=False)

    def kept(self) -> dict[str, Any]:
        """What is set and valid."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class ApprovalFilter(forms.Form):
    """Which proposals."""

    state = forms.ChoiceField(
        choices=[
            ("", "Waiting"),
            *(choice for choice in ApprovalState.choices if choice[0] != "waiting"),
            ("all", "All"),
        ],
        required=False,
        label="State",
    )
    mine = forms.BooleanField(required=False, label="Proposed by me")
    before = forms.IntegerField(required=False)

    def kept(self) -> dict[str, Any]:
        """What is set and valid."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
