"""How parties stand to each other: parents, children, and the whole group."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q

from party_hub.models import Relationship

GROUP_LIMIT = 1_000
DEPTH_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship seen from a party. `other` is its parent or child, `source`/`key` the record that says so."""

    direction: str
    kind: str
    other: UUID
    other_name: str
    other_type: str
    source: str
    key: str


@dataclass(frozen=True, slots=True)
class GroupMember:
    """A party in a hierarchy. `parent` is None at the top, `depth` 0 there."""

    id: UUID
    name: str
    party_type: str
    country: str
    parent: UUID | None
    kind: str
    depth: int


def relationships(party: UUID, *, limit: int = GROUP_LIMIT) -> list[Relation]:
    """What stands directly above and below the party. One query."""
    found = (
        Relationship.objects.filter(Q(parent=party) | Q(child=party))
        .select_related("parent__golden", "child__golden", "record")
        .order_by("kind", "parent", "child")[:limit]
    )
    relations = []
    for relationship in found:
        above = relationship.child_id == party
        other = relationship.parent if above else relationship.child
        relations.append(
            Relation(
                direction="parent" if above else "child",
                kind=relationship.kind,
                other=other.id,
                other_name=other.golden.name if hasattr(other, "golden") else "",
                other_type=other.party_type,
                source=relationship.record.source_id,
                key=relationship.record.key,
            )
        )
    return relations


# Up to whoever has no parent, then down again; `path` ends circles.
GROUP = """
WITH RECURSIVE up(id, height, path) AS (
    SELECT %(party)s::uuid, 0, ARRAY[%(party)s::uuid]
    UNION ALL
    SELECT r.parent_id, up.height + 1, up.path || r.parent_id
    FROM up JOIN LATERAL (
        SELECT parent_id FROM party_hub_relationship WHERE child_id = up.id
        ORDER BY kind = 'ultimate_parent', parent_id LIMIT 1
    ) r ON NOT r.parent_id = ANY(up.path) AND up.height < %(depth)s
), top AS (SELECT id FROM up ORDER BY height DESC LIMIT 1),
down(id, parent, kind, depth, path) AS (
    SELECT id, NULL::uuid, ''::varchar, 0, ARRAY[id] FROM top
    UNION ALL
    SELECT r.child_id, r.parent_id, r.kind, down.depth + 1, down.path || r.child_id
    FROM down JOIN party_hub_relationship r ON r.parent_id = down.id
    WHERE NOT r.child_id = ANY(down.path) AND down.depth < %(depth)s
), nearest AS (SELECT DISTINCT ON (id) id, parent, kind, depth FROM down ORDER BY id, depth DESC, kind)
SELECT n.id, coalesce(g.name, ''), p.party_type, coalesce(g.country, ''), n.parent, n.kind, n.depth
FROM nearest n JOIN party_hub_party p ON p.id = n.id LEFT JOIN party_hub_goldenrecord g ON g.party_id = n.id
ORDER BY n.depth, g.name, n.id LIMIT %(limit)s
"""


def hierarchy(party: UUID, *, limit: int = GROUP_LIMIT) -> list[GroupMember]:
    """The group that the party belongs to, from its top down; the party alone where it has no relations. One query."""
    with connection.cursor() as cursor:
        cursor.execute(GROUP, {"party": party, "depth": DEPTH_LIMIT, "limit": limit})
        return [GroupMember(*row) for row in cursor.fetchall()]
