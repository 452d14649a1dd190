"""What the match model joins: links are derived, so they are replaced, never edited."""

from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from party_hub.models.copy import as_array, copy_in


class LinkRow(NamedTuple):
    """A pair that the model joins, with its probability, in whichever order the two come; and by how many log-odds it
    must beat a rival where the rival's identifiers contradict it."""

    left: UUID | str
    right: UUID | str
    score: float
    margin: float = 0.0


@transaction.atomic
def replace_links(*, records: Collection[UUID | str] | None, links: Iterable[LinkRow], model_version: str) -> int:
    """Makes `links` the only ones that touch `records` (None: the only ones at all); gives how many there are.

    Must be followed by `resolve_parties`: it is, because the records still wait in `UnresolvedRecord` until that
    settles them.
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS new_links")
        cursor.execute(
            "CREATE TEMP TABLE new_links (left_id uuid, right_id uuid, score float8, margin real) ON COMMIT DROP"
        )
        copy_in("new_links", ("left_id", "right_id", "score", "margin"), links)
        if records is None:
            cursor.execute("DELETE FROM party_hub_link")
        else:
            ids = as_array(records)
            cursor.execute("DELETE FROM party_hub_link WHERE left_id = ANY(%s::uuid[])", [ids])
            cursor.execute("DELETE FROM party_hub_link WHERE right_id = ANY(%s::uuid[])", [ids])
        cursor.execute(
            "INSERT INTO party_hub_link (left_id, right_id, score, margin, model_version, held) "
            "SELECT DISTINCT ON (1, 2) least(left_id, right_id), greatest(left_id, right_id), score, margin, %s, '' "
            "FROM new_links "
            "ORDER BY 1, 2, 3 DESC ON CONFLICT DO NOTHING",
            [model_version],
        )
        return int(cursor.rowcount)


def drop_links(pairs: Collection[tuple[UUID, UUID]]) -> set[str]:
    """Take away the links of these pairs (the smaller id first) that there are; gives the ids of the records that had
    one, which must be resolved."""
    if not pairs:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM party_hub_link l USING unnest(%s::uuid[], %s::uuid[]) AS gone(one, other) "
            "WHERE l.left_id = gone.one AND l.right_id = gone.other RETURNING l.left_id::text, l.right_id::text",
            [as_array(side) for side in zip(*pairs, strict=True)],
        )
        return {record for pair in cursor.fetchall() for record in pair}
