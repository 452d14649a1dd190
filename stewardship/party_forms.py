"""What people may send about parties: what to look for, merge, split and pin."""

from contextlib import suppress
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.timezone import get_current_timezone, now

from party_hub.domain.attributes import BY_NAME, Kind, Shape, kind_of
from party_hub.models.reference import ATTRIBUTE_NAMES, PARTY_TYPES
from party_hub.queries import PartySearch

ANY = [("", "Any")]


class PartyFilter(forms.Form):
    """What to look for among the parties."""

    q = forms.CharField(required=False, max_length=200)
    party_type = forms.ChoiceField(choices=[*ANY, *PARTY_TYPES], required=False, label="Party type")
    country = forms.CharField(required=False, max_length=2, label="Country")
    source = forms.CharField(required=False, max_length=40, label="Source")
    quality_lt = forms.IntegerField(required=False, min_value=0, max_value=101, label="Quality below")

    def kept(self) -> dict[str, Any]:
        """What is set and valid."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    def search(self) -> PartySearch:
        """As the query wants it."""
        return PartySearch(**self.kept())


class ReasonForm(forms.Form):
    """The reason for an act that changes parties."""

    reason = forms.CharField(
        max_length=2000, error_messages={"required": "Say why: whoever reads the history will ask."}
    )


class SeenForm(forms.Form):
    """An act on parties that knows which versions of them were looked at (`seen`, repeated: "id:version")."""

    def seen(self) -> dict[UUID, int]:
        """The versions that were looked at. What cannot be read counts as not sent."""
        found = {}
        for text in self.data.getlist("seen") if isinstance(self.data, QueryDict) else ():
            party, _, version = text.partition(":")
            if version.isdecimal():
                with suppress(ValueError):
                    found[UUID(party)] = int(version)
        return found


class MergeForm(SeenForm, ReasonForm):
    """Parties to merge, and why."""


class SplitForm(SeenForm, ReasonForm):
    """Which records leave a party, why, and until when that holds; `to` is the party that they move to, if any."""

    records = forms.MultipleChoiceField(error_messages={"required": "Choose the records that are to leave."})
    to = forms.UUIDField(required=False)
    expires_at = forms.DateField(
        required=False, label="Keep apart until (optional)", widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, records: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["records"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(record, record) for record in records]
        self.everything = len(records)

    def clean_records(self) -> list[str]:
        """At least one stays, at least one goes."""
        chosen: list[str] = self.cleaned_data["records"]
        if len(chosen) >= self.everything:
            raise forms.ValidationError("Leave at least one record where it is.")
        return chosen

    def clean_expires_at(self) -> datetime | None:
        """The end of that day, which lies ahead."""
        return end_of(self.cleaned_data["expires_at"])


class VerdictForm(SeenForm):
    """What somebody says to a proposal."""

    verdict = forms.ChoiceField(choices=[(verdict, verdict) for verdict in ("approve", "reject", "withdraw")])
    note = forms.CharField(required=False, max_length=2000, label="Note")


def end_of(day: date | None) -> datetime | None:
    """The last moment of a day that lies ahead. Raises ValidationError for one that has passed."""
    if day is None:
        return None
    end = datetime.combine(day, time.max, tzinfo=get_current_timezone())
    if end <= now():
        raise forms.ValidationError("This day has passed. Choose a later one, or leave it empty.")
    return end


def uuids_in(query: QueryDict, *names: str) -> tuple[UUID, ...]:
    """The ids that an address gives under these names, each once, in order; what is no id is left out."""
    found = []
    for name in names:
        for text in query.getlist(name):
            with suppress(ValueError):
                found.append(UUID(str(text)))
    return tuple(dict.fromkeys(found))


class PinForm(ReasonForm):
    """A steward's override of one golden value. Text is enough for every attribute: lists take one value, put first."""

    attribute = forms.ChoiceField(choices=ATTRIBUTE_NAMES, label="Attribute")
    value = forms.CharField(max_length=500, label="Value", error_messages={"required": "Give the right value."})
    reason = forms.CharField(max_length=2000, label="Reason", error_messages={"required": "Say why this is right."})
    expires_at = forms.DateField(
        required=False, label="Until (optional)", widget=forms.DateInput(attrs={"type": "date"}), help_text=""
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, party_type: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Kind = kind_of(party_type)
        field = self.fields["attribute"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (name, label) for name, label in ATTRIBUTE_NAMES if kind in BY_NAME[name].kinds and name != "identifiers"
        ]

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
        if attribute is None or "value" not in cleaned:
            return cleaned
        try:
            cleaned["value"] = _shaped(attribute.shape, cleaned["value"])
        except ValueError as problem:
            self.add_error("value", str(problem))
        return cleaned


def _shaped(shape: Shape, text: str) -> Any:
    if shape is Shape.NUMBER:
        if not text.isdigit():
            raise ValueError("This attribute is a whole number.")
        return int(text)
    if shape is Shape.DATE:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise ValueError("Write the date as YYYY-MM-DD, for instance 1984-03-12.") from None
    return {"full": text} if shape is Shape.OBJECTS else text
