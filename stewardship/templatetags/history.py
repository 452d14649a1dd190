"""What happened to a party, entry by entry, as the time line of its profile tells it."""

from collections.abc import Sequence
from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from stewardship.presentation.markup import NOTHING, joined, markup
from stewardship.presentation.moments import ago
from stewardship.presentation.wording import gettext
from stewardship.queries.shift import Change
from stewardship.queries.timeline import Entry

from .cells import before_after
from .hub import icon, short_id, who

register = template.Library()
MOST_LABELS = 4  # attributes named of those that changed


@register.simple_tag
def happened(entry: Entry, then: str) -> SafeString:
    """What happened, by whom, why, what it changed and when. `then` is the address of the profile as known at a time,
    to which the time is added; empty for no link.
    """
    return joined((_what(entry), _why(entry), _changes(entry.changes), _when(entry, then)))


def _what(entry: Entry) -> SafeString:
    by = version = NOTHING
    if entry.actor:
        by = markup(' <span class="quiet">{}</span>', gettext("by %(actor)s") % {"actor": who(entry.actor)})
    if entry.version:
        words = gettext("version %(version)s") % {"version": entry.version}
        version = markup(' <span class="quiet small">{}</span>', words)
    return markup("<span><strong>{}</strong>{}{}</span>", entry.title, by, version)


def _why(entry: Entry) -> SafeString:
    """The reason that somebody gave, notes, and what it came of."""
    reason = NOTHING
    if entry.reason:
        reason = markup('<span class="small wrap-anywhere">“{}”</span>', entry.reason)
    note = '<span class="small quiet wrap-anywhere">{}</span>'
    notes = joined(markup(note, one) for one in entry.notes)
    told = '<span class="small wrap-anywhere" data-testid="occasion">{}</span>'
    occasions = joined(
        markup(told, markup('<a href="{}">{}</a>', one.page, one.text) if one.page else one.text)
        for one in entry.occasions
    )
    return joined((reason, notes, occasions))


def _changes(changes: Sequence[Change]) -> SafeString:
    if not changes:
        return NOTHING
    labels = ", ".join(change.label for change in changes[:MOST_LABELS])
    if len(changes) > MOST_LABELS:
        labels += " " + gettext("and %(changes)s more") % {"changes": len(changes) - MOST_LABELS}
    return markup(
        '<details class="small"><summary class="why">{}{}</summary><dl class="facts">{}</dl></details>',
        icon("chevron", 12),
        labels,
        joined(markup("<dt>{}</dt><dd>{}</dd>", change.label, before_after(change)) for change in changes),
    )


def _when(entry: Entry, then: str) -> SafeString:
    link = ' · <a href="{}">{}</a>'
    others = joined(markup(link, reverse("party", args=[other]), short_id(other)) for other in entry.parties)
    as_it_was = NOTHING
    if entry.version and then:
        moment = quote(timezone.localtime(entry.at).isoformat())
        as_it_was = markup(link, f"{then}{moment}", gettext("as it was then"))
    return markup('<span class="small quiet">{}{}{}</span>', ago(entry.at), others, as_it_was)
