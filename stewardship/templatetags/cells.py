"""Values in the cells of tables. A page has a hundred of them, each of a few small pieces, which Python puts together
in a tenth of the time that templates take.
"""

from collections.abc import Iterable, Sequence

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from stewardship.presentation.compare import Cell, GoldenCell
from stewardship.presentation.difference import Segment
from stewardship.presentation.moments import age
from stewardship.presentation.records import RecordValue
from stewardship.presentation.values import Shown

from .hub import icon, source_chip

register = template.Library()
NOTHING = SafeString("")


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
def value_notes(value: Shown) -> SafeString:
    """What there is to say beside a value: a note, that its check digits are right, what is wrong, a pin."""
    if not value.noted:
        return NOTHING
    notes = []
    if value.note:
        notes.append(format_html(' <span class="quiet small">{}</span>', value.note))
    if value.checked:
        notes.append(_checked())
    if value.warning:
        notes.append(format_html(' <span class="chip chip--warn">{}{}</span>', icon("warning", 12), value.warning))
    if value.pin:
        notes.append(format_html(' <span class="chip chip--accent">{}{}</span>', icon("pin", 12), gettext("pinned")))
    return _joined(notes)


def _checked() -> SafeString:
    return format_html(
        ' <span class="checked" title="{}">{}<span class="visually-hidden">{}</span></span>',
        gettext("Its check digits are right"),
        icon("check", 12),
        gettext("check digits right"),
    )


def _cell(cell: Cell, several: bool) -> SafeString:
    return format_html(
        "<li><span>{}</span>{}{}</li>", _marked(cell.pieces), value_notes(cell.shown), _said_by(cell.shown, several)
    )


def _golden_cell(cell: GoldenCell) -> SafeString:
    only = NOTHING
    if len(cell.sides) == 1:
        title = gettext("Only %(sides)s says it") % {"sides": cell.sides}
        only = format_html(' <span class="from" title="{}">{}</span>', title, cell.sides)
    return format_html("<li><span>{}</span>{}{}</li>", cell.shown.text, value_notes(cell.shown), only)


def _record_cell(value: RecordValue) -> SafeString:
    quiet = SafeString(' class="quiet"') if value.quiet else NOTHING
    return format_html("<li{}><span>{}</span>{}</li>", quiet, _marked(value.pieces), value_notes(value.shown))


def _marked(pieces: Iterable[Segment]) -> SafeString:
    return _joined(
        format_html("<mark>{}</mark>", piece.text) if piece.marked else escape(piece.text) for piece in pieces
    )


def _said_by(value: Shown, several: bool) -> SafeString:
    if not value.sources:
        return NOTHING
    chips = _joined(source_chip(source) for source in value.sources) if several else NOTHING
    newest = value.newest
    since = format_html('<span class="age">{}</span>', age(newest)) if newest else NOTHING
    return format_html(' <span class="said-by">{} {}</span>', chips, since)


def _listed(items: Sequence[SafeString], most: int) -> SafeString:
    """A list; what is beyond `most` opens on demand."""
    if not items:
        return format_html('<span class="quiet">–<span class="visually-hidden">{}</span></span>', gettext("no value"))
    if len(items) <= most:
        return format_html('<ul class="values">{}</ul>', _joined(items))
    return format_html(
        '<ul class="values">{}<li><details class="small"><summary class="why">{}{}</summary>'
        '<ul class="values">{}</ul></details></li></ul>',
        _joined(items[:most]),
        icon("chevron", 12),
        gettext("and %(number)s more") % {"number": len(items) - most},
        _joined(items[most:]),
    )


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 (each part is safe)
