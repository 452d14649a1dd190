"""What was decided before about some records."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

SHOWN = 8
# Of an act about many pairs its latest row speaks.
EARLIER = """
WITH acts AS (
    SELECT DISTINCT ON (act) judgement, author, reason, created_at, retracted_at, left_id, right_id
    FROM party_hub_decision
    WHERE left_id = ANY(%(records)s::uuid[]) OR right_id = ANY(%(records)s::uuid[])
    ORDER BY act, created_at DESC, id DESC
), latest AS (
    SELECT * FROM acts ORDER BY created_at DESC LIMIT %(shown)s
)
SELECT judgement, author, reason, a.created_at, retracted_at IS NOT NULL,
       concat(l.source_id, ':', l.key), concat(r.source_id, ':', r.key)
FROM latest a
JOIN party_hub_sourcerecord l ON l.id = a.left_id
JOIN party_hub_sourcerecord r ON r.id = a.right_id
ORDER BY a.created_at DESC
"""


@dataclass(frozen=True)
class Earlier:
    """One act: what was said of which two records (as source:key), by whom, and whether it was taken back."""

    judgement: str
    author: str
    reason: str
    created_at: datetime
    taken_back: bool
    left: str
    right: str


def earlier_decisions(records: Collection[UUID]) -> list[Earlier]:
    """The last acts about these records, newest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(EARLIER, {"records": [str(record) for record in records], "shown": SHOWN})
        return [Earlier(*row) for row in cursor.fetchall()]
