"""Makes a loaded hub as large as wished by copying what it holds, in SQL and without acts.

Every copy has ids, keys, identifiers and searched names of its own, and names others by theirs; what records say
besides, scores and lineages stay as the main job made them. Twins (the same record in two copies) become the questions
that are missing, open and answered.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from matching.models import CandidatePair
from party_hub.models import (
    Decision,
    GoldenRecord,
    Link,
    Membership,
    OutboxEvent,
    Party,
    PartyIdentifier,
    Redirect,
    Relationship,
    SourceRecord,
)
from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.models import ReviewTask

COPY_OF = """
CREATE OR REPLACE FUNCTION pg_temp.copy_of(id uuid, n int) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN md5(id::text || n)::uuid
"""
# Else a hundred copies would hang on one parent.
NAMING_ITS_OWN = """
CREATE OR REPLACE FUNCTION pg_temp.naming_its_own(said jsonb, n int) RETURNS jsonb LANGUAGE sql IMMUTABLE
RETURN CASE WHEN said ? 'relations' THEN said || jsonb_build_object('relations', (
    SELECT jsonb_agg(CASE WHEN item ? 'value' THEN item || jsonb_build_object('value', (item->>'value') || '-' || n)
                     ELSE item END ORDER BY place)
    FROM jsonb_array_elements(said->'relations') WITH ORDINALITY AS listed (item, place)
)) ELSE said END
"""
# Lineage names each record once, with id and key.
LINEAGE = """lineage || jsonb_build_object('records', (
    SELECT jsonb_agg(r || jsonb_build_object(
        'record', pg_temp.copy_of((r->>'record')::uuid, n), 'key', (r->>'key') || '-' || n) ORDER BY place)
    FROM jsonb_array_elements(lineage->'records') WITH ORDINALITY AS said (r, place)))"""
# Other vowels make another name, as long and as common in its trigrams.
NAMED = "translate({}, 'aeiou', substr('aeiouaeiou', 1 + n %% 5, 5)) || ' ' || to_hex(n)"
# What a row refers to comes before it. Columns that are neither UUIDs nor named here stay as they are.
COPIED: dict[type[Model], dict[str, str]] = {
    Party: {},
    SourceRecord: {"key": "key || '-' || n", "attributes": "pg_temp.naming_its_own(attributes, n)"},
    Membership: {},
    GoldenRecord: {
        "values": 'pg_temp.naming_its_own("values", n)', "lineage": LINEAGE, "name": NAMED.format("name"),
        "search_names": NAMED.format("search_names"),
    },
    GoldenRecord.history.model: {
        "values": 'pg_temp.naming_its_own("values", n)', "lineage": LINEAGE, "name": NAMED.format("name")
    },
    PartyIdentifier: {"value": "value || '-' || n"},
    Redirect: {},
    Relationship: {"value": "CASE WHEN value <> '' THEN value || '-' || n ELSE '' END"},
    Link: {},
    Decision: {},
    CandidatePair: {},
    OutboxEvent: {
        "key": "pg_temp.copy_of(key::uuid, n)::text",
        "payload": "payload || jsonb_build_object('partyId', pg_temp.copy_of(key::uuid, n))",
    },
}  # fmt: skip
# One record of each party, with numbers to draw from: which party, and in which copy.
TWINS = """
CREATE TEMP TABLE twin AS
WITH one AS (
    SELECT DISTINCT ON (m.party_id) m.party_id, m.record_id, r.party_type
    FROM party_hub_membership m JOIN party_hub_sourcerecord r ON r.id = m.record_id
    WHERE upper_inf(m.span) ORDER BY m.party_id, m.record_id
), scored AS (
    SELECT kind, model_version, total, probability, contributions,
           row_number() OVER (PARTITION BY kind ORDER BY id) AS number, count(*) OVER (PARTITION BY kind) AS all_of_kind
    FROM matching_candidatepair WHERE band = 'review'
), numbered AS (
    SELECT *, row_number() OVER (ORDER BY party_id) AS number,
           CASE party_type WHEN 'individual' THEN 'individual' ELSE 'organisation' END AS kind
    FROM one
)
SELECT o.party_id AS party, o.record_id AS record, o.number, s.kind, s.model_version, s.total, s.probability,
       s.contributions
