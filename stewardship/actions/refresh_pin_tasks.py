"""Asks about pins: what the sources say beneath one has changed since it was set, or its end is near.

`domain.lineage` tells what lies beneath each pin now; the pin remembers what it was. A pin that was set within the days
before its end is not asked about, for whoever set it knew; one that was set before pins remembered is asked about its
end alone.
"""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from stewardship.presentation.priority import PRIORITY

REFRESH_LOCK = 727_010
DAYS_BEFORE_END = 14

QUESTIONS = """
CREATE TEMP TABLE pin_question ON COMMIT DROP AS
WITH standing AS (
    SELECT DISTINCT ON (p.id) p.id AS pin, p.beneath, p.expires_at, g.party_id, y.party_type, g.country,
           g.record_count AS records, g.source_count AS sources, p.source_id,
           p.source_id IS NOT NULL OR p.record_id IS NOT NULL AS forbids,
           coalesce(p.opened_in IS NOT NULL OR p.created_at < p.expires_at - %(near_end)s::interval, FALSE) AS long_set,
           g.lineage #> ARRAY['attributes', p.attribute::text] AS told
    FROM party_hub_pin p
    LEFT JOIN party_hub_redirect r ON r.retired_id = p.party_id
    JOIN party_hub_goldenrecord g ON g.party_id = coalesce(r.survivor_id, p.party_id)
    JOIN party_hub_party y ON y.id = g.party_id AND y.status = 'active'
    WHERE p.retracted_at IS NULL AND (p.expires_at IS NULL OR p.expires_at > now()) {near}
    ORDER BY p.id, g.party_id
), asked AS (
    SELECT s.*, 'pin' AS kind, NULL::float AS probability, false AS contradicted,
           coalesce(extract(epoch FROM now() - t.created_at) / 86400, 0) AS days,
           CASE WHEN forbids THEN coalesce((
                    SELECT jsonb_agg(one -> 'value' ORDER BY place)
                    FROM jsonb_array_elements(told -> 'lost') WITH ORDINALITY AS lost(one, place)
                    WHERE (one ->> 'forbidden')::bigint = s.pin), '[]')
                WHEN told ? 'beneath' THEN jsonb_build_array(told -> 'beneath') ELSE '[]' END AS beneath_now
    FROM standing s LEFT JOIN stewardship_reviewtask t ON t.pin_id = s.pin AND t.state = 'open'
    WHERE forbids OR (told ->> 'pin')::bigint = s.pin
)
SELECT pin, party_id AS party, party_type, country, source_id, {priority} AS priority FROM asked
WHERE beneath <> beneath_now OR (long_set AND expires_at < now() + %(near_end)s::interval)
"""
OPEN = """
INSERT INTO stewardship_reviewtask
    (kind, party_a_id, pin_id, priority, state, judgement, reason, team_id, assigned_to_id, due_at)
SELECT 'pin', q.party, q.pin, q.priority, 'open', '', '', rule.team_id, rule.steward_id,
       least(now() + make_interval(hours => rule.due_hours), p.expires_at)
FROM pin_question q
JOIN party_hub_pin p ON p.id = q.pin
LEFT JOIN LATERAL (
    SELECT team_id, steward_id, due_hours FROM stewardship_assignmentrule a
    WHERE a.active AND a.kind IN ('', 'pin') AND a.party_type IN ('', q.party_type) AND a.country IN ('', q.country)
      AND (a.source_id IS NULL OR a.source_id = q.source_id) AND a.least_priority <= q.priority
    ORDER BY a.position LIMIT 1
) rule ON TRUE
ORDER BY q.pin
ON CONFLICT (pin_id) WHERE state = 'open' DO UPDATE SET party_a_id = excluded.party_a_id, priority = excluded.priority
RETURNING (xmax = 0) AS opened
"""
DISMISS = """
UPDATE stewardship_reviewtask t SET state = 'dismissed'
WHERE state = 'open' AND pin_id IS NOT NULL {near} AND NOT EXISTS (SELECT FROM pin_question q WHERE q.pin = t.pin_id)
"""


@dataclass(frozen=True)
class PinTasks:
    """How many questions about pins were opened and dismissed, and how many there are now."""

    opened: int
    dismissed: int
    open: int


@transaction.atomic
def review_pins() -> PinTasks:
    """Asks about every pin that is to be looked at, for time alone brings the end of one near. Idempotent."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REFRESH_LOCK])
        return refresh_pin_tasks(cursor, near=False)


def refresh_pin_tasks(cursor: CursorWrapper, *, near: bool) -> PinTasks:
    """Brings the open questions about pins in step; `near`: only those about the parties in the table `near_party`."""
    some = "AND {column} IN (SELECT party_id FROM near_party)"
    cursor.execute("DROP TABLE IF EXISTS pin_question")
    cursor.execute(
        QUESTIONS.format(priority=PRIORITY, near=some.format(column="g.party_id") if near else ""),
        {"near_end": f"{DAYS_BEFORE_END} days"},
    )
    cursor.execute(f"WITH touched AS ({OPEN}) SELECT count(*) FILTER (WHERE opened), count(*) FROM touched")
    opened, standing = cursor.fetchone()
    cursor.execute(DISMISS.format(near=some.format(column="t.party_a_id") if near else ""))
    return PinTasks(opened, cursor.rowcount, standing)
