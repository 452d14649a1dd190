"""What people may send about pins: a value that is to win, a statement that is not to be heard."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from party_hub.actions.forbid_value import Statement
from party_hub.domain.attributes import BY_NAME, Kind, Shape, kind_of
from party_hub.models.reference import ATTRIBUTE_NAMES

from .models import PinAnswer
from .party_forms import ReasonForm, end_of

SOURCE, RECORD = "source", "record"


class PinForm(ReasonForm):
    """A steward's override of one golden value: one that a source gives (`choice`, its place in the lineage) or one as
    text, which is enough for every attribute; lists take one value, put first.
    """

    attribute = forms.ChoiceField(choices=ATTRIBUTE_NAMES, label=_("Attribute"))
    value = forms.CharField(required=False, max_length=500, label=_("Value"))
    choice = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=2000, label=_("Reason"), error_messages={"required": _("Say why this is right.")}
    )
    expires_at = forms.DateField(
        required=False, label=_("Until (optional)"), widget=forms.DateInput(attrs={"type": "date"}), help_text=""
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, party_type: str, lineage: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lineage = lineage
        kind: Kind = kind_of(party_type)
        _choices(self, "attribute", [
            (name, gettext(label))
            for name, label in ATTRIBUTE_NAMES
            if kind in BY_NAME[name].kinds and name != "identifiers"
        ])  # fmt: skip

    def act(self) -> dict[str, Any]:
        """What the action wants."""
        return {name: self.cleaned_data[name] for name in ("attribute", "value", "reason", "version", "expires_at")}

    def clean_expires_at(self) -> datetime | None:
        """The end of that day, which lies ahead."""
        return end_of(self.cleaned_data["expires_at"])

    def clean(self) -> dict[str, Any]:
        """Gives the value the attribute's shape."""
        cleaned: dict[str, Any] = super().clean() or {}
        attribute = BY_NAME.get(cleaned.get("attribute", ""))
        if attribute is None:
            return cleaned
        if cleaned.get("choice") is not None:
            said = self.lineage.get(attribute.name, {}).get("values", [])
            if cleaned["choice"] < len(said):
                cleaned["value"] = said[cleaned["choice"]]["value"]
            else:
                self.add_error(None, _("The sources no longer say that. Look again."))
            return cleaned
        if not cleaned.get("value"):
            self.add_error("value", _("Give the right value."))
            return cleaned
        try:
            cleaned["value"] = _shaped(attribute.shape, cleaned["value"])
        except ValueError as problem:
            self.add_error("value", str(problem))
        return cleaned


def _shaped(shape: Shape, text: str) -> Any:
    if shape is Shape.NUMBER:
        if not text.isdigit():
            raise ValueError(_("This attribute is a whole number."))
        return int(text)
    if shape is Shape.DATE:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise ValueError(_("Write the date as YYYY-MM-DD, for instance 1984-03-12.")) from None
    return {"full": text} if shape is Shape.OBJECTS else text


class ForbidForm(ReasonForm):
    """A steward's word that a source, or one of its records, is not heard on an attribute. `choice` is a value's place
    in the lineage; with `only_this` nothing but that value is forbidden.
    """

    attribute = forms.ChoiceField(widget=forms.HiddenInput)
    statement = forms.ChoiceField(label=_("Do not hear"), error_messages={"required": _("Say whom not to hear.")})
    choice = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    only_this = forms.BooleanField(required=False)
    reason = forms.CharField(max_length=2000, label=_("Reason"), error_messages={"required": _("Say why it is wrong.")})
    expires_at = forms.DateField(
        required=False, label=_("Until (optional)"), widget=forms.DateInput(attrs={"type": "date"}), help_text=""
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lineage: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lineage = lineage
        asked = str(self.data.get("attribute") or self.initial.get("attribute", ""))
        self.values: list[Any] = lineage.get(asked, {}).get("values", [])
        _choices(self, "attribute", [(name, label) for name, label in ATTRIBUTE_NAMES if name in lineage])
        _choices(self, "statement", self._statements())

    @property
    def chosen(self) -> Any:
        """The value in the lineage that is asked about, as it is stored; None where none is."""
        place = str(self["choice"].value() or "")
        return self.values[int(place)]["value"] if place.isdecimal() and int(place) < len(self.values) else None

    def _statements(self) -> list[tuple[str, str]]:
        """Whoever says the value that is asked about, or anything of the attribute."""
        place = str(self.data.get("choice") or self.initial.get("choice", ""))
        asked = [self.values[int(place)]] if place.isdecimal() and int(place) < len(self.values) else self.values
        said = [record for value in asked for record in value["records"] if "forbidden" not in value]
        sources = {
            f"{SOURCE}:{record['source']}": gettext("the source %(source)s") % {"source": record["source"]}
            for record in said
        }
        records = {f"{RECORD}:{one['record']}": gettext("only its record %(source)s %(key)s") % one for one in said}
        return [*sources.items(), *records.items()]

    def act(self) -> dict[str, Any]:
        """What the action wants."""
        kind, _, who = self.cleaned_data["statement"].partition(":")
        value = self.chosen if self.cleaned_data["only_this"] else None
        statement = Statement(source=who, value=value) if kind == SOURCE else Statement(record=UUID(who), value=value)
        return {
            **{name: self.cleaned_data[name] for name in ("attribute", "reason", "version", "expires_at")},
            "statement": statement,
        }

    def clean_expires_at(self) -> datetime | None:
        """The end of that day, which lies ahead."""
        return end_of(self.cleaned_data["expires_at"])


class ReviewForm(forms.Form):
    """The answer to a pin that is to be looked at again; a day counts for renewing alone, none is further notice."""

    answer = forms.ChoiceField(choices=PinAnswer.choices, error_messages={"required": _("Keep, renew or drop it?")})
    reason = forms.CharField(required=False, max_length=2000, label=_("Reason"))
    expires_at = forms.DateField(required=False, label=_("New end"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean_expires_at(self) -> datetime | None:
        """The end of that day, which lies ahead."""
        return end_of(self.cleaned_data["expires_at"])

    def answer_given(self) -> dict[str, Any]:
        """What the action wants."""
        return {**self.cleaned_data, "answer": PinAnswer(self.cleaned_data["answer"])}


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
