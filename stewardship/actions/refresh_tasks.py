"""Keeps the queue in step with what the match model is unsure of.

Evidence is a candidate pair in the review band, a link that a rule holds back, an identifier that only one party can
have and two have, an LEI register's word that one party is the successor of another, or a match that somebody decided
and other decisions keep from coming about. It becomes one open task for each pair of *parties*, whatever number of
their records it joins; the gravest kind and the best evidence speak for the pair. A question that has become moot is
dismissed: the parties are one, one of them is gone, the evidence is, or somebody has decided. Pins to review and LEIs
out of order are asked about in the same turn.
Set-based and idempotent: run it as often as you like, over everything or around a few records.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from party_hub.models.copy import as_array
from stewardship.presentation.priority import PRIORITY
from stewardship.queries.contradiction import CONTRADICTED

from .refresh_news_tasks import refresh_news_tasks
from .refresh_pin_tasks import REFRESH_LOCK, refresh_pin_tasks

MOST_HOLDERS = 5  # an identifier that more parties have is a placeholder, not evidence

# The parties asked about and those that hold or held the records asked about, with all their records; every statement
# below is narrowed to these.
NEAR = """
CREATE TEMP TABLE near_party ON COMMIT DROP AS
SELECT party_id FROM party_hub_membership WHERE record_id = ANY(%(records)s::uuid[])
UNION SELECT unnest(%(parties)s::uuid[]);
CREATE TEMP TABLE near_record ON COMMIT DROP AS
SELECT record_id FROM party_hub_membership JOIN near_party USING (party_id) WHERE upper_inf(span);
ANALYZE near_party, near_record;
"""
# Bulk work that has just ended has outrun the statistics, and on stale ones a refresh of everything may take for ever.
KNOW_SIZES = """
ANALYZE matching_candidatepair, party_hub_link, party_hub_decision, party_hub_membership, party_hub_partyidentifier,
    party_hub_relationship, party_hub_goldenrecord, party_hub_party, stewardship_reviewtask
