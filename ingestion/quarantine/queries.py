"""Reads of the quarantine: rows by feed, rule and reason, in pages, in groups, and as CSV."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Func, QuerySet, TextField, Value
from django.db.models.lookups import Exact

from ingestion.adapters import adapter_in_force
from ingestion.mapping.adapter import Adapter
from ingestion.mapping.personal import masked
from ingestion.models import Feed, RejectedRow, RejectState

from .rows import columns_of, values_of

# What a reason quotes from its row, so that rows with the same trouble stand together.
_QUOTED = r"""'[^']*'|"[^"]*"|\mline \d+"""
_TROUBLE = Func(
    F("reason"), Value(_QUOTED), Value("…"), Value("g"), function="regexp_replace", output_field=TextField()
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ABOUT = ["feed", "run", "line", "key", "field", "rule", "reason", "state"]


@dataclass(frozen=True)
class RejectFilter:
    """Which rows. `reason` is a reason without what it quotes, as `Group.reason` has it; "" is any."""

    feed: str = ""
    rule: str = ""
    reason: str = ""
    state: str = RejectState.OPEN
    run: int | None = None


@dataclass(frozen=True)
class Group:
    """Rows with the same trouble."""

    feed: str
    rule: str
    field: str
    reason: str
    rows: int


def rejects_where(wanted: RejectFilter) -> QuerySet[RejectedRow]:
    """The rows, the newest first, each with `trouble`: its reason without what it quotes."""
    rows = RejectedRow.objects.select_related("run__feed__source")
    for name, value in (("run__feed", wanted.feed), ("rule", wanted.rule), ("run", wanted.run)):
        rows = rows.filter(**{name: value}) if value else rows
    rows = rows.filter(Exact(_TROUBLE, wanted.reason)) if wanted.reason else rows
    rows = rows.filter(state=wanted.state) if wanted.state else rows
    return rows.annotate(trouble=_TROUBLE).order_by("-pk")


def groups(wanted: RejectFilter, limit: int) -> list[Group]:
    """What is wrong with these rows, the most frequent first. One query."""
    counted = (
        rejects_where(wanted)
        .order_by()
        .values_list("run__feed", "rule", "field", "trouble")  # type: ignore[misc]  # it is annotated
        .annotate(rows=Count("pk"))
        .order_by("-rows", "trouble")
    )
    return [Group(*found) for found in counted[:limit]]


def open_by_feed() -> dict[str, int]:
    """How many rows wait, by feed. One query."""
    waiting = RejectedRow.objects.filter(state=RejectState.OPEN).order_by().values_list("run__feed")
    return dict(waiting.annotate(rows=Count("pk")))


class Shown:
    """Rows as they may be shown: in full, or with personal values and what a reason quotes of them left out."""

    def __init__(self, *, personal: bool):
        self._personal, self._adapters = personal, dict[str, Adapter]()

    def adapter(self, feed: Feed) -> Adapter:
        """The feed's adapter in force, looked up once."""
        if feed.pk not in self._adapters:
            self._adapters[feed.pk] = adapter_in_force(feed)
        return self._adapters[feed.pk]

    def values(self, row: RejectedRow) -> dict[str, str]:
        """The row by its file's columns."""
        adapter = self.adapter(row.run.feed)
        values = values_of(row, adapter)
        return values if self._personal else masked(values, adapter)

    def reason(self, row: Any) -> str:
        """Why it was set aside; `row` comes from `rejects_where`."""
        return str(row.reason if self._personal else row.trouble)


def as_csv(wanted: RejectFilter, *, personal: bool) -> Iterator[str]:
    """The rows as CSV, a piece at a time: of one feed under its own columns, of several with the row as JSON."""
    shown, columns = Shown(personal=personal), list[str]()
    if wanted.feed:
        newest = rejects_where(wanted).first()
        columns = columns_of(newest, shown.adapter(newest.run.feed)) if newest else []
    yield _line([*_ABOUT, *(columns or ["row"])])
    for row in rejects_where(wanted).iterator(chunk_size=1_000):
        values = shown.values(row)
        said = [values.get(column, "") for column in columns] or [json.dumps(values, ensure_ascii=False)]
        about = [row.run.feed_id, row.run_id, row.line, row.key, row.field, row.rule, shown.reason(row), row.state]
        yield _line([*about, *said])


def _line(cells: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([_harmless(str(cell)) for cell in cells])
    return out.getvalue()


def _harmless(text: str) -> str:
    """A cell that a spreadsheet would take for a formula gets an apostrophe before it; a number stays as it is."""
    number = text[1:].replace(" ", "").replace(".", "").isdigit()
    return f"'{text}" if text.startswith(_FORMULA) and not number else text
