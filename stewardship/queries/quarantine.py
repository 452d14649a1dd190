"""Rows in quarantine as the pages show them."""

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from ingestion.mapping.adapter import Severity, folded
from ingestion.models import Feed, QualityRule, RejectedRow, RejectState
from ingestion.quality.dimensions import OF_THE_RUN
from ingestion.quarantine import queries
from ingestion.quarantine.queries import Group, RejectFilter

PAGE = 25
GROUPS = 12


@dataclass(frozen=True)
class Line:
    """A row of the list: what it is, and its reason as this reader may see it."""

    row: RejectedRow
    reason: str


@dataclass(frozen=True)
class Quarantine:
    """A page of rows, what is wrong with all of them, and where to go on."""

    wanted: RejectFilter
    lines: list[Line]
    groups: list[tuple[Group, str]]
    waiting: int
    following: int | None
    feeds: list[Feed]
    rules: list[tuple[str, str]]

    @property
    def address(self) -> str:
        """The filter as it stands in an address."""
        return address_of(self.wanted)


def address_of(wanted: RejectFilter, **other: Any) -> str:
    """A filter, with `other` fields, as a query string."""
    fields = asdict(wanted) | other
    fields["state"] = fields["state"] or "any"
    return urlencode({name: value for name, value in fields.items() if value and (name, value) != ("state", "open")})


def quarantine(wanted: RejectFilter, *, before: int | None, personal: bool) -> Quarantine:
    """The rows of the filter from before the row `before` on. Five queries."""
    shown = queries.Shown(personal=personal)
    rows = queries.rejects_where(wanted)
    listed = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    feeds = list(Feed.objects.select_related("source"))
    grouped = queries.groups(wanted, GROUPS)
    return Quarantine(
        wanted,
        [Line(row, shown.reason(row)) for row in listed[:PAGE]],
        [(group, address_of(wanted, feed=group.feed, reason=group.reason)) for group in grouped],
        queries.rejects_where(wanted).count(),
        listed[PAGE - 1].pk if len(listed) > PAGE else None,
        feeds,
        _rules(),
    )


def _rules() -> list[tuple[str, str]]:
    """Every rule that can keep a row out, with what it says. One query."""
    keeping_out = QualityRule.objects.exclude(severity=Severity.WARN).exclude(code__in=OF_THE_RUN)
    return list(keeping_out.order_by("says", "code").values_list("code", "says").distinct())


@dataclass(frozen=True)
class Cell:
    """A column of a row in the form; `problem` is what is wrong with it, `read` whether the mapping reads it."""

    name: str
    column: str
    value: str
    problem: str
    read: bool

    @property
    def long(self) -> bool:
        """Whether it needs more than a line."""
        return len(self.value) > 80 or "\n" in self.value


@dataclass(frozen=True)
class RowShown:
    """A row to be corrected. `whole` is what is wrong with the row rather than with a column."""

    row: RejectedRow
    cells: list[Cell]
    whole: str
    reason: str

    @property
    def open(self) -> bool:
        """Whether it can be corrected still."""
        return self.row.state == RejectState.OPEN

    @property
    def untidy(self) -> str:
        """Its text, where it could not be taken apart."""
        return "" if self.row.raw.startswith("{") else self.row.raw


def row_shown(
    pk: int, *, personal: bool, sent: dict[str, str] | None = None, field: str = "", reason: str = ""
) -> RowShown:
    """A row by its columns, the troubled one first; with `sent` as somebody just sent it, and what is wrong with that.

    Raises RejectedRow.DoesNotExist. Two queries.
    """
    shown = queries.Shown(personal=personal)
    row: Any = queries.rejects_where(RejectFilter(state="")).get(pk=pk)
    values = (sent or {}) if sent is not None else shown.values(row)
    said, at = (reason, field) if sent is not None else (shown.reason(row), row.field)
    known = {folded(column) for column in shown.adapter(row.run.feed).columns}
    cells = [
        Cell(f"c{place}", column, text, said if column == at else "", folded(column) in known)
        for place, (column, text) in enumerate(values.items())
    ]
    cells.sort(key=lambda cell: (not cell.problem, not cell.read))
    return RowShown(row, cells, "" if any(cell.problem for cell in cells) else said, said)
