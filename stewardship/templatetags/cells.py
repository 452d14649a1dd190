"""Values in the cells of tables. A page has a hundred of them, each of a few small pieces, which Python puts together
in a tenth of the time that templates take.
"""

from collections.abc import Iterable, Sequence

from django import template
from django.utils.safestring import SafeString

from stewardship.presentation.compare import Cell, GoldenCell
from stewardship.presentation.difference import Segment
from stewardship.presentation.markup import NOTHING, joined, markup
from stewardship.presentation.moments import age
from stewardship.presentation.records import RecordValue
from stewardship.presentation.values import Shown
from stewardship.presentation.wording import gettext
from stewardship.queries.shift import Change

from .hub import icon, source_chip

register = template.Library()
MOST = 8  # values of an attribute
MOST_IN_A_ROW = 4  # values before and after a change


@register.simple_tag
def cells(side: Sequence[Cell], several: bool = False) -> SafeString:
    """What one party says, and since when; with `several` sources, which of them says it."""
    return _listed([_cell(cell, several) for cell in side], most=6)


@register.simple_tag
def golden_cells(golden: Sequence[GoldenCell]) -> SafeString:
    """What the golden record would say; where only one party says so, which."""
    return _listed([_golden_cell(cell) for cell in golden], most=5)


@register.simple_tag
def record_cells(values: Sequence[RecordValue]) -> SafeString:
    """What one source record says."""
    return _listed([_record_cell(value) for value in values], most=6)


@register.simple_tag
def shown_values(values: Sequence[Shown], schemes: bool = False) -> SafeString:
    """The first values of an attribute, with `schemes` what kind of identifier each is; how many more there are."""
    if not values:
        return _no_value()
    items = joined(
        markup("<li><span>{}</span>{}{}</li>", value.text, scheme(value) if schemes else "", value_notes(value))
        for value in values[:MOST]
    )
    more = NOTHING
    if len(values) > MOST:
        words = gettext("and %(values)s more") % {"values": len(values) - MOST}
        more = markup('<li class="quiet small">{}</li>', words)
    return markup('<ul class="values">{}{}</ul>', items, more)


@register.simple_tag
def before_after(change: Change) -> SafeString:
    """What golden values were before, and are now."""
    return markup(
        '<span class="before-after"><del><span class="visually-hidden">{}</span> {}</del> '
        '<ins><span class="visually-hidden">{}</span> {}</ins></span>',
        gettext("before:"),
        _in_a_row(change.before),
        gettext("now:"),
        _in_a_row(change.after),
    )


def _in_a_row(values: Sequence[Shown]) -> str:
    return " · ".join(value.text for value in values[:MOST_IN_A_ROW]) if values else gettext("nothing")


@register.simple_tag
def value_notes(value: Shown) -> SafeString:
    """What there is to say beside a value: a note, that its check digits are right, what is wrong, a pin."""
    if not value.noted:
        return NOTHING
    notes = []
    if value.note:
        notes.append(markup(' <span class="quiet small">{}</span>', value.note))
    if value.checked:
        notes.append(_checked())
    if value.warning:
        notes.append(markup(' <span class="chip chip--warn">{}{}</span>', icon("warning", 12), value.warning))
    if value.pin:
        notes.append(markup(' <span class="chip chip--accent">{}{}</span>', icon("pin", 12), gettext("pinned")))
    return joined(notes)


def _checked() -> SafeString:
    return markup(
        ' <span class="checked" title="{}">{}<span class="visually-hidden">{}</span></span>',
        gettext("Its check digits are right"),
        icon("check", 12),
        gettext("check digits right"),
    )


def _cell(cell: Cell, several: bool) -> SafeString:
    return markup(
        "<li><span>{}</span>{}{}</li>", _marked(cell.pieces), value_notes(cell.shown), _said_by(cell.shown, several)
    )


def _golden_cell(cell: GoldenCell) -> SafeString:
    only = NOTHING
    if len(cell.sides) == 1:
        title = gettext("Only %(sides)s says it") % {"sides": cell.sides}
        only = markup(' <span class="from" title="{}">{}</span>', title, cell.sides)
    return markup("<li><span>{}</span>{}{}</li>", cell.shown.text, value_notes(cell.shown), only)


def _record_cell(value: RecordValue) -> SafeString:
    quiet = SafeString(' class="quiet"') if value.quiet else NOTHING
    return markup("<li{}><span>{}</span>{}</li>", quiet, _marked(value.pieces), value_notes(value.shown))


def _marked(pieces: Iterable[Segment]) -> SafeString:
    return joined(markup("<mark>{}</mark>" if piece.marked else "{}", piece.text) for piece in pieces)


def _said_by(value: Shown, several: bool) -> SafeString:
    if not value.sources:
        return NOTHING
    chips = joined(source_chip(source) for source in value.sources) if several else NOTHING
    newest = value.newest
    since = markup('<span class="age">{}</span>', age(newest)) if newest else NOTHING
    return markup(' <span class="said-by">{} {}</span>', chips, since)


def _no_value() -> SafeString:
    return markup('<span class="quiet">–<span class="visually-hidden">{}</span></span>', gettext("no value"))


def _listed(items: Sequence[SafeString], most: int) -> SafeString:
    """A list; what is beyond `most` opens on demand."""
    if not items:
        return _no_value()
    if len(items) <= most:
        return markup('<ul class="values">{}</ul>', joined(items))
    return markup(
        '<ul class="values">{}<li><details class="small"><summary class="why">{}{}</summary>'
        '<ul class="values">{}</ul></details></li></ul>',
        joined(items[:most]),
        icon("chevron", 12),
        gettext("and %(number)s more") % {"number": len(items) - most},
        joined(items[most:]),
    )


def scheme(value: Shown, nowrap: bool = False) -> SafeString:
    """Of an identifier, what kind of one."""
    if not value.scheme:
        return NOTHING
    return markup(' <span class="quiet small{}">{}</span>', " nowrap" if nowrap else "", value.scheme)
