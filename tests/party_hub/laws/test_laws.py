"""After any life: the state follows from the facts, the past is told as it was, and what was merged can be parted.

`HUB_LAW_ACTS` and `HUB_LAW_TIMES` make the lives longer, for instance 10000 and 100; `HUB_LAW_SEED` draws another one.
"""

import os
from random import Random
from typing import Any

from django.db import connection

from party_hub.actions.errors import Conflict
from party_hub.actions.merge_parties import merge_parties
from party_hub.actions.split_party import split_party
from party_hub.actions.verify_parties import verify_parties
from party_hub.domain.lineage import unfold
from party_hub.models import GoldenRecord, Membership
from party_hub.queries import members, profile

from .as_of import facts_as_of
from .life import Life

ACTS = int(os.environ.get("HUB_LAW_ACTS", "200"))
TIMES = int(os.environ.get("HUB_LAW_TIMES", "20"))
SEED = int(os.environ.get("HUB_LAW_SEED", "20260601"))


def the_time() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def the_state_at(moment: Any) -> None:
    """Asserts that what is told of the time is what follows from the facts as they stood then."""
    facts = facts_as_of(moment)
    held: dict[Any, list[Any]] = {}
    for record, party in Membership.objects.filter(span__contains=moment).values_list("record_id", "party_id"):
        held.setdefault(party, []).append(record)
    assert sorted(sorted(records) for records in held.values()) == facts.clusters
    for party, records in held.items():
        known = profile(party, known_at=moment)
        assert known is not None
        expected = facts.golden(party, records)
        assert (known.values, known.party_type) == (expected.values, expected.party_type)
        assert known.raw_lineage == unfold(expected.lineage, expected.values)
        assert {one.record: (one.version, one.attributes) for one in members(party, known_at=moment)} == {
            record: (facts.versions[record].version, facts.versions[record].attributes) for record in records
        }


def test_the_past_as_it_is_told_follows_from_the_facts_as_they_stood(transactional_db: None) -> None:
    life, moments = Life(SEED), []
    for _ in range(TIMES):
        life.live(sum(life.done.values()) + max(ACTS // TIMES, 1))
        moments.append(the_time())
    assert list(verify_parties()) == []
    for moment in moments:
        the_state_at(moment)


def test_parting_what_was_merged_restores_both_golden_records(transactional_db: None) -> None:
    life = Life(SEED)
    life.live(ACTS // 2)
    random, tried = Random(7), 0
    for _ in range(12):
        pair = random.sample(sorted(GoldenRecord.objects.filter(party__status="active"), key=lambda one: one.pk), 2)
        before = {one.pk: one.values for one in pair}
        held = {one.pk: [record.record for record in members(one.pk)] for one in pair}
        try:
            merge_parties(parties=list(before), actor="user:ada", reason="same")
        except Conflict:
            continue
        survivor = Membership.objects.get(record=held[pair[0].pk][0], span__upper_inf=True).party_id
        leaving = next(records for party, records in held.items() if party != survivor)
        split_party(party=survivor, records=leaving, actor="user:ada", reason="two after all")
        after = {
            party: GoldenRecord.objects.get(
                party__memberships__record=records[0], party__memberships__span__upper_inf=True
            ).values
            for party, records in held.items()
        }
        assert after == before
        tried += 1
    assert tried >= 5
    assert list(verify_parties()) == []
