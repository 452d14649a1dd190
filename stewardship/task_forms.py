"""What people may send about tasks: filters of the queue, answers, notes, saved views, acts on many at once."""

import contextlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from party_hub.domain.judgement import Judgement
from party_hub.domain.roles import ALLOWED, Act

from .forms import ANY
from .models import ReasonCode, TaskKind
from .party_forms import TYPES
from .queries.queue import SORTS

DAYS = [("1", _("Until tomorrow")), ("3", _("For three days")), ("7", _("For a week")), ("30", _("For a month"))]


def deciders() -> Any:
    """Who may be given a task."""
    roles = [role.value for role, acts in ALLOWED.items() if Act.DECIDE in acts]
    return User.objects.filter(is_active=True, groups__name__in=roles).distinct().order_by("username")


def uuids(texts: Iterable[str]) -> list[UUID]:
    """Those of the texts that are UUIDs."""
    found = []
    for text in texts:
        with contextlib.suppress(ValueError):
            found.append(UUID(text))
    return found


class QueueFilter(forms.Form):
    """The queue's filters, read from the address. Whatever is unknown is left out."""

    q = forms.CharField(required=False, max_length=200, label=_("Name or task number"))
    whose = forms.ChoiceField(
        choices=[
            ("", _("All")),
            ("mine", _("Mine")),
            ("team", _("My team's")),
            ("unassigned", _("Nobody's")),
            ("waiting", _("Put aside")),
        ],
        required=False,
        label=_("Whose"),
    )
    kind = forms.ChoiceField(choices=[*ANY, *TaskKind.choices], required=False, label=_("Kind"))
    party_type = forms.ChoiceField(choices=[*ANY, *TYPES], required=False, label=_("Party type"))
    band = forms.ChoiceField(
        choices=[
            *ANY,
            ("likely", _("Likely (80 % and up)")),
            ("open", _("Open (40–80 %)")),
            ("unlikely", _("Unlikely (below 40 %)")),
        ],
        required=False,
        label=_("Probability"),
    )
    due = forms.ChoiceField(
        choices=[*ANY, ("overdue", _("Overdue")), ("today", _("Within a day")), ("week", _("Within a week"))],
        required=False,
        label=_("Due"),
    )
    source = forms.ChoiceField(required=False, label=_("Source"))
    state = forms.ChoiceField(
        choices=[("", _("Open")), ("done", _("Decided")), ("dismissed", _("Gone"))], required=False, label=_("State")
    )
    sort = forms.ChoiceField(
        choices=[
            ("", _("Priority")),
            ("due", _("Due first")),
            ("probability", _("Most likely first")),
            ("uncertain", _("Least likely first")),
            ("oldest", _("Oldest first")),
        ],
        required=False,
        label=_("Order"),
    )
    tenth = forms.IntegerField(required=False, min_value=1, max_value=10, widget=forms.HiddenInput)
    day = forms.DateField(required=False, widget=forms.HiddenInput)
    by = forms.CharField(required=False, max_length=150, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sources: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        assert isinstance(source, forms.ChoiceField)
        source.choices = [*ANY, *sources]

    def kept(self) -> dict[str, Any]:
        """What is set and valid."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        kept = {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
        if kept.get("sort") not in SORTS:
            kept.pop("sort", None)
        return kept

    def address(self) -> str:
        """The same filters as part of an address."""
        return urlencode(self.kept())


class DecideForm(forms.Form):
    """A steward's answer to a task."""

    judgement = forms.ChoiceField(choices=[(judgement.value, judgement.value) for judgement in Judgement])
    code = forms.ModelChoiceField(ReasonCode.objects.filter(active=True), required=False)
    reason = forms.CharField(required=False, max_length=2000)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.left_out = uuids(data.getlist("left_out"))

    def answer(self) -> dict[str, Any]:
        """As the action wants it."""
        return {
            "judgement": Judgement(self.cleaned_data["judgement"]),
            "reason": self.cleaned_data["reason"],
            "code": self.cleaned_data["code"],
            "left_out": self.left_out,
        }


class CommentForm(forms.Form):
    """A note on a task."""

    text = forms.CharField(max_length=4000, error_messages={"required": _("Write something first.")})


class HandlingForm(forms.Form):
    """Who is to do a task, or until when it waits."""

    assign_to = forms.ModelChoiceField(User.objects.none(), required=False, label=_("Give to"), empty_label=_("Nobody"))
    days = forms.ChoiceField(choices=DAYS, required=False, label=_("Put aside"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assign_to = self.fields["assign_to"]
        assert isinstance(assign_to, forms.ModelChoiceField)
        assign_to.queryset = deciders()
        if not self.is_bound:  # to be shown only: names and numbers, in one query
            assign_to.choices = [("", _("Nobody")), *assign_to.queryset.values_list("pk", "username")]

    def until(self) -> Any:
        """When it comes back."""
        days = self.cleaned_data.get("days") or "1"
        return timezone.now() + timedelta(days=int(days))


class SavedViewForm(forms.Form):
    """The filters at hand under a name."""

    name = forms.CharField(max_length=60, error_messages={"required": _("Give the view a name.")})
    shared = forms.BooleanField(required=False)


class BulkForm(HandlingForm):
    """One act on every task under a filter."""

    ACTS = (
        ("assign", _("Give to")),
        ("wait", _("Put aside")),
        ("no_match", _("No match")),
        ("unsure", _("Unsure")),
    )
    act = forms.ChoiceField(choices=ACTS, error_messages={"required": _("Choose what to do.")})
    reason = forms.CharField(required=False, max_length=2000, label=_("Reason"))
    expected = forms.IntegerField(min_value=1)
    confirmed = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """A decision needs its reason."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("act") in ("no_match", "unsure") and not cleaned.get("reason"):
            self.add_error("reason", _("Say why: it will stand with every one of these decisions."))
        return cleaned
