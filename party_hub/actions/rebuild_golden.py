"""Golden records of parties, worked out from the source records that make them up and written where they differ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction

from party_hub.domain.candidates import Testimony
from party_hub.domain.names import search_names
from party_hub.domain.pins import Forbidden, PinnedValue, Pins
from party_hub.domain.quality import quality_score
from party_hub.domain.rules import Rule, RuleBook, Strategy
from party_hub.domain.survivorship import Golden, build_golden
from party_hub.events.catalog import Cause
from party_hub.models import AttributeTrust, SurvivorshipRule
from party_hub.models.copy import as_array, copy_in

TESTIMONY = """
r.id, r.source_id, r.key, s.trust, to_char(r.effective_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
r.party_type, r.attributes
"""
TESTIMONIES = f"""
SELECT {TESTIMONY} FROM party_hub_sourcerecord r JOIN party_hub_sourcesystem s ON s.code = r.source_id
WHERE r.id = ANY(%s::uuid[]) ORDER BY r.id
"""
# A party's own pin goes before one that came with a party it absorbed; then the newest.
PINS = """
SELECT DISTINCT ON (owner, attribute, source_id, record_id, said)
       owner, id, attribute, value, coalesce(source_id, ''), record_id, author, reason
FROM (
    SELECT p.party_id AS owner, 0 AS inherited, p.* FROM party_hub_pin p WHERE p.party_id = ANY(%(parties)s::uuid[])
    UNION ALL
    SELECT r.survivor_id, 1, p.* FROM party_hub_pin p JOIN party_hub_redirect r ON r.retired_id = p.party_id
    WHERE r.survivor_id = ANY(%(parties)s::uuid[])
) pinned CROSS JOIN LATERAL (SELECT CASE WHEN source_id IS NULL AND record_id IS NULL THEN NULL ELSE value END) s(said)
WHERE retracted_at IS NULL AND (expires_at IS NULL OR expires_at > %(moment)s)
ORDER BY owner, attribute, source_id, record_id, said, inherited, created_at DESC, id DESC
"""
STAGE = """
CREATE TEMP TABLE IF NOT EXISTS staged_golden (
    party_id uuid, party_type text, "values" jsonb, lineage jsonb, name text, search_names text,
    country text, date_of_birth date, quality int, source_count int, record_count int, version int, is_new boolean
) ON COMMIT DELETE ROWS;
DELETE FROM staged_golden
"""
STAGED_COLUMNS = (
    "party_id", "party_type", "values", "lineage", "name", "search_names", "country", "date_of_birth", "quality",
    "source_count", "record_count", "version", "is_new",
)  # fmt: skip
GOLDEN_COLUMNS = (
    'party_id, "values", lineage, name, search_names, country, date_of_birth, quality, '
    "source_count, record_count, version"
)
UPSERT = f"""
INSERT INTO party_hub_goldenrecord ({GOLDEN_COLUMNS}, updated_at)
SELECT {GOLDEN_COLUMNS}, %(moment)s FROM staged_golden
ON CONFLICT (party_id) DO UPDATE SET "values" = excluded."values", lineage = excluded.lineage, name = excluded.name,
    search_names = excluded.search_names, country = excluded.country, date_of_birth = excluded.date_of_birth,
    quality = excluded.quality, source_count = excluded.source_count, record_count = excluded.record_count,
    version = excluded.version, updated_at = excluded.updated_at
"""
HISTORY_COLUMNS = GOLDEN_COLUMNS.replace(" search_names,", "")
KEEP_HISTORY = f"""
INSERT INTO party_hub_historicalgoldenrecord
    ({HISTORY_COLUMNS}, updated_at, history_date, history_change_reason, history_type, history_user_id)
SELECT {HISTORY_COLUMNS}, %(moment)s, %(moment)s, %(reason)s, CASE WHEN is_new THEN '+' ELSE '~' END,
       (SELECT id FROM auth_user WHERE 'user:' || username = %(actor)s)
FROM staged_golden
"""
SAID = """
SELECT DISTINCT g.party_id, item->>'scheme' AS scheme_id, left(item->>'value', 100) AS value,
       coalesce(item->>'country', '') AS country
FROM {golden} g, jsonb_array_elements(g."values"->'identifiers') item
WHERE jsonb_typeof(g."values"->'identifiers') = 'array'
"""
IDENTIFIERS = f"""
INSERT INTO party_hub_partyidentifier (party_id, scheme_id, value, country) {SAID.format(golden="staged_golden")}
"""
# Who is no party any more is found by nothing.
SAID_BY_ALL = (
    SAID.format(golden="party_hub_goldenrecord")
    + "AND EXISTS (SELECT FROM party_hub_party p WHERE p.id = g.party_id AND p.status = 'active')"
)
RESTATE = [
    f"""
    DELETE FROM party_hub_partyidentifier WHERE (party_id, scheme_id, value, country) IN (
        SELECT party_id, scheme_id, value, country FROM party_hub_partyidentifier EXCEPT ({SAID_BY_ALL}))
    """,
    f"""
    INSERT INTO party_hub_partyidentifier (party_id, scheme_id, value, country)
    ({SAID_BY_ALL}) EXCEPT SELECT party_id, scheme_id, value, country FROM party_hub_partyidentifier
    """,
]


@dataclass(frozen=True)
class Content:
    """A golden record worked out but not written: what a preview shows and what a writer compares with the stored
    one.
    """

    party_type: str
    values: dict[str, Any]
    lineage: dict[str, Any]
    quality: int
    source_count: int
    record_count: int


def rule_book() -> RuleBook:
    """The survivorship rules in force."""
    trust = AttributeTrust.objects.values_list("source_id", "attribute", "trust")
    return RuleBook(
        {(rule.attribute, rule.party_type): rule_of(rule) for rule in SurvivorshipRule.objects.all()},
        {(source, attribute): trusted for source, attribute, trusted in trust},
    )


def rule_of(stored: SurvivorshipRule) -> Rule:
    """A stored rule, or a draft of one, as survivorship takes it."""
    return Rule(
        strategies=tuple(Strategy(code) for code in (stored.strategy, *stored.then)),
        excluded=frozenset(stored.excluded_sources),
        verified_only=stored.verified_only,
        first_only=stored.first_only,
        half_life=stored.half_life,
        doubt=stored.doubt,
        follows=stored.follows,
    )


def testimonies_of(records: Iterable[UUID]) -> dict[UUID, Testimony]:
    """What each of these records says."""
    with connection.cursor() as cursor:
        cursor.execute(TESTIMONIES, [as_array(records)])
        return {row[0]: testimony_of(row) for row in cursor.fetchall()}


def testimony_of(row: Sequence[Any]) -> Testimony:
    """What a record says, from the columns of `TESTIMONY`."""
    record, source, key, trust, effective_at, party_type, attributes = row
    return Testimony(record, source, key, trust, effective_at, party_type, orjson.loads(attributes))


def pins_of(parties: Iterable[UUID], moment: datetime) -> dict[UUID, list[PinnedValue | Forbidden]]:
    """The pins in force on each of these parties, those inherited from absorbed parties included."""
    found: dict[UUID, list[PinnedValue | Forbidden]] = {}
    with connection.cursor() as cursor:
        cursor.execute(PINS, {"parties": as_array(parties), "moment": moment})
        for owner, number, attribute, text, source, record, *who_and_why in cursor.fetchall():
            value = orjson.loads(text) if text is not None else None
            pin: PinnedValue | Forbidden = (
                Forbidden(number, attribute, source, record, value, *who_and_why)
                if source or record
                else PinnedValue(number, attribute, value, *who_and_why)
            )
            found.setdefault(owner, []).append(pin)
    return found


def work_out(testimonies: Sequence[Testimony], rules: RuleBook, pins: Pins = ()) -> Content:
    """The golden record of a party made up of these records."""
    golden: Golden = build_golden(testimonies, rules, pins)
    quality = quality_score(golden.party_type, golden.values)
    sources = len({testimony.source for testimony in testimonies})
    return Content(golden.party_type, golden.values, golden.lineage, quality, sources, len(testimonies))


def stored_content(parties: Iterable[UUID]) -> dict[UUID, Content]:
    """The golden records as they stand."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT g.party_id, p.party_type, g."values", g.lineage, g.quality, g.source_count, g.record_count '
            "FROM party_hub_goldenrecord g JOIN party_hub_party p ON p.id = g.party_id "
            "WHERE g.party_id = ANY(%s::uuid[])",
            [as_array(parties)],
        )
        return {
            row[0]: Content(row[1], orjson.loads(row[2]), orjson.loads(row[3]), *row[4:]) for row in cursor.fetchall()
        }


