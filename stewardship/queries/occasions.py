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

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from party_hub.models import AttributeTrust, SourceSystem, SurvivorshipRule
from stewardship.presentation.values import attribute_label

BUILT_IN = "–"


@dataclass(frozen=True)
class Occasion:
    """One thing that led to a version, in words; `page` tells more of it, empty where none does."""

    at: datetime
    text: str
    page: str = ""


# The versions of the party's records, each with the run whose file said it. A record's first says nothing new.
SAID_ANEW = """
SELECT DISTINCT ON (said.received_at, r.id, said.version)
    said.received_at, s.name || ' ' || r.key, said.version, run.id, run.feed_id
FROM party_hub_membership m JOIN party_hub_sourcerecord r ON r.id = m.record_id
JOIN party_hub_sourcesystem s ON s.code = r.source_id
CROSS JOIN LATERAL (
    SELECT r.version, r.received_at, r.raw_location
    UNION ALL SELECT v.version, v.received_at, v.raw_location FROM party_hub_sourcerecordversion v
    WHERE v.record_id = r.id
) AS said
LEFT JOIN ingestion_feedrun run ON run.raw_location = substring(said.raw_location FROM '^(.*)#')
WHERE m.party_id = %(party)s AND said.version > 1 AND said.received_at <= %(last)s
ORDER BY said.received_at, r.id, said.version, run.id
"""


def loads(party: UUID, versions: Sequence[datetime], most: int = 4) -> dict[datetime, list[Occasion]]:
    """By the time of a version of the golden record: the records that said something new since the version before, with
    their runs. `versions` are in order. One query.
    """
    if not versions:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SAID_ANEW, {"party": party, "last": versions[-1]})
        told = [_said_anew(*row) for row in cursor.fetchall()]
    return {at: found[:most] for at, found in _by_version(told, versions).items()}


def _said_anew(at: datetime, record: str, version: int, run: int | None, feed: str) -> Occasion:
    words = {"record": record, "version": version, "run": run, "feed": feed}
    if run is None:
        return Occasion(at, _("%(record)s said something new: its version %(version)s") % words)
    text = _("%(record)s said something new: its version %(version)s, by run %(run)s of %(feed)s")
    return Occasion(at, text % words, reverse("feed_run", args=[run]))


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
