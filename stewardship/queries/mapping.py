"""A mapping's preview as the page shows it."""

from dataclasses import dataclass
from typing import Any

from ingestion.mapping.saved import BadMapping, SavedMapping
from ingestion.mappings import Preview, attributes_of, preview
from ingestion.models import MappingDraft
from stewardship.presentation.values import Shown, attribute_label, show

SHOWN = 12


@dataclass(frozen=True)
class PreviewRow:
    """A row as it would be: its key, and each attribute in words; or the column that is wrong, and why."""

    line: int
    key: str
    party_type: str
    attributes: list[tuple[str, list[Shown]]]
    field: str
    reason: str


@dataclass(frozen=True)
class PreviewShown:
    """The first rows under a mapping, those that would wait first; `problem` says why there are none."""

    rows: list[PreviewRow]
    whole: Preview | None
    problem: str = ""


def preview_shown(draft: MappingDraft, mapping: SavedMapping) -> PreviewShown:
    """The sample through the mapping."""
    try:
        found = preview(draft=draft, mapping=mapping)
    except BadMapping as problem:
        return PreviewShown([], None, str(problem))
    rows = []
    for line, checked in enumerate(found.rows, 2):
        values = attributes_of(checked)
        attributes = [(attribute_label(name), _shown(name, value)) for name, value in values.items()]
        mapped: Any = checked.mapped
        rows.append(PreviewRow(line, mapped["key"], mapped["party_type"], attributes, checked.field, checked.reason))
    wrong = [row for row in rows if row.reason][: SHOWN // 2]
    right = [row for row in rows if not row.reason][: SHOWN - len(wrong)]
    return PreviewShown(sorted(wrong + right, key=lambda row: (not row.reason, row.line)), found)


def _shown(attribute: str, value: object) -> list[Shown]:
    return [show(attribute, one) for one in (value if isinstance(value, list) else [value])]
