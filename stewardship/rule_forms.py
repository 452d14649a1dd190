"""A draft of a survivorship rule."""

from typing import Any

from django import forms
from django.forms import ModelForm, modelform_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from party_hub.actions.change_rule import RuleChange
from party_hub.models import SurvivorshipRule

COLUMNS = [
    field.name
    for field in SurvivorshipRule._meta.concrete_fields
    if field.name not in ("id", "attribute", "party_type")
]


class RuleDraft:
    """A form of every column of a rule, whichever there are, with the reason for changing it."""

    def __init__(self, data: Any, attribute: str, party_type: str, version: str = "") -> None:
        """`version` is the number of an earlier one, to begin with."""
        self.attribute, self.party_type = attribute, party_type
        stored = SurvivorshipRule.objects.filter(attribute=attribute, party_type=party_type).first()
        row = stored or SurvivorshipRule(attribute=attribute, party_type=party_type)
        if version.isdecimal():
            former = SurvivorshipRule.history.filter(history_id=version, attribute=attribute, party_type=party_type)
            for earlier in former:
                for name in COLUMNS:
                    setattr(row, name, getattr(earlier, name))
        form: type[ModelForm[SurvivorshipRule]] = modelform_factory(SurvivorshipRule, fields=COLUMNS)
        self.form = form(data, instance=row)
        self.form.fields["reason"] = forms.CharField(
            max_length=2000, label=_("Reason"), error_messages={"required": _("Say why: whoever approves it will ask.")}
        )
        for drawn in self.form.fields.values():
            if isinstance(drawn.widget, forms.Select):
                drawn.widget.choices = [(value, gettext(str(label))) for value, label in drawn.widget.choices]
            if not isinstance(drawn.widget, forms.CheckboxInput):
                kind = "select" if isinstance(drawn.widget, forms.Select) else "input"
                drawn.widget.attrs["class"] = kind
        self.built_in = bool(data) and "built_in" in data

    def lock(self) -> None:
        """Show the rule to somebody who does not change it."""
        del self.form.fields["reason"]
        for shown in self.form.fields.values():
            shown.disabled = True

    def is_valid(self) -> bool:
        """Whether it can be proposed."""
        return self.form.is_valid()

    @property
    def reason(self) -> str:
        """Why it is to change."""
        return str(self.form.cleaned_data["reason"])

    def change(self) -> RuleChange:
        """The change that the form asks for."""
        rule = None if self.built_in else {name: self.form.cleaned_data[name] for name in COLUMNS}
        return RuleChange(self.attribute, self.party_type, rule)
