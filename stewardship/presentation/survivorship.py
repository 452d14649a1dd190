"""A survivorship rule in words, in the reader's language; the rule's own label is for engineers and the API."""

from django.utils.translation import gettext as _

from party_hub.domain.rules import Rule

from .impact import in_sentence
from .values import attribute_label


def in_words(rule: Rule) -> str:
    """What wins, what settles ties, and with what care."""
    first, *others = (_(strategy.label) for strategy in rule.strategies)
    said = [first, *(in_sentence(label) for label in others)]
    more = [
        _("following %(attribute)s") % {"attribute": attribute_label(rule.follows)} if rule.follows else "",
        _("trust halved every %(days)d days") % {"days": rule.half_life} if rule.half_life else "",
        _("%(share)d %% less trust where a check fails") % {"share": rule.doubt} if rule.doubt else "",
        _("only what passed its check") if rule.verified_only else "",
        _("never from %(sources)s") % {"sources": ", ".join(sorted(rule.excluded))} if rule.excluded else "",
        _("the best alone") if rule.first_only else "",
    ]
    return "; ".join([_(", then ").join(said), *filter(None, more)])
