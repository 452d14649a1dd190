"""Why a golden value won, in the reader's language: lineage keeps its reason as the rules of survivorship said it."""

import re

from django.utils.translation import gettext, gettext_noop

from .values import attribute_label

TIE = "tie, "
# As `party_hub.domain.survivorship` and `.measures` put it → as a page says it.
GROUNDS = [
    (re.compile(said), text)
    for said, text in (
        (r"the only value", gettext_noop("the only value")),
        (r"all (?P<number>\d+) records agree", gettext_noop("all %(number)s records agree")),
        (r"follows (?P<attribute>\w+): the same record won there",
         gettext_noop("follows %(attribute)s: the same record won there")),
        (r"(?P<source>.+) \(trust (?P<best>\d+)\) outranks trust (?P<second>\d+) after age and checks",
         gettext_noop("%(source)s (trust %(best)s) outranks trust %(second)s after age and checks")),
        (r"(?P<source>.+) \(trust (?P<best>\d+)\) outranks trust (?P<second>\d+)",
         gettext_noop("%(source)s (trust %(best)s) outranks trust %(second)s")),
        (r"most recent: (?P<day>\S+)", gettext_noop("most recent: %(day)s")),
        (r"said first: (?P<day>\S+)", gettext_noop("said first: %(day)s")),
        (r"said by (?P<best>\d+) records, the next by (?P<second>\d+)",
         gettext_noop("said by %(best)s records, the next by %(second)s")),
        (r"the fullest value", gettext_noop("the fullest value")),
        (r"the longest value", gettext_noop("the longest value")),
        (r"the smallest value", gettext_noop("the smallest value")),
        (r"the greatest value", gettext_noop("the greatest value")),
        (r"passed its check", gettext_noop("passed its check")),
        (r"the other failed its check", gettext_noop("the other failed its check")),
        (r"(?P<source>\S+) puts it first", gettext_noop("%(source)s puts it first")),
        (r"the fuller value", gettext_noop("the fuller value")),
        (r"the other is a former one", gettext_noop("the other is a former one")),
        (r"nothing that is heard", gettext_noop("nothing that is heard")),
        (r"pinned by (?P<who>[^:]+:[^:]+): (?P<why>.*)", gettext_noop("pinned by %(who)s: %(why)s")),
        (r"(?P<source>\S+) is not heard, forbidden by (?P<who>[^:]+:[^:]+): (?P<why>.*)",
         gettext_noop("%(source)s is not heard, forbidden by %(who)s: %(why)s")),
    )
]  # fmt: skip


def ground(reason: str) -> str:
    """The reason in words; one that is not known stays as it is."""
    return "; ".join(_one(part) for part in reason.split("; "))


def _one(reason: str) -> str:
    if reason.startswith(TIE):
        return gettext("tie, %(why)s") % {"why": _one(reason.removeprefix(TIE))}
    for pattern, text in GROUNDS:
        if found := pattern.fullmatch(reason):
            said = found.groupdict()
            if "attribute" in said:
                said["attribute"] = attribute_label(said["attribute"])
            return gettext(text) % said if said else gettext(text)
    return reason
