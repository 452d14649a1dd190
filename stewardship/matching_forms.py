"""What leads may send about match models: thresholds, and the reason for putting one in force."""

from collections.abc import Mapping
from math import exp, log
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching.engine.model import MARGIN, Thresholds
from party_hub.domain.attributes import Kind
from stewardship.party_forms import ReasonForm

_BEGIN = {"automatic": _("%(kind)s: automatic from, %%"), "review": _("%(kind)s: review from, %%")}
_HIGHEST = 99.9999  # per cent; all of it would be an infinite score
# In log-odds: the name, the label, and what holds where the model says nothing.
_ON_TOP = (
    ("same_source", _("more within one source, log-odds"), 0.0),
    ("margin", _("ahead of a rival that contradicts, log-odds"), MARGIN),
)


def percent_of(log_odds: float) -> float:
    """Log-odds as a probability in per cent."""
    return round(100 / (1 + exp(-log_odds)), 4)


def log_odds_of(percent: float) -> float:
    """The reverse of `percent_of`."""
    return round(log(percent / (100 - percent)), 4)


class ThresholdsForm(ReasonForm):
    """Where the bands of each kind begin, in per cent; what one source's own pairs need on top, and by how much a
    record's best group must beat another, in log-odds."""

    def __init__(self, data: Mapping[str, Any] | None, thresholds: Mapping[str, Mapping[str, float]]) -> None:
        super().__init__(data)
        self.kinds = [kind for kind in Kind if kind.value in thresholds]
        for kind in self.kinds:
            now = thresholds[kind.value]
            for band in ("automatic", "review"):
                self.fields[f"{kind.value}_{band}"] = forms.FloatField(
                    label=_BEGIN[band] % {"kind": gettext(kind.value.capitalize())},
                    min_value=0.01,
                    max_value=_HIGHEST,
                    initial=percent_of(now[band]),
                )
            for name, label, default in _ON_TOP:
                self.fields[f"{kind.value}_{name}"] = forms.FloatField(
                    label=f"{gettext(kind.value.capitalize())}: {label}",
                    min_value=0,
                    max_value=20,
                    initial=now.get(name, default),
                    required=False,
                )

    def bounds(self) -> list[forms.BoundField]:
        """The fields that say where bands begin."""
        return [self[name] for name in self.fields if name != "reason"]

    def chosen(self) -> dict[Kind, Thresholds]:
        """Valid thresholds in log-odds, by kind."""
        said = self.cleaned_data
        return {
            kind: Thresholds(
                automatic=log_odds_of(said[f"{kind.value}_automatic"]),
                review=log_odds_of(said[f"{kind.value}_review"]),
                **{name: said[f"{kind.value}_{name}"] or 0.0 for name, _, _ in _ON_TOP},
            )
            for kind in self.kinds
        }