"""
# Ids by one side and by the other: each has its index, which a plain OR would not use.
EITHER = """
AND {alias}.id IN (
    SELECT o.id FROM {near} n JOIN {table} o ON o.{one} = n.{key} {only}
    UNION ALL SELECT o.id FROM {near} n JOIN {table} o ON o.{other} = n.{key} {only}
)"""
NEAR_HOLDER = """
AND (x.scheme_id, x.value) IN (
    SELECT o.scheme_id, o.value FROM near_party JOIN party_hub_partyidentifier o USING (party_id)
)
AND (x.party_id IN (SELECT * FROM near_party) OR y.party_id IN (SELECT * FROM near_party))"""

# A pair that is held unlikelier than not is no question where the parties contradict each other: each names an
# identifier that one party can have, and no scheme agrees. Likelier ones are asked, for identifiers can be wrong.
#
# A live decision between any two of their records answers for both parties. Two exceptions: a held link between records
# that nobody has judged, against a decision on others of the same parties, is news for whoever decided: a conflict, as
# are decisions that cannot all hold (a record that comes back can make them so). And a first reader's "unsure" answers
# nothing while a second reader is asked.
QUESTIONS = """
CREATE TEMP TABLE question ON COMMIT DROP AS
WITH placed_decision AS (
    SELECT d.left_id, d.right_id, d.judgement, d.score,
           least(l.party_id, r.party_id) AS party_a, greatest(l.party_id, r.party_id) AS party_b
    FROM party_hub_decision d
    JOIN party_hub_membership l ON l.record_id = d.left_id AND upper_inf(l.span)
    JOIN party_hub_membership r ON r.record_id = d.right_id AND upper_inf(r.span)
    WHERE d.retracted_at IS NULL AND (d.expires_at IS NULL OR d.expires_at > now()) AND l.party_id <> r.party_id
      {near_decision}
), evidence AS (
    SELECT 'match' AS kind, 7 AS rank, left_id, right_id, probability
    FROM matching_candidatepair p WHERE band = 'review' {near_pair}
    UNION ALL
    SELECT CASE held WHEN 'cannot_link' THEN 'conflict' WHEN 'weak_bridge' THEN 'weak_cluster'
                     WHEN 'same_source' THEN 'source_duplicate' ELSE held END,
           CASE held WHEN 'cannot_link' THEN 1 WHEN 'ambiguous' THEN 3 WHEN 'weak_bridge' THEN 4
                     WHEN 'contradiction' THEN 5 ELSE 6 END, left_id, right_id, score
    FROM party_hub_link l WHERE held <> '' {near_link}
    UNION ALL
    SELECT 'identifier', 2, least(l.id, r.id), greatest(l.id, r.id), NULL
    FROM party_hub_partyidentifier x
    JOIN party_hub_identifierscheme s ON s.code = x.scheme_id AND s.one_per_party
    JOIN party_hub_partyidentifier y
      ON y.scheme_id = x.scheme_id AND y.value = x.value AND y.country = x.country AND x.party_id < y.party_id
    CROSS JOIN LATERAL ({says_it_x}) l
    CROSS JOIN LATERAL ({says_it_y}) r
    WHERE (SELECT count(*) FROM party_hub_partyidentifier o
           WHERE o.scheme_id = x.scheme_id AND o.value = x.value AND o.country = x.country) <= {most_holders}
      {near_holder}
    UNION ALL
    SELECT 'lei_news', 2, least(n.record_id, r.id), greatest(n.record_id, r.id), NULL
    FROM party_hub_relationship n
    JOIN party_hub_partyidentifier y ON y.party_id = n.other_id AND y.scheme_id = n.scheme AND y.value = n.value
    CROSS JOIN LATERAL ({says_it_y}) r
    WHERE n.type_id = 'successor' AND upper_inf(n.span) AND n.standing = 'connected' AND NOT n.ended {near_news}
    UNION ALL
    SELECT 'conflict', 1, left_id, right_id, score FROM placed_decision WHERE judgement = 'match'
), placed AS (
    SELECT e.*, least(l.party_id, r.party_id) AS party_a, greatest(l.party_id, r.party_id) AS party_b
    FROM evidence e
    JOIN party_hub_membership l ON l.record_id = e.left_id AND upper_inf(l.span)
    JOIN party_hub_membership r ON r.record_id = e.right_id AND upper_inf(r.span)
    WHERE l.party_id <> r.party_id
), live_decision AS (
    SELECT * FROM placed_decision d
    WHERE NOT (d.judgement = 'unsure' AND EXISTS (
        SELECT FROM stewardship_reviewtask t
        WHERE t.state = 'open' AND t.first_reader_id IS NOT NULL
          AND t.party_a_id = d.party_a AND t.party_b_id = d.party_b))
), decided AS (
    SELECT DISTINCT party_a, party_b FROM live_decision
), best AS (
    SELECT DISTINCT ON (p.party_a, p.party_b) p.*
    FROM placed p
    LEFT JOIN decided d USING (party_a, party_b)
    LEFT JOIN live_decision direct ON direct.left_id = p.left_id AND direct.right_id = p.right_id
    WHERE (direct.left_id IS NULL OR direct.judgement = 'match') AND (d.party_a IS NULL OR p.kind = 'conflict')
      AND (p.kind <> 'match' OR p.probability >= 0.5 OR NOT coalesce(({contradicted}), false))
    ORDER BY p.party_a, p.party_b, p.rank, p.probability DESC NULLS LAST, p.left_id, p.right_id
), weighed AS (
    SELECT p.*, pa.party_type, ga.country, ga.record_count + gb.record_count AS records,
           ga.source_count + gb.source_count AS sources,
           p.kind = 'match' AND coalesce(({contradicted}), false) AS contradicted,
           coalesce(extract(epoch FROM now() - t.created_at) / 86400, 0) AS days
    FROM best p
    JOIN party_hub_goldenrecord ga ON ga.party_id = party_a
    JOIN party_hub_goldenrecord gb ON gb.party_id = party_b
    JOIN party_hub_party pa ON pa.id = party_a AND pa.status = 'active'
    JOIN party_hub_party pb ON pb.id = party_b AND pb.status = 'active'
    LEFT JOIN stewardship_reviewtask t
           ON t.party_a_id = party_a AND t.party_b_id = party_b AND t.kind = p.kind AND t.state = 'open'
)
SELECT kind, party_a, party_b, left_id, right_id, probability, party_type, country, {priority} AS priority FROM weighed
"""
SAYS_IT = """
SELECT r.id FROM party_hub_membership m JOIN party_hub_sourcerecord r ON r.id = m.record_id
WHERE m.party_id = {side}.party_id AND upper_inf(m.span) AND r.attributes -> 'identifiers'
      @> jsonb_build_array(jsonb_build_object('scheme', {side}.scheme_id, 'value', {side}.value))
ORDER BY r.id LIMIT 1
"""
OPEN = """
INSERT INTO stewardship_reviewtask
    (kind, party_a_id, party_b_id, left_id, right_id, probability, priority, state, judgement, reason,
     team_id, assigned_to_id, due_at)
SELECT q.kind, party_a, party_b, left_id, right_id, probability, priority, 'open', '', '',
       rule.team_id, rule.steward_id, now() + make_interval(hours => rule.due_hours)