FROM numbered o JOIN scored s ON s.kind = o.kind AND s.number = 1 + o.number % s.all_of_kind
"""
# The pair of one record in copies n and n + `apart`, for the first `most` of them.
PAIRS = """
INSERT INTO matching_candidatepair (left_id, right_id, kind, model_version, total, probability, contributions, band)
SELECT least(a, b), greatest(a, b), kind, model_version, total, probability, contributions, 'review'
FROM twin CROSS JOIN generate_series(1, %(copies)s - 1 - %(apart)s) AS n
CROSS JOIN LATERAL (SELECT pg_temp.copy_of(record, n) AS a, pg_temp.copy_of(record, n + %(apart)s) AS b) AS ids
ORDER BY number, n LIMIT %(most)s
"""
ANSWERED = """
WITH answer AS (
    SELECT gen_random_uuid() AS act, least(a, b) AS left_id, greatest(a, b) AS right_id, least(x, y) AS party_a_id,
           greatest(x, y) AS party_b_id, probability, now() - random() * interval '30 days' AS at
    FROM twin CROSS JOIN generate_series(1, %(copies)s - 1 - %(apart)s) AS n
    CROSS JOIN LATERAL (
        SELECT pg_temp.copy_of(record, n) AS a, pg_temp.copy_of(record, n + %(apart)s) AS b,
               pg_temp.copy_of(party, n) AS x, pg_temp.copy_of(party, n + %(apart)s) AS y
    ) AS ids
    ORDER BY number, n LIMIT %(most)s
), decided AS (
    INSERT INTO party_hub_decision (left_id, right_id, judgement, origin, score, reason, author, act, created_at,
                                    retracted_by)
    SELECT left_id, right_id, 'no_match', 'steward', probability, 'Two of a name.', 'user:' || %(name)s, act, at, ''
    FROM answer
), audited AS (
    INSERT INTO party_hub_auditentry (act, at, actor, verb, subject_type, subject_id, reason, details)
    SELECT act, at, 'user:' || %(name)s, 'decide_no_match', 'party', party_a_id, 'Two of a name.', '{}' FROM answer
)
INSERT INTO stewardship_reviewtask (kind, party_a_id, party_b_id, left_id, right_id, probability, priority, state,
                                    judgement, reason, act, decided_by_id, decided_at)
SELECT 'match', party_a_id, party_b_id, left_id, right_id, probability, 30, 'done', 'no_match', 'Two of a name.', act,
       %(user)s, at
FROM answer
"""


def enlarge(*, records: int, tasks: int, answered: int, steward: Any) -> dict[str, int]:
    """Copies the hub until it holds about `records`, then asks until `tasks` are open; gives what there is now."""
    copies = max(round(records / SourceRecord.objects.count()), 4)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COPY_OF)
        cursor.execute(NAMING_ITS_OWN)
        cursor.execute(TWINS)
        cursor.execute("SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '1GB'")
        with _bare(cursor, [*COPIED, ReviewTask]):
            for model, changed in COPIED.items():
                cursor.execute(*_copies(model, changed, copies))
            missing = max(tasks - ReviewTask.objects.filter(state="open").count() * copies, 0)
            cursor.execute(PAIRS, {"copies": copies, "apart": 1, "most": missing})
            twins = {"copies": copies, "apart": 2, "most": answered}
            cursor.execute(PAIRS, twins)
            cursor.execute(ANSWERED, {**twins, "user": steward.pk, "name": steward.username})
    refresh_tasks()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")  # as autovacuum would have done by and by
    models = (SourceRecord, Party, CandidatePair, ReviewTask, Decision, OutboxEvent)
    return {str(model._meta.verbose_name_plural): model.objects.count() for model in models}


def _copies(model: type[Model], changed: dict[str, str], copies: int) -> tuple[str, list[int]]:
    """The statement that writes every row of a table again, once a copy."""
    table, columns, values = model._meta.db_table, list[str](), list[str]()
    for field in model._meta.concrete_fields:
        name, is_id = str(field.column), field.db_type(connection) == "uuid"
        if field.primary_key and not is_id:
            continue  # the database numbers these
        columns.append(f'"{name}"')
        values.append(changed.get(name, f'pg_temp.copy_of("{name}", n)' if is_id else f'"{name}"'))
    if '"left_id"' in columns:  # pairs keep the lower id first
        left, right = columns.index('"left_id"'), columns.index('"right_id"')
        values[left], values[right] = (f"{pick}({values[left]}, {values[right]})" for pick in ("least", "greatest"))
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM {table} CROSS JOIN generate_series(1, %s) AS n"
    )
    return statement, [copies - 1]


@contextmanager
def _bare(cursor: Any, models: list[type[Model]]) -> Iterator[None]:
    """The tables without foreign keys, exclusions and further indexes, which are made again at the end."""
    tables = [model._meta.db_table for model in models]
    cursor.execute(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname), "
        "format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid)) "
        "FROM pg_constraint WHERE contype IN ('f', 'x') AND conrelid = ANY(%s::regclass[])",
        [tables],
    )
    changes = cursor.fetchall()
    cursor.execute(
        "SELECT 'DROP INDEX ' || indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index i "
        "WHERE indrelid = ANY(%s::regclass[]) "
        "AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [tables],
    )
    changes += cursor.fetchall()
    for drop, _ in changes:
        cursor.execute(drop)
    yield
    for _, make in reversed(changes):
        cursor.execute(make)
