"""What people may send on the pages of feeds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ingestion.models import Feed, LoadType, RejectState
from ingestion.quarantine.actions import MOST_AT_ONCE
from ingestion.quarantine.queries import RejectFilter

ANY = [("", _("Any"))]
STATES = [(state.value, _(str(state.label))) for state in RejectState]


class UploadForm(forms.Form):
    """A file for a feed."""

    feed = forms.ModelChoiceField(
        queryset=Feed.objects.filter(active=True),
        label=_("Feed"),
        empty_label=_("Choose…"),
        error_messages={
            "required": _("Choose the feed that the file is for."),
            "invalid_choice": _("There is no such feed."),
        },
    )
    load_type = forms.ChoiceField(
        choices=[("", _("As usual")), (LoadType.FULL.value, _("All records")), (LoadType.DELTA.value, _("Changes"))],
        required=False,
        label=_("What it holds"),
        error_messages={"invalid_choice": _("A file is full or a delta.")},
    )
    file = forms.FileField(
        label=_("File"),
        max_length=400,
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
            "missing": _("Choose a file."),
        },
    )


class QuarantineFilter(forms.Form):
    """Which rows of the quarantine, read from the address. Whatever is unknown is left out."""

    feed = forms.CharField(required=False, max_length=40, label=_("Feed"))
    rule = forms.CharField(required=False, max_length=200, label=_("Rule"))
    reason = forms.CharField(required=False, max_length=2000)
    state = forms.ChoiceField(choices=[*STATES, ("any", _("Any"))], required=False, label=_("State"))
    run = forms.IntegerField(required=False, min_value=1)
    before = forms.IntegerField(required=False, min_value=1)

    def wanted(self) -> RejectFilter:
        """As the query wants it; open rows where nothing is said."""
        self.is_valid()
        kept = {name: value for name, value in self.cleaned_data.items() if value and name not in ("before", "state")}
        state = self.cleaned_data.get("state") or RejectState.OPEN
        return RejectFilter(**kept, state="" if state == "any" else state)

    def before_row(self) -> int | None:
        """The row after which the page begins."""
        self.is_valid()
        before: int | None = self.cleaned_data.get("before")
        return before


class RowsForm(forms.Form):
    """An act on rows that were ticked, or on all that the filter shows."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("replay", "replay_all", "dismiss")])
    rows = forms.TypedMultipleChoiceField(coerce=int, required=False)
    reason = forms.CharField(required=False, max_length=2000)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        sent = [row for row in data.getlist("rows")[:MOST_AT_ONCE] if row.isdigit()]
        field = self.fields["rows"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(row, row) for row in sent]

    def clean(self) -> dict[str, Any]:
        """Rows for what is about rows, a reason for what is not to come in."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("act") in ("replay", "dismiss") and not cleaned.get("rows"):
            raise forms.ValidationError(_("Tick the rows first."))
        if cleaned.get("act") == "dismiss" and not cleaned.get("reason"):
            raise forms.ValidationError(_("Say why the rows are not to come in."))
        return cleaned
