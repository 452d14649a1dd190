"""Keeps the queue in step with what the match model is unsure of.

Evidence is a candidate pair in the review band, or a link that a rule holds back. It becomes one open task for each
pair of *parties*, whatever number of their records it joins; the gravest kind and the best evidence speak for the
pair. A question that has become moot is dismissed: the parties are one, one of them is gone, the evidence is, or
somebody has decided.
Set-based and idempotent: run it as often as you like.
"""

from dataclasses import asdict, dataclass

from django.db import connection, transaction

REFRESH_LOCK = 727_010

# A live decision between any two of their records answers for both parties. One exception: a held link between records
# that nobody has judged, against a decision on others of the same parties, is news for whoever decided: a conflict.
QUESTIONS = """
CREATE TEMP TABLE question ON COMMIT DROP AS
WITH evidence AS (
    SELECT 'match' AS kind, 4 AS rank, left_id, right_id, probability
    FROM matching_candidatepair WHERE band = 'review'
    UNION ALL
    SELECT CASE held WHEN 'cannot_link' THEN 'conflict' WHEN 'weak_bridge' THEN 'weak_cluster'
                     ELSE 'source_duplicate' END,
           CASE held WHEN 'cannot_link' THEN 1 WHEN 'weak_bridge' THEN 2 ELSE 3 END, left_id, right_id, score
    FROM party_hub_link WHERE held <> ''
), placed AS (
    SELECT e.*, least(l.party_id, r.party_id) AS party_a, greatest(l.party_id, r.party_id) AS party_b
    FROM evidence e
    JOIN party_hub_membership l ON l.record_id = e.left_id AND upper_inf(l.span)
    JOIN party_hub_membership r ON r.record_id = e.right_id AND upper_inf(r.span)
    WHERE l.party_id <> r.party_id
), live_decision AS (
    SELECT left_id, right_id FROM party_hub_decision
    WHERE retracted_at IS NULL AND (expires_at IS NULL OR expires_at > now())
), decided AS (
    SELECT DISTINCT least(l.party_id, r.party_id) AS party_a, greatest(l.party_id, r.party_id) AS party_b
    FROM live_decision d
    JOIN party_hub_membership l ON l.record_id = d.left_id AND upper_inf(l.span)
    JOIN party_hub_membership r ON r.record_id = d.right_id AND upper_inf(r.span)
    WHERE l.party_id <> r.party_id
), best AS (
    SELECT DISTINCT ON (p.party_a, p.party_b) p.*
    FROM placed p
    LEFT JOIN decided d USING (party_a, party_b)
    LEFT JOIN live_decision direct ON direct.left_id = p.left_id AND direct.right_id = p.right_id
    WHERE direct.left_id IS NULL AND (d.party_a IS NULL OR p.kind = 'conflict')
    ORDER BY p.party_a, p.party_b, p.rank, p.probability DESC, p.left_id, p.right_id
)
SELECT best.kind, party_a, party_b, left_id, right_id, probability, least(100, round(
           CASE kind WHEN 'conflict' THEN 35 WHEN 'weak_cluster' THEN 25 ELSE 10 END
           + 40 * 4 * probability * (1 - probability)
           + least(25, 6 * ln(ga.record_count + gb.record_count))
       ))::smallint AS priority
FROM best
JOIN party_hub_goldenrecord ga ON ga.party_id = party_a
JOIN party_hub_goldenrecord gb ON gb.party_id = party_b
JOIN party_hub_party pa ON pa.id = party_a AND pa.status = 'active'
JOIN party_hub_party pb ON pb.id = party_b AND pb.status = 'active'
"""
OPEN = """
INSERT INTO stewardship_reviewtask
    (kind, party_a_id, party_b_id, left_id, right_id, probability, priority, state, judgement, reason)
SELECT kind, party_a, party_b, left_id, right_id, probability, priority, 'open', '', '' FROM question
ORDER BY party_a, party_b
ON CONFLICT (party_a_id, party_b_id, kind) WHERE state = 'open' DO UPDATE
SET left_id = excluded.left_id, right_id = excluded.right_id, probability = excluded.probability,
    priority = excluded.priority
WHERE (stewardship_reviewtask.left_id, stewardship_reviewtask.right_id, stewardship_reviewtask.probability,
       stewardship_reviewtask.priority)
      IS DISTINCT FROM (excluded.left_id, excluded.right_id, excluded.probability, excluded.priority)
RETURNING (xmax = 0) AS opened
"""
DISMISS = """
UPDATE stewardship_reviewtask t SET state = 'dismissed'
WHERE state = 'open' AND NOT EXISTS (
    SELECT FROM question q WHERE q.party_a = t.party_a_id AND q.party_b = t.party_b_id AND q.kind = t.kind
)
"""


@dataclass(frozen=True)
class Refreshed:
    """What changed in the queue, and how many tasks are open now."""

    opened: int
    changed: int
    dismissed: int
    open: int

    def as_dict(self) -> dict[str, int]:
        """For reports."""
        return asdict(self)


@transaction.atomic
def refresh_tasks() -> Refreshed:
    """Bring the open tasks in step with candidate pairs, held links and decisions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REFRESH_LOCK])
        cursor.execute("DROP TABLE IF EXISTS question")
        cursor.execute(QUESTIONS)
        cursor.execute("CREATE INDEX ON question (party_a, party_b); ANALYZE question")
        cursor.execute(f"WITH touched AS ({OPEN}) SELECT count(*) FILTER (WHERE opened), count(*) FROM touched")
        opened, touched = cursor.fetchone()
        cursor.execute(DISMISS)
        dismissed = cursor.rowcount
        cursor.execute("SELECT count(*) FROM question")
        (still_open,) = cursor.fetchone()
    return Refreshed(opened, touched - opened, dismissed, still_open)
