"""What people may send about parties: what to look for, merge, split, retire and create."""

from contextlib import suppress
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.timezone import get_current_timezone, now
from django.utils.translation import gettext_lazy as _

from party_hub.domain.identifiers import SCHEMES
from party_hub.models import SourceSystem
from party_hub.models.reference import PARTY_TYPES
from party_hub.queries import PartySearch

ANY = [("", _("Any"))]
TYPES = [(code, _(label)) for code, label in PARTY_TYPES]
SCHEME_NAMES = [(scheme.code, _(scheme.name)) for scheme in SCHEMES.values()]


class PartyFilter(forms.Form):
    """What to look for among the parties."""

    q = forms.CharField(required=False, max_length=200)
    party_type = forms.ChoiceField(choices=[*ANY, *TYPES], required=False, label=_("Party type"))
    country = forms.CharField(required=False, max_length=2, label=_("Country"))
    source = forms.ChoiceField(required=False, label=_("Source"))
    quality_lt = forms.IntegerField(required=False, min_value=0, max_value=101, label=_("Quality below"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        assert isinstance(source, forms.ChoiceField)
        source.choices = [*ANY, *SourceSystem.objects.values_list("code", "name")]

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
        max_length=2000, error_messages={"required": _("Say why: whoever reads the history will ask.")}
    )


class SeenForm(forms.Form):
    """An act on parties that knows which versions of them were looked at (`seen`, repeated: "id:version")."""

    def seen(self) -> dict[UUID, int]:
        """The versions that were looked at."""
        return seen_in(self.data) if isinstance(self.data, QueryDict) else {}


def seen_in(said: QueryDict) -> dict[UUID, int]:
    """The versions that a form or an address says were looked at. What cannot be read counts as not sent."""
    found = {}
    for text in said.getlist("seen"):
        party, _, version = text.partition(":")
        if version.isdecimal():
            with suppress(ValueError):
                found[UUID(party)] = int(version)
    return found


class MergeForm(SeenForm, ReasonForm):
    """Parties to merge, and why."""


class RetireForm(SeenForm, ReasonForm):
    """Why a party goes out of the world."""


class SplitForm(SeenForm, ReasonForm):
    """Which records leave a party, why, and until when that holds; `to` is the party that they move to, if any."""

    records = forms.MultipleChoiceField(error_messages={"required": _("Choose the records that are to leave.")})
    to = forms.UUIDField(required=False)
    expires_at = forms.DateField(
        required=False, label=_("Keep apart until (optional)"), widget=forms.DateInput(attrs={"type": "date"})
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
            raise forms.ValidationError(_("Leave at least one record where it is."))
        return chosen

    def clean_expires_at(self) -> datetime | None:
        """The end of that day, which lies ahead."""
        return end_of(self.cleaned_data["expires_at"])


class CreateForm(ReasonForm):
    """A party to be entered by hand, in canonical columns; one identifier is enough to begin with."""

    party_type = forms.ChoiceField(choices=TYPES, label=_("Party type"))
    full_name = forms.CharField(max_length=300, label=_("Full name"), error_messages={"required": _("Give the name.")})
    date_of_birth = forms.DateField(
        required=False,
        label=_("Date of birth (people)"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Write the date as YYYY-MM-DD, for instance 1984-03-12.")},
    )
    street = forms.CharField(required=False, max_length=300, label=_("Street"))
    city = forms.CharField(required=False, max_length=120, label=_("City"))
    postcode = forms.CharField(required=False, max_length=30, label=_("Postcode"))
    country = forms.CharField(required=False, max_length=2, label=_("Country (two letters)"))
    phone = forms.CharField(required=False, max_length=60, label=_("Telephone"))
    email = forms.CharField(required=False, max_length=200, label=_("E-mail"))
    scheme = forms.ChoiceField(choices=[("", _("None")), *SCHEME_NAMES], required=False, label=_("Identifier"))
    identifier = forms.CharField(required=False, max_length=100, label=_("Its value"))
    reason = forms.CharField(
        max_length=2000, label=_("Reason"), error_messages={"required": _("Say why it is created.")}
    )

    def place_of(self, said: str) -> str | None:
        """Where on the form the canonical attribute or column `said` was filled in; None for nowhere."""
        name = said.removeprefix("attributes.").removesuffix("_country")
        name = "identifier" if name in ("identifiers", self.cleaned_data.get("scheme")) else name
        return name if name in self.fields else None

    def said(self) -> dict[str, str]:
        """What is filled in, by canonical column."""
        columns = ("full_name", "street", "city", "postcode", "country", "phone", "email")
        filled = {name: self.cleaned_data[name] for name in columns}
        born = self.cleaned_data["date_of_birth"]
        if scheme := self.cleaned_data["scheme"]:
            filled[scheme] = self.cleaned_data["identifier"]
            filled[f"{scheme}_country"] = filled["country"] if SCHEMES[scheme].national else ""
        return {
            name: text for name, text in (filled | {"date_of_birth": born.isoformat() if born else ""}).items() if text
        }

    def clean(self) -> dict[str, Any]:
        """An identifier has a scheme and a value."""
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("scheme")) != bool(cleaned.get("identifier")):
            self.add_error("identifier", _("Give the identifier's kind and its value, or neither."))
        return cleaned


class VerdictForm(SeenForm):
    """What somebody says to a proposal."""

    verdict = forms.ChoiceField(choices=[(verdict, verdict) for verdict in ("approve", "reject", "withdraw")])
    note = forms.CharField(required=False, max_length=2000, label=_("Note"))


def end_of(day: date | None) -> datetime | None:
    """The last moment of a day that lies ahead. Raises ValidationError for one that has passed."""
    if day is None:
        return None
    end = datetime.combine(day, time.max, tzinfo=get_current_timezone())
    if end <= now():
        raise forms.ValidationError(_("This day has passed. Choose a later one, or leave it empty."))
    return end


def uuids_in(query: QueryDict, *names: str) -> tuple[UUID, ...]:
    """The ids that an address gives under these names, each once, in order; what is no id is left out."""
    found = []
    for name in names:
        for text in query.getlist(name):
            with suppress(ValueError):
                found.append(UUID(str(text)))
    return tuple(dict.fromkeys(found))
