"""What stewards may send about labels: an answer to a pair, and the size of a round."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.actions.start_round import ROUND_SIZE, SECOND_SHARE
from party_hub.domain.judgement import Judgement


class PairForm(forms.Form):
    """Two source records."""

    left = forms.UUIDField()
    right = forms.UUIDField()


class LabelForm(PairForm):
    """An answer to a pair of source records."""

    verdict = forms.ChoiceField(choices=[(one.value, one.value) for one in Judgement])

    def answer(self) -> dict[str, Any]:
        """Valid data as `label_pair` takes them."""
        said = self.cleaned_data
        return {"left": said["left"], "right": said["right"], "verdict": Judgement(said["verdict"])}


class RoundForm(forms.Form):
    """How many questions, and how many of a hundred are read twice."""

    wanted = forms.IntegerField(label=_("Questions"), min_value=1, max_value=2000, initial=ROUND_SIZE)
    second_share = forms.IntegerField(label=_("Read twice, %"), min_value=0, max_value=100, initial=SECOND_SHARE)
