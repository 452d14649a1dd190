"""Why a golden value won, in the reader's language: lineage keeps its reason as the rules of survivorship said it."""

from django.utils.translation import gettext_noop

from .phrasebook import Phrasebook
from .values import attribute_label
from .wording import gettext

TIE = "tie, "
# As `party_hub.domain.survivorship` and `.measures` put it.
_GROUNDS = Phrasebook(
    (
        gettext_noop("the only value"),
        gettext_noop("all %(number)s records agree"),
        gettext_noop("follows %(attribute)s: the same record won there"),
        gettext_noop("%(source)s (trust %(best)s) outranks trust %(second)s after age and checks"),
        gettext_noop("%(source)s (trust %(best)s) outranks trust %(second)s"),
        gettext_noop("most recent: %(day)s"),
        gettext_noop("said first: %(day)s"),
        gettext_noop("said by %(best)s records, the next by %(second)s"),
        gettext_noop("the fullest value"),
        gettext_noop("the longest value"),
        gettext_noop("the smallest value"),
        gettext_noop("the greatest value"),
        gettext_noop("passed its check"),
        gettext_noop("the other failed its check"),
        gettext_noop("%(source)s puts it first"),
        gettext_noop("the fuller value"),
        gettext_noop("the other is a former one"),
        gettext_noop("nothing that is heard"),
        gettext_noop("pinned by %(who)s: %(why)s"),
        gettext_noop("%(source)s is not heard, forbidden by %(who)s: %(why)s"),
    ),
    end="$",
    shapes={"number": r"\d+", "best": r"\d+", "second": r"\d+", "day": r"\S+", "who": "[^:]+:[^:]+", "why": ".*"},
    words={"attribute": attribute_label},
)


def ground(reason: str) -> str:
    """The reason in words; one that is not known stays as it is."""
    return "; ".join(_one(part) for part in reason.split("; "))


def _one(reason: str) -> str:
    if reason.startswith(TIE):
        return gettext("tie, %(why)s") % {"why": _one(reason.removeprefix(TIE))}
    found = _GROUNDS.find(reason)
    return found[0] if found else reason
