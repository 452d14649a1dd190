"""How a party stands to others, and the tree that it hangs in: now, or as the hub knew it at a time."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from party_hub.models import GoldenRecord

SHOWN = 1_000  # relationships listed, parties of a tree shown
COUNTED = 20_000  # parties of a tree counted
DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Related:
    """One relationship seen from a party.

    `direction` is "to" where the party's own records say it, "from" where the other's do; `label` says in words what
    the other is. `other` is None where nobody in the hub has the identifier, or where `exception` says why there is
    none. Of several that exclude each other, the one that `leads` won. `source` and `key` name the record that says it.
    """

    direction: str
    type: str
    label: str
    other: UUID | None
    other_name: str
    other_type: str
    scheme: str
    value: str
    exception: str
    reference: str
    standing: str
    holders: int
    since: date | None
    until: date | None
    share: Decimal | None
    ended: bool
    leads: bool
    source: str
    key: str


@dataclass(frozen=True, slots=True)
class GroupMember:
    """A party in a tree. `parent` is None at the top, `depth` 0 there; `type` is by what it hangs on its parent.

    `descendants` counts all below it, `hidden` those directly below that are left out of the answer.
    """

    id: UUID
    name: str
    party_type: str
    country: str
    parent: UUID | None
    type: str
    label: str
    share: Decimal | None
    depth: int
    descendants: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Tree:
    """A party's group, each party after the one above it. `total` counts them, those left out too, up to `COUNTED`.

    `cycle` names the parties that stand above each other in a circle; the tree then begins at one of them.
    """

    members: list[GroupMember]
    total: int
    cycle: tuple[UUID, ...]
    cycle_names: tuple[str, ...]


NOW = "upper_inf(r.span)"
THEN = "r.span @> %(moment)s::timestamptz"
NAMED_NOW = """
SELECT g.name, p.party_type FROM party_hub_goldenrecord g JOIN party_hub_party p ON p.id = g.party_id
WHERE g.party_id = r.far_end
"""
NAMED_THEN = """
SELECT g.name, p.party_type FROM party_hub_historicalgoldenrecord g JOIN party_hub_party p ON p.id = g.party_id
WHERE g.party_id = r.far_end AND g.history_date <= %(moment)s ORDER BY g.history_date DESC, g.history_id DESC LIMIT 1
"""
RELATED = """
SELECT CASE WHEN r.outward THEN 'to' ELSE 'from' END, r.type_id,
    CASE WHEN r.outward THEN r.type_name ELSE r.inverse_name END, r.far_end,
    coalesce(named.name, ''), coalesce(named.party_type, ''), r.scheme, r.value, r.exception, r.reference, r.standing,
    r.holders, r.since, r.until, r.share, r.ended, NOT r.ended AND (r.place = 1 OR NOT r.one_at_a_time),
    coalesce(said.source_id, ''), coalesce(said.key, '')