def changed_attributes(before: Content | None, after: Content) -> list[str]:
    """The attributes whose golden value differs, by name."""
    if before is None:
        return sorted(after.values)
    old, new = before.values, after.values
    return sorted([name for name in old.keys() | new.keys() if old.get(name) != new.get(name)])


def _rows(
    contents: Mapping[UUID, Content], versions: Mapping[UUID, int], known: Mapping[UUID, Content]
) -> Iterator[tuple[Any, ...]]:
    for party, content in contents.items():
        names = content.values.get("names") or []
        # Whom nobody names is shown by an identifier: a child that only its relations tell of.
        name = (names or content.values.get("identifiers") or [{}])[0]
        addresses = content.values.get("addresses") or [{}]
        country = content.values.get("country") or addresses[0].get("country") or ""
        yield (
            party, content.party_type, content.values, content.lineage, name.get("full") or name.get("value", ""),
            search_names(names), country, content.values.get("date_of_birth"), content.quality, content.source_count,
            content.record_count, versions[party], party not in known,
        )  # fmt: skip


def write_golden(
    contents: Mapping[UUID, Content],
    versions: Mapping[UUID, int],
    known: Mapping[UUID, Content],
    moment: datetime,
    cause: Cause,
) -> None:
    """Stores `contents` with history and identifiers, in the transaction at hand. `known` is what stood before."""
    _change_types({party: new.party_type for party, new in contents.items() if _changes_type(known.get(party), new)})
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        copy_in("staged_golden", STAGED_COLUMNS, _rows(contents, versions, known))
        cursor.execute(UPSERT, {"moment": moment})
        reason = f"{cause.actor}: {cause.rule}"[:100]
        cursor.execute(KEEP_HISTORY, {"moment": moment, "reason": reason, "actor": cause.actor})
        cursor.execute(
            "DELETE FROM party_hub_partyidentifier i USING staged_golden g "
            "WHERE i.party_id = g.party_id AND NOT g.is_new"
        )
        cursor.execute(IDENTIFIERS)


@transaction.atomic
def restate_identifiers() -> None:
    """Brings what parties are found by in line with what all golden records say."""
    with connection.cursor() as cursor:
        for statement in RESTATE:
            cursor.execute(statement)


def _changes_type(before: Content | None, after: Content) -> bool:
    return before is not None and before.party_type != after.party_type


def _change_types(types: Mapping[UUID, str]) -> None:
    """Let these parties be of another type than before."""
    if types:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE party_hub_party p SET party_type = new.type "
                "FROM unnest(%s::uuid[], %s::text[]) AS new(party, type) WHERE new.party = p.id",
                [as_array(types), list(types.values())],
            )
