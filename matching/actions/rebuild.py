"""Derived state recomputed from the facts and the model, or compared with them."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from matching.actions.match_records import match_records, one_at_a_time
from matching.engine.local import match_all
from matching.queries import active_model
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.models import Party, UnresolvedRecord

_SHOWN = 20
_LINKS = "SELECT left_id::text, right_id::text, round(score::numeric, 9)::text, held FROM party_hub_link"
_MEMBERS = "SELECT record_id::text, party_id::text FROM party_hub_membership WHERE upper_inf(span)"
_GOLDEN = 'SELECT party_id::text, md5("values"::text), md5(lineage::text) FROM party_hub_goldenrecord'


@dataclass
class Rebuilt:
    """How many parties there are, how many rows of derived state differ from what the facts give, and the first of
    those."""

    parties: int = 0
    differences: int = 0
    first: list[dict[str, Any]] = field(default_factory=list)


class _TakenBack(Exception):
    """Ends a verification: whatever was recomputed is rolled back."""


def rebuild(*, actor: str, verify: bool = False) -> Rebuilt:
    """Recompute links, clusters and golden records of everything; with `verify` only report how they differ.

    Records that still wait to be matched are no difference: their state has not been derived yet.
    """
    outcome = Rebuilt()
    with one_at_a_time():
        try:
            with transaction.atomic():
                before = _derived()
                waiting = {str(record) for record in UnresolvedRecord.objects.values_list("record_id", flat=True)}
                match_records(model=active_model(), records=None, runner=match_all)
                resolve_parties(records=None, actor=actor)
                _compare(before, _derived(), waiting, outcome)
                outcome.parties = Party.objects.filter(status="active").count()
                if verify:
                    raise _TakenBack
        except _TakenBack:
            pass
    return outcome


def _derived() -> dict[str, set[tuple[str, ...]]]:
    state: dict[str, set[tuple[str, ...]]] = {}
    with connection.cursor() as cursor:
        for name, query in (("link", _LINKS), ("membership", _MEMBERS), ("golden record", _GOLDEN)):
            cursor.execute(query)
            state[name] = {tuple(row) for row in cursor.fetchall()}
    return state


def _compare(
    before: dict[str, set[tuple[str, ...]]], after: dict[str, set[tuple[str, ...]]], waiting: set[str], outcome: Rebuilt
) -> None:
    for name, rows in after.items():
        for side, odd in (("stored", before[name] - rows), ("derived", rows - before[name])):
            for row in sorted(odd):
                if waiting.isdisjoint(row):
                    outcome.differences += 1
                    if len(outcome.first) < _SHOWN:
                        outcome.first.append({"what": name, "only": side, "row": list(row)})
