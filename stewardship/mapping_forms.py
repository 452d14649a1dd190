"""What people may send while they map a CSV: the file, and what each of its columns becomes."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from ingestion.mapping.saved import GROUPS, SavedMapping
from ingestion.mappings import NewFeed
from ingestion.models import Feed, MappingDraft
from party_hub.models import SourceSystem
from stewardship.party_forms import TYPES

TARGETS = [
    ("", _("Leave out")),
    *((_(group), [(target, _(label)) for target, label in targets.items()]) for group, targets in GROUPS.items()),
]


class SampleForm(forms.Form):
    """The file to begin with."""

    file = forms.FileField(
        label=_("CSV file"),
        max_length=400,
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
            "missing": _("Choose a file."),
        },
    )


class MappingForm(forms.Form):
    """What each column becomes, and what the feed is to be called. Columns are numbered as in the file."""

    party_type = forms.ChoiceField(
        choices=[*TYPES, ("", _("A column says it"))], required=False, label=_("What the rows are")
    )
    title = forms.CharField(max_length=120, label=_("Title"), error_messages={"required": _("Give the feed a title.")})
    name = forms.CharField(
        max_length=40,
        label=_("Name in commands"),
        validators=[validate_slug],
        error_messages={"required": _("Give the feed a name."), "invalid": _("Letters, digits, - and _ only.")},
    )
    source = forms.CharField(
        max_length=40,
        label=_("Source system"),
        validators=[validate_slug],
        error_messages={
            "required": _("Say which system the records come from."),
            "invalid": _("Letters, digits, - and _."),
        },
    )
    trust = forms.IntegerField(min_value=0, max_value=100, label=_("Trust, if it is new"), required=False)

    def __init__(self, draft: MappingDraft, data: Any = None) -> None:
        self.draft = draft
        super().__init__(data, initial=_initial(draft))
        for place, column in enumerate(draft.columns):
            self.fields[f"c{place}"] = forms.ChoiceField(
                choices=TARGETS, required=False, label=column, widget=forms.Select(attrs={"class": "select"})
            )
        if draft.feed is not None:
            for name in ("title", "name", "source", "trust"):
                del self.fields[name]

    @property
    def sources(self) -> list[tuple[str, str]]:
        """The source systems there are, by code."""
        return list(SourceSystem.objects.values_list("code", "name"))

    @property
    def columns(self) -> list[tuple[Any, str, str]]:
        """Each column's field, a value from the sample, and what spoke for its guess."""
        shown = []
        for place, column in enumerate(self.draft.columns):
            example = next((row[column] for row in self.draft.rows if row.get(column, "").strip()), "")
            shown.append((self[f"c{place}"], example[:80], self.draft.guesses.get(column, "")))
        return shown

    def mapping(self) -> SavedMapping:
        """The mapping as it was sent, or as the draft has it."""
        spec = SavedMapping.from_json(self.draft.spec)
        if not self.is_bound:
            return spec
        self.is_valid()
        sent = {column: self.cleaned_data.get(f"c{place}", "") for place, column in enumerate(self.draft.columns)}
        return SavedMapping(sent, self.cleaned_data.get("party_type", ""), spec.delimiter, spec.encoding)

    def new_feed(self) -> NewFeed | None:
        """What the feed is to be called; None where its mapping is changed."""
        if self.draft.feed is not None:
            return None
        sent = self.cleaned_data
        trust = sent["trust"] if sent["trust"] is not None else 50
        return NewFeed(sent["name"], sent["title"], sent["source"], sent["title"], trust)

    def clean_name(self) -> str:
        """A name that no feed has."""
        name: str = self.cleaned_data["name"]
        if Feed.objects.filter(name=name).exists():
            raise forms.ValidationError(_("There is a feed of this name already."))
        return name


def _initial(draft: MappingDraft) -> dict[str, Any]:
    stem = PurePath(draft.file).name.partition(".")[0]
    spec = SavedMapping.from_json(draft.spec)
    columns = {f"c{place}": spec.columns.get(column, "") for place, column in enumerate(draft.columns)}
    name = slugify(stem)[:40] or "feed"
    return {"party_type": spec.party_type, "title": stem[:120], "name": name, "source": name, "trust": 50} | columns
