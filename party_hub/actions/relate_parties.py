"""Relationships between parties, worked out from what source records say of their parents."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from party_hub.models.copy import as_uuids

FORGET = """
DELETE FROM party_hub_relationship WHERE child_id = ANY(%(touched)s::uuid[]) OR parent_id = ANY(%(touched)s::uuid[])
"""
# From both ends: a child that names its parent, and a parent that turns up after its children.
RELATE = """
INSERT INTO party_hub_relationship (parent_id, child_id, kind, record_id)
SELECT DISTINCT i.party_id, m.party_id, 'ultimate_parent', r.id
FROM party_hub_sourcerecord r
JOIN party_hub_membership m ON m.record_id = r.id AND upper_inf(m.span)
JOIN party_hub_partyidentifier i ON i.scheme_id = 'duns' AND i.value = r.attributes->>'ultimate_parent_duns'
WHERE r.attributes ? 'ultimate_parent_duns' AND r.withdrawn_at IS NULL AND i.party_id <> m.party_id AND {end}
ON CONFLICT DO NOTHING
"""


def relate_parties(*, touched: Collection[UUID]) -> None:
    """Rebuilds the relationships in which one of the `touched` parties has a part, in the transaction at hand."""
    parameters = {"touched": as_uuids(touched)}
    with connection.cursor() as cursor:
        cursor.execute(FORGET, parameters)
        cursor.execute(RELATE.format(end="m.party_id = ANY(%(touched)s::uuid[])"), parameters)
        cursor.execute(RELATE.format(end="i.party_id = ANY(%(touched)s::uuid[])"), parameters)
