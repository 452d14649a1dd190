"""Asks about LEIs that are out of order: lapsed, retired, given twice, annulled, or gone from the register.

Asked is only about parties that somebody beside the register has a record of, and not where the register names a
successor that the hub knows: that is a question about two parties (`refresh_tasks`). A question ends by itself when the
news is gone, and is not asked again as long as the news is the one that a steward has noted.
"""

from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper

from stewardship.presentation.priority import PRIORITY

# What the register says of an LEI that is not to be relied on, as `ReviewTask.news` tells it; and, where its record was
# withdrawn (annulled ones and duplicates are), that.
STATUSES = ["lapsed", "retired", "merged", "duplicate", "annulled", "cancelled"]
WITHDRAWN = "withdrawn"
REGISTER = "gleif"

QUESTIONS = """
CREATE TEMP TABLE news_question ON COMMIT DROP AS
WITH news AS (
    SELECT x.party_id, left(string_agg(
        x.value || ' ' || CASE WHEN gone.id IS NULL THEN told.status ELSE %(withdrawn)s END, ', ' ORDER BY x.value
    ), 300) AS news
    FROM party_hub_partyidentifier x
    JOIN party_hub_goldenrecord g ON g.party_id = x.party_id
    LEFT JOIN LATERAL (
        SELECT i ->> 'status' AS status FROM jsonb_array_elements(g."values" -> 'identifiers') i
        WHERE i ->> 'scheme' = 'lei' AND i ->> 'value' = x.value LIMIT 1
    ) told ON TRUE
    LEFT JOIN party_hub_sourcerecord gone
           ON gone.source_id = %(register)s AND gone.key = x.value AND gone.withdrawn_at IS NOT NULL
    WHERE x.scheme_id = 'lei' AND (gone.id IS NOT NULL OR told.status = ANY(%(statuses)s)) {near}
      AND EXISTS (
          SELECT FROM party_hub_membership m JOIN party_hub_sourcerecord r ON r.id = m.record_id
          WHERE m.party_id = x.party_id AND upper_inf(m.span) AND NOT starts_with(r.source_id, %(register)s))
      AND NOT EXISTS (
          SELECT FROM party_hub_relationship r WHERE r.party_id = x.party_id AND r.type_id = 'successor'
          AND upper_inf(r.span) AND r.standing = 'connected' AND NOT r.ended)
    GROUP BY x.party_id
), asked AS (
    SELECT n.*, 'lei_status' AS kind, NULL::float AS probability, false AS contradicted, y.party_type, g.country,
           g.record_count AS records, g.source_count AS sources,
           coalesce(extract(epoch FROM now() - t.created_at) / 86400, 0) AS days
    FROM news n
    JOIN party_hub_party y ON y.id = n.party_id AND y.status = 'active'
    JOIN party_hub_goldenrecord g ON g.party_id = n.party_id
    LEFT JOIN stewardship_reviewtask t
           ON t.party_a_id = n.party_id AND t.kind = 'lei_status' AND t.state = 'open'
)
SELECT party_id AS party, news, party_type, country, {priority} AS priority FROM asked a
WHERE NOT EXISTS (
    SELECT FROM stewardship_reviewtask t
    WHERE t.party_a_id = a.party_id AND t.kind = 'lei_status' AND t.state = 'done' AND t.news = a.news)
"""
OPEN = """
INSERT INTO stewardship_reviewtask
    (kind, party_a_id, news, priority, state, judgement, reason, team_id, assigned_to_id, due_at)
SELECT 'lei_status', q.party, q.news, q.priority, 'open', '', '', rule.team_id, rule.steward_id,
       now() + make_interval(hours => rule.due_hours)
FROM news_question q
LEFT JOIN LATERAL (
    SELECT team_id, steward_id, due_hours FROM stewardship_assignmentrule a
    WHERE a.active AND a.kind IN ('', 'lei_status') AND a.party_type IN ('', q.party_type)
      AND a.country IN ('', q.country) AND a.source_id IS NULL AND a.least_priority <= q.priority
    ORDER BY a.position LIMIT 1
) rule ON TRUE
ORDER BY q.party
ON CONFLICT (party_a_id) WHERE state = 'open' AND kind = 'lei_status'
DO UPDATE SET news = excluded.news, priority = excluded.priority
RETURNING (xmax = 0) AS opened
"""
DISMISS = """
UPDATE stewardship_reviewtask t SET state = 'dismissed'
WHERE state = 'open' AND kind = 'lei_status' {near}
  AND NOT EXISTS (SELECT FROM news_question q WHERE q.party = t.party_a_id)
"""


@dataclass(frozen=True)
class NewsTasks:
    """How many questions about LEIs were opened and dismissed, and how many there are now."""

    opened: int
    dismissed: int
    open: int


def refresh_news_tasks(cursor: CursorWrapper, *, near: bool) -> NewsTasks:
    """Brings the open questions about LEIs in step; `near`: only those about the parties in the table `near_party`."""
    some = "AND {column} IN (SELECT party_id FROM near_party)"
    cursor.execute("DROP TABLE IF EXISTS news_question")
    cursor.execute(
        QUESTIONS.format(priority=PRIORITY, near=some.format(column="x.party_id") if near else ""),
        {"statuses": STATUSES, "withdrawn": WITHDRAWN, "register": REGISTER},
    )
    cursor.execute(f"WITH touched AS ({OPEN}) SELECT count(*) FILTER (WHERE opened), count(*) FROM touched")
    opened, standing = cursor.fetchone()
    cursor.execute(DISMISS.format(near=some.format(column="t.party_a_id") if near else ""))
    return NewsTasks(opened, cursor.rowcount, standing)