FROM question q
JOIN party_hub_sourcerecord l ON l.id = q.left_id
JOIN party_hub_sourcerecord r ON r.id = q.right_id
LEFT JOIN LATERAL (
    SELECT team_id, steward_id, due_hours FROM stewardship_assignmentrule a
    WHERE a.active AND a.kind IN ('', q.kind) AND a.party_type IN ('', q.party_type) AND a.country IN ('', q.country)
      AND (a.source_id IS NULL OR a.source_id IN (l.source_id, r.source_id)) AND a.least_priority <= q.priority
    ORDER BY a.position LIMIT 1
) rule ON TRUE
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
WHERE state = 'open' AND pin_id IS NULL AND kind <> 'lei_status' {near_task} AND NOT EXISTS (
    SELECT FROM question q WHERE q.party_a = t.party_a_id AND q.party_b = t.party_b_id AND q.kind = t.kind
)
"""

# The columns of a table's two ends, where they are parties.
ENDS = {
    "stewardship_reviewtask": ("party_a_id", "party_b_id"),
    "party_hub_relationship": ("party_id", "other_id"),
}


@dataclass(frozen=True)
class Refreshed:
    """What changed in the queue, and how many tasks there are now (around the records, where some were named)."""

    opened: int
    changed: int
    dismissed: int
    open: int

    def as_dict(self) -> dict[str, int]:
        """For reports."""
        return asdict(self)


@transaction.atomic
def refresh_tasks(*, records: Collection[UUID | str] = (), parties: Collection[UUID | str] = ()) -> Refreshed:
    """Bring the open tasks in step with candidate pairs, held links, identifiers and decisions.

    With `records` or `parties`, only the tasks about these parties and those that hold or held these records: what a
    single act can have changed.
    """
    near = bool(records or parties)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REFRESH_LOCK])
        cursor.execute("DROP TABLE IF EXISTS question, near_party, near_record")
        if near:
            cursor.execute(NEAR, {"records": as_array(records), "parties": as_array(parties)})
        else:
            cursor.execute(KNOW_SIZES)
        cursor.execute(_narrowed(QUESTIONS, near))
        cursor.execute("CREATE INDEX ON question (party_a, party_b); ANALYZE question")
        cursor.execute(f"WITH touched AS ({OPEN}) SELECT count(*) FILTER (WHERE opened), count(*) FROM touched")
        opened, touched = cursor.fetchone()
        cursor.execute(_narrowed(DISMISS, near))
        dismissed = cursor.rowcount
        cursor.execute("SELECT count(*) FROM question")
        (still_open,) = cursor.fetchone()
        pins, news = refresh_pin_tasks(cursor, near=near), refresh_news_tasks(cursor, near=near)
    return Refreshed(
        opened + pins.opened + news.opened,
        touched - opened,
        dismissed + pins.dismissed + news.dismissed,
        still_open + pins.open + news.open,
    )


@transaction.atomic
def refresh_at_once(*, records: Collection[UUID | str]) -> None:
    """Refresh the tasks around these records, for somebody who waits for it; not where another refresh is at work,
    which may take long: the one that was handed over then does it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [REFRESH_LOCK])
        (alone,) = cursor.fetchone()
    if alone:
        refresh_tasks(records=records)


def _narrowed(statement: str, near: bool) -> str:
    """The statement with its parts filled in, over everything or near the records asked about."""
    parts: dict[str, Any] = {
        "priority": PRIORITY,
        "most_holders": MOST_HOLDERS,
        "contradicted": CONTRADICTED,
        "says_it_x": SAYS_IT.format(side="x"),
        "says_it_y": SAYS_IT.format(side="y"),
        "near_pair": _either("p", "matching_candidatepair") if near else "",
        "near_link": _either("l", "party_hub_link", "AND o.held <> ''") if near else "",
        "near_decision": _either("d", "party_hub_decision", "AND o.retracted_at IS NULL") if near else "",
        "near_holder": NEAR_HOLDER if near else "",
        "near_news": _either("n", "party_hub_relationship", "AND upper_inf(o.span)", of="party") if near else "",
        "near_task": _either("t", "stewardship_reviewtask", "AND o.state = 'open'", of="party") if near else "",
    }
    return statement.format(**parts)


def _either(alias: str, table: str, only: str = "", of: str = "record") -> str:
    """The condition that a row's left or right record, or its party A or B, is near."""
    one, other = ENDS.get(table, ("left_id", "right_id"))
    return EITHER.format(alias=alias, table=table, only=only, near=f"near_{of}", key=f"{of}_id", one=one, other=other)