FROM (
    SELECT r.*, r.party_id = %(party)s AS outward, t.name AS type_name, t.inverse_name, t.one_at_a_time,
        CASE WHEN r.party_id = %(party)s THEN r.other_id ELSE r.party_id END AS far_end,
        row_number() OVER (ORDER BY t.position, t.code, r.place, r.party_id, r.other_id) AS number
    FROM party_hub_relationship r JOIN party_hub_relationshiptype t ON t.code = r.type_id
    WHERE (r.party_id = %(party)s OR r.other_id = %(party)s) AND {at}
    ORDER BY number LIMIT %(limit)s
) AS r
LEFT JOIN party_hub_sourcerecord said ON said.id = r.record_id
LEFT JOIN LATERAL ({named}) AS named ON true
ORDER BY r.number
"""


def relationships(party: UUID, *, known_at: datetime | None = None, limit: int = SHOWN) -> list[Related]:
    """What the party's records say of others and others' of it, by type, what leads first. One query."""
    related = RELATED.format(at=NOW, named=NAMED_NOW) if known_at is None else RELATED.format(at=THEN, named=NAMED_THEN)
    with connection.cursor() as cursor:
        cursor.execute(related, {"party": party, "moment": known_at, "limit": limit})
        return [Related(*row) for row in cursor.fetchall()]


def _names(parties: Collection[UUID], known_at: datetime | None) -> dict[UUID, tuple[str, str, str]]:
    """Name, party type and country of each party, as known then. One query."""
    if known_at is None:
        rows = GoldenRecord.objects.filter(party__in=parties).values_list(
            "party", "name", "party__party_type", "country"
        )
    else:
        history = GoldenRecord.history.filter(party_id__in=parties, history_date__lte=known_at)
        newest = history.order_by("party_id", "-history_date", "-history_id").distinct("party_id")
        rows = newest.values_list("party_id", "name", "party__party_type", "country")
    return {party: (name, party_type, country) for party, name, party_type, country in rows}


UP = """
WITH RECURSIVE up(id, height) AS (
    SELECT %(party)s::uuid, 0
    UNION ALL
    SELECT r.other_id, up.height + 1
    FROM up JOIN party_hub_relationship r ON r.party_id = up.id AND r.branch AND {at} WHERE up.height < %(deepest)s
) CYCLE id SET again USING path
SELECT id, again FROM up ORDER BY height
"""
# Every party hangs on one branch, so whatever is below the top comes once.
DOWN = """
WITH RECURSIVE down(id, parent, type_id, share, depth) AS (
    SELECT %(top)s::uuid, NULL::uuid, ''::varchar, NULL::numeric, 0
    UNION ALL
    SELECT r.party_id, r.other_id, r.type_id, r.share, down.depth + 1
    FROM down JOIN party_hub_relationship r ON r.other_id = down.id AND r.branch AND {at}
    WHERE r.party_id <> %(top)s AND down.depth < %(deepest)s
)
SELECT d.id, d.parent, d.type_id, coalesce(t.inverse_name, ''), d.share, d.depth
FROM (SELECT * FROM down LIMIT %(counted)s) d LEFT JOIN party_hub_relationshiptype t ON t.code = d.type_id
ORDER BY d.depth
"""
Row = tuple[UUID, UUID | None, str, str, Decimal | None, int]


def hierarchy(party: UUID, *, known_at: datetime | None = None, limit: int = SHOWN) -> Tree:
    """The tree that the party hangs in, from its top down; the party alone where nobody stands above or below.

    Of a larger one the upper part is shown, and the way from the top to the party. Three queries.
    """
    at = {"at": NOW if known_at is None else THEN}
    parameters = {"party": party, "moment": known_at, "deepest": DEEPEST, "counted": COUNTED}
    with connection.cursor() as cursor:
        cursor.execute(UP.format(**at), parameters)
        way = cursor.fetchall()
        chain = [id for id, _ in way]
        cycle = tuple(chain[chain.index(chain[-1]) : -1]) if way[-1][1] else ()
        top = min(cycle) if cycle else chain[-1]
        cursor.execute(DOWN.format(**at), {**parameters, "top": top})
        rows: list[Row] = cursor.fetchall()
    shown = {row[0] for row in rows[:limit]} | set(chain)
    names = _names(shown, known_at)
    members = list(_in_order([row for row in rows if row[0] in shown], rows, names))
    return Tree(members, len(rows), cycle, tuple(names.get(one, ("",))[0] for one in cycle))


def _in_order(shown: list[Row], rows: list[Row], names: dict[UUID, tuple[str, str, str]]) -> Iterator[GroupMember]:
    """The shown parties, each after its parent and its elder siblings' children, siblings by name."""
    below: dict[UUID | None, list[Row]] = {}
    directly: dict[UUID | None, int] = {}
    descendants: dict[UUID | None, int] = {}
    for id, parent, *_ in reversed(rows):  # the deepest first
        directly[parent] = directly.get(parent, 0) + 1
        descendants[parent] = descendants.get(parent, 0) + 1 + descendants.get(id, 0)
    for row in shown:
        below.setdefault(row[1], []).append(row)
    waiting = list(below.get(None, ()))
    while waiting:
        id, parent, type, label, share, depth = waiting.pop()
        children = below.get(id, [])
        waiting += sorted(children, key=lambda row: (names.get(row[0], ("",))[0].casefold(), row[0]), reverse=True)
        name, party_type, country = names.get(id, ("", "", ""))
        hidden = directly.get(id, 0) - len(children)
        yield GroupMember(
            id, name, party_type, country, parent, type, label, share, depth, descendants.get(id, 0), hidden
        )
