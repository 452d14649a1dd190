"""Derived state recomputed from the facts and the model, or compared with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from matching.actions.match_records import match_records, one_at_a_time
from matching.engine.local import match_all
from matching.queries import active_model
from party_hub.actions.rebuild_golden import restate_identifiers
from party_hub.actions.relate_parties import relate_all
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.models import Party

_SHOWN = 20
# Each kind of derived row, first the ids that name it.
_DERIVED = {
    "link": "SELECT left_id AS a, right_id AS b, round(score::numeric, 9)::text AS c, held AS d FROM party_hub_link",
    "membership": "SELECT record_id AS a, party_id AS b, '' AS c, '' AS d FROM party_hub_membership "
    "WHERE upper_inf(span)",
    "golden record": 'SELECT party_id AS a, NULL::uuid AS b, md5("values"::text) AS c, md5(lineage::text) AS d '
    "FROM party_hub_goldenrecord",
    "identifier": "SELECT party_id AS a, NULL::uuid AS b, concat_ws(' ', scheme_id, country) AS c, value AS d "
    "FROM party_hub_partyidentifier",
    "relationship": "SELECT party_id AS a, other_id AS b, concat_ws(' ', type_id, scheme, value, exception) AS c, "
    "concat_ws(' ', standing, holders, place, branch, ended, record_id) AS d FROM party_hub_relationship "
    "WHERE upper_inf(span)",
}
_REMEMBER = [
    "CREATE TEMP TABLE derived_before AS "
    + " UNION ALL ".join(f"SELECT '{name}' AS what, * FROM ({query}) {name[:4]}" for name, query in _DERIVED.items()),
    "CREATE TEMP TABLE waiting_before AS SELECT record_id FROM party_hub_unresolvedrecord",
]
_COMPARE = f"""
CREATE TEMP TABLE derived_after AS {_REMEMBER[0].partition(" AS ")[2]};
CREATE TEMP TABLE difference AS
SELECT * FROM (
    SELECT 'stored' AS side, * FROM (TABLE derived_before EXCEPT TABLE derived_after) gone
    UNION ALL SELECT 'derived', * FROM (TABLE derived_after EXCEPT TABLE derived_before) fresh
) odd WHERE NOT EXISTS (SELECT FROM waiting_before WHERE record_id IN (odd.a, odd.b))
"""
_FIRST = "SELECT what, side, a::text, b::text, c, d FROM difference ORDER BY what, a, b, side LIMIT %s"
_FORGET = "DROP TABLE IF EXISTS derived_before, derived_after, waiting_before, difference"


@dataclass
class Rebuilt:
    """How many parties there are, how many rows of derived state differ from what the facts give, and the first of
    those."""

    parties: int = 0
    differences: int = 0
    first: list[dict[str, Any]] = field(default_factory=list)


def rebuild(*, actor: str, verify: bool = False) -> Rebuilt:
    """Recompute links, clusters and golden records of everything; with `verify` only report how they differ.

    Parties are brought in line chunk by chunk, so a rebuild that broke off is simply run again. A verification is one
    transaction that is taken back. Records that still wait to be matched are no difference: their state has not been
    derived yet.
    """
    with one_at_a_time(), _remembered():
        if not verify:
            _recompute(actor)
            return _outcome()
        with transaction.atomic():
            _recompute(actor)
            outcome = _outcome()
            transaction.set_rollback(True)
        return outcome


def _recompute(actor: str) -> None:
    match_records(model=active_model(), records=None, runner=match_all)
    resolve_parties(records=None, actor=actor)
    restate_identifiers()
    relate_all()


@contextmanager
def _remembered() -> Iterator[None]:
    """Keeps what is derived now, in temporary tables of this connection, while the block lasts."""
    with connection.cursor() as cursor:
        for statement in (_FORGET, *_REMEMBER):
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(_FORGET)


def _outcome() -> Rebuilt:
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE)
        cursor.execute("SELECT count(*) FROM difference")
        differences = int(cursor.fetchone()[0])
        cursor.execute(_FIRST, [_SHOWN])
        first = [
            {"what": what, "only": side, "row": [cell for cell in row if cell]}
            for what, side, *row in cursor.fetchall()
        ]
    return Rebuilt(Party.objects.filter(status="active").count(), differences, first)
