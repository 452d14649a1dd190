"""The cells of a party's profile: golden values with their proof, what each source says, and what happened.

A profile has hundreds of these small pieces; as in `cells`, Python puts them together in a fraction of the time that
templates take.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from stewardship.presentation.grounds import ground
from stewardship.presentation.markup import NOTHING, joined, markup, with_markup
from stewardship.presentation.sources import SourceRow
from stewardship.presentation.values import Shown
from stewardship.presentation.wording import gettext
from stewardship.queries.party import GoldenValue

from .cells import scheme, shown_values, value_notes
from .hub import humane, icon, source_chip

register = template.Library()
Context = Mapping[str, Any]
MOST_RECORDS = 8  # named beside a value
MOST_SAID = 6  # values of a source in a cell of the grid


@register.simple_tag(takes_context=True)
def proof(context: Context, value: GoldenValue) -> SafeString:
    """The golden values of an attribute; opened, why they won and every value that was said, with who says it."""
    reason = ground(value.reason)
    nothing = markup('<span class="quiet">{}</span>', gettext("no value"))
    rule = gettext("Rule <strong>%(rule)s</strong>: %(reason)s.")
    return markup(
        '<details class="lineage"><summary>{} <span class="why">{}{}</span></summary>'
        '<div class="lineage-body"><p class="small">{}</p>{}{}<p>{}</p>{}</div></details>',
        shown_values(value.won, schemes=True) if value.won else nothing,
        icon("chevron", 12),
        reason,
        with_markup(rule, rule=humane(value.rule), reason=reason),
        _every_value(value, context["may_change"]),
        _hidden(value.hidden),
        _as_a_graph(context, value.name),
        _pin_another(value.name) if context["may_change"] else NOTHING,
    )


def _every_value(value: GoldenValue, may_change: bool) -> SafeString:
    return markup(
        '<table class="table small"><caption class="visually-hidden">{}</caption><thead><tr>'
        '<th scope="col">{}</th><th scope="col">{}</th><th scope="col">{}</th></tr></thead><tbody>{}</tbody></table>',
        gettext("%(label)s: every value and who says it") % {"label": value.label},
        gettext("Value"),
        gettext("Result"),
        gettext("Said by"),
        joined(_said(value.name, place, shown, may_change) for place, shown in value.told),
    )


def _said(attribute: str, place: int, shown: Shown, may_change: bool) -> SafeString:
    """One value, what became of it, what may be done about it, and the records that say it."""
    return markup(
        '<tr><th scope="row" class="wrap-anywhere">{}{}{}</th><td class="nowrap">{}{}</td>'
        '<td><ul class="values">{}</ul></td></tr>',
        shown.text,
        scheme(shown),
        value_notes(shown),
        _result(shown),
        _offers(attribute, place, shown) if may_change and not shown.masked else NOTHING,
        _records(shown.records),
    )


def _result(shown: Shown) -> SafeString:
    kind, symbol, word = (
        ("same", "check", gettext("Golden"))
        if shown.won
        else ("differs", "lock", gettext("Not heard"))
        if shown.forbidden
        else ("one", "cross", gettext("Lost"))
    )
    return markup('<span class="verdict verdict--{}">{}{}</span>', kind, icon(symbol, 13), word)


def _offers(attribute: str, place: int, shown: Shown) -> SafeString:
    """To pin the value, and not to hear it."""
    offer = (
        '<br><a class="small" href="?attribute={0}&amp;choice={1}{2}#attribute-{0}">{3}'
        '<span class="visually-hidden"> {4}</span></a>'
    )
    pin = silence = NOTHING
    if not shown.pin and attribute != "identifiers":
        pin = markup(offer, attribute, place, "", gettext("Pin this"), shown.text)
    if shown.records and not shown.forbidden:
        silence = markup(offer, attribute, place, "&statement=", gettext("Do not hear this…"), shown.text)
    return joined((pin, silence))


def _records(records: Sequence[Mapping[str, Any]]) -> SafeString:
    item = '<li>{} <span class="mono">{}</span> <span class="quiet nowrap">{}</span></li>'
    named = joined(
        markup(item, source_chip(one["source"]), one["key"], one["effective_at"][:10]) for one in records[:MOST_RECORDS]
    )
    return joined((named, _more(len(records) - MOST_RECORDS)))


def _more(number: int) -> SafeString:
    if number <= 0:
        return NOTHING
    return markup('<li class="quiet small">{}</li>', gettext("and %(values)s more") % {"values": number})


def _hidden(number: int) -> SafeString:
    if not number:
        return NOTHING
    words = ngettext(
        "One more value is not shown here; the graph's list names it.",
        "%(number)s more values are not shown here; the graph's list names them.",
        number,
    )
    return markup('<p class="small quiet">{}</p>', words % {"number": number})


def _as_a_graph(context: Context, attribute: str) -> SafeString:
    return markup(
        '<a class="small" href="{}">{}{}</a>',
        _graph(context, attribute),
        icon("matching", 14),
        gettext("As a graph: runs, lines and decisions"),
    )


def _graph(context: Context, attribute: str) -> SafeString:
    return markup("{}?attribute={}{}", context["graph_page"], attribute, context["then"])


def _pin_another(attribute: str) -> SafeString:
    if attribute == "identifiers":
        return NOTHING
    return markup(
        '<p><a class="button button--small" href="?attribute={0}#attribute-{0}">{1}{2}</a></p>',
        attribute,
        icon("pin", 14),
        gettext("Pin another value…"),
    )


@register.simple_tag(takes_context=True)
def by_source(context: Context, row: SourceRow) -> SafeString:
    """The cells of one attribute: what each source says of it."""
    nothing = markup(
        '<td><span class="quiet">–<span class="visually-hidden">{}</span></span></td>', gettext("says nothing")
    )
    return joined(_by(context, row, source, values) if values else nothing for source, values in row.said)


def _by(context: Context, row: SourceRow, source: str, values: Sequence[Shown]) -> SafeString:
    more = silence = NOTHING
    if len(values) > MOST_SAID:
        more = markup(
            '<li class="small"><a href="{}">{} <span class="visually-hidden">{}</span></a></li>',
            _graph(context, row.name),
            gettext("and %(values)s more") % {"values": len(values) - MOST_SAID},
            row.label,
        )
    if context["may_change"] and not values[0].masked:
        silence = markup(
            '<a class="small quiet" href="?attribute={0}&amp;statement=source:{1}#attribute-{0}">{2}'
            '<span class="visually-hidden"> {3}</span></a>',
            row.name,
            source,
            gettext("Do not hear…"),
            gettext("%(source)s on %(label)s") % {"source": source, "label": row.label},
        )
    items = joined(_marked(value) for value in values[:MOST_SAID])
    return markup('<td><ul class="values">{}{}</ul>{}</td>', items, more, silence)


def _marked(value: Shown) -> SafeString:
    """What a source says, marked where it became golden or is not heard."""
    mark = NOTHING
    if value.won or value.forbidden:
        symbol, word = ("check", gettext("golden:")) if value.won else ("lock", gettext("not heard:"))
        mark = markup('{}<span class="visually-hidden">{}</span>', icon(symbol, 12), word)
    quiet = NOTHING if value.won else SafeString(' class="quiet"')
    return markup("<li{}>{} <span>{}</span>{}</li>", quiet, mark, value.text, scheme(value, nowrap=True))
