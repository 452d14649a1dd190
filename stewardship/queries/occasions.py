"""What versions of a golden record came of, beyond the act that made them: rules and trust that changed, records that
said something new, and the runs that brought it.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from ingestion.models import FeedRun
from party_hub.models import (
    AttributeTrust,
    Membership,
    SourceRecord,
    SourceRecordVersion,
    SourceSystem,
    SurvivorshipRule,
)
from stewardship.presentation.values import attribute_label

BUILT_IN = "–"


@dataclass(frozen=True)
class Occasion:
    """One thing that led to a version, in words; `page` tells more of it, empty where none does."""

    at: datetime
    text: str
    page: str = ""


def loads(party: UUID, versions: Sequence[datetime], most: int = 4) -> dict[datetime, list[Occasion]]:
    """By the time of a version of the golden record: the records that said something new since the version before, with
    their runs. `versions` are in order. Four queries.
    """
    records = Membership.objects.filter(party=party).values("record")
    names = ("record_id", "version", "received_at", "raw_location")
    said = list(SourceRecordVersion.objects.filter(record__in=records, version__gt=1).values_list(*names))
    said += SourceRecord.objects.filter(pk__in=records, version__gt=1).values_list("pk", *names[1:])
    within = [one for one in said if versions and one[2] <= versions[-1]]
    keys = {pk: (source, key) for pk, source, key in SourceRecord.objects.filter(
        pk__in={one[0] for one in within}).values_list("pk", "source__name", "key")}  # fmt: skip
    places = {one[3].rpartition("#")[0] for one in within} - {""}
    runs = {run.raw_location: run for run in FeedRun.objects.filter(raw_location__in=places)}
    told = [_said_anew(keys[one[0]], one, runs) for one in within]
    return {at: found[:most] for at, found in _by_version(told, versions).items()}


def _said_anew(record: tuple[str, str], said: tuple[Any, ...], runs: dict[str, FeedRun]) -> Occasion:
    _record, version, at, raw_location = said
    words = {"record": " ".join(record), "version": version}
    run = runs.get(raw_location.rpartition("#")[0])
    if run is None:
        return Occasion(at, _("%(record)s said something new: its version %(version)s") % words)
    text = _("%(record)s said something new: its version %(version)s, by run %(run)s of %(feed)s")
    return Occasion(at, text % {**words, "run": run.pk, "feed": run.feed_id}, reverse("feed_run", args=[run.pk]))


def rule_changes(
    party_type: str, attributes: Collection[str], versions: Sequence[datetime]
) -> dict[datetime, list[Occasion]]:
    """By the time of a version: which rule, or whose trust, changed before it, from what to what. Three queries."""
    told = [*_rules(party_type, attributes), *_trust()]
    return _by_version([one for one in told if versions and one.at <= versions[-1]], versions)


def _rules(party_type: str, attributes: Collection[str]) -> Iterator[Occasion]:
    rows = SurvivorshipRule.history.filter(attribute__in=attributes, party_type__in=["", party_type])
    ordered = rows.order_by("attribute", "party_type", "history_date", "history_id")
    for (attribute, _type), versions in groupby(ordered, key=lambda row: (row.attribute, row.party_type)):
        former = BUILT_IN
        for row in versions:
            after = BUILT_IN if row.history_type == "-" else _strategies(row)
            words = {"attribute": attribute_label(attribute), "before": former, "after": after}
            if former != after:
                text = _("Rule of %(attribute)s: %(before)s → %(after)s") % words
                yield Occasion(row.history_date, text, reverse("rule_draft", args=[attribute]))
            former = after


def _strategies(rule: Any) -> str:
    return ", ".join(code.replace("_", " ") for code in (rule.strategy, *rule.then))


def _trust() -> Iterator[Occasion]:
    """Changes of a source's trust, as a whole or in one attribute; what a source began with is no change."""
    for history, key in ((SourceSystem.history, "code"), (AttributeTrust.history, "id")):
        rows = history.filter(~Q(history_type="-")).order_by(key, "history_date", "history_id")
        for _key, versions in groupby(rows, key=attrgetter(key)):
            former = None
            for row in versions:
                if former not in (None, row.trust):
                    words = {"source": getattr(row, "name", "") or row.source_id, "before": former, "after": row.trust}
                    yield Occasion(row.history_date, _("Trust in %(source)s: %(before)s → %(after)s") % words)
                former = row.trust


def _by_version(told: Collection[Occasion], versions: Sequence[datetime]) -> dict[datetime, list[Occasion]]:
    """Each with the first version that came after it."""
    found: dict[datetime, list[Occasion]] = {}
    for one in sorted(told, key=lambda one: one.at):
        found.setdefault(versions[bisect_left(versions, one.at)], []).append(one)
    return found
