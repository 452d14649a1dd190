"""From records to parties: in any order, in any number of steps, after any accident."""

import json
import random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.actions.manage_models import activate_model, store_model
from matching.actions.rebuild import rebuild
from matching.actions.resolve_records import resolve_records
from matching.actions.run_match import run_match
from matching.engine.model import Thresholds
from matching.models import CandidatePair, MatchModel, MatchRun, RecordKey
from matching.queries import active_model, candidates_for, default_model, explain_pair
from party_hub.actions.register_records import IncomingRecord, register_records
from party_hub.domain.attributes import Kind
from party_hub.domain.identity import record_id
from party_hub.models import Link, Membership, PartyIdentifier, UnresolvedRecord

pytestmark = pytest.mark.django_db

PEOPLE = [
    (
        "Elizabeth",
        "Harrington",
        "1971-03-09",
        "liz.harrington@example.org",
        "+442079460101",
        "14 Orchard Lane",
        "BS4 0TA",
    ),
    ("Tomasz", "Wiśniewski", "1985-11-23", "t.wisniewski@example.pl", "+48225550110", "ul. Prosta 51", "00-838"),
    ("Guadalupe", "Montes", "1990-06-30", "lupita.montes@example.mx", "+525555010199", "Calle Olmo 7", "06700"),
    ("Henrik", "Aaltonen", "1962-01-17", "henrik@example.fi", "+358955501234", "Mannerheimintie 4", "00100"),
]
FIRMS = [
    ("Pemberton Marine Optics Ltd", "info@pembertonmarine.example", "+441174960200", "3 Dock Road", "BS1 6UN"),
    ("Zaffran Cold Storage GmbH", "kontakt@zaffran.example", "+493055501777", "Lagerstraße 19", "10435"),
]


def people(variant: int) -> list[IncomingRecord]:
    """Every person and firm once, told a little differently each time."""
    records = []
    for number, (given_name, family, born, mail, phone, street, postcode) in enumerate(PEOPLE):
        attributes: dict[str, Any] = {
            "names": [{"full": f"{given_name} {family}", "given": given_name, "family": family, "type": "legal"}],
            "date_of_birth": born, "phones": [phone], "addresses": [{"street": street, "postcode": postcode}],
        }  # fmt: skip
        if variant % 2 == 0:
            attributes["emails"] = [mail]
        if variant == 2:
            attributes["names"][0]["given"] = given_name[:-1]
        records.append(
            IncomingRecord(f"p{number}-{variant}", "individual", json.dumps(attributes), "test", "2026-01-01T00:00:00Z")
        )
    for number, (name, mail, phone, street, postcode) in enumerate(FIRMS):
        attributes = {
            "names": [{"full": name if variant % 2 else name.upper(), "type": "legal"}],
            "emails": [mail],
            "phones": [phone],
            "addresses": [{"street": street, "postcode": postcode}],
        }
        records.append(
            IncomingRecord(
                f"f{number}-{variant}", "organisation", json.dumps(attributes), "test", "2026-01-01T00:00:00Z"
            )
        )
    return records


EVERYBODY = [record for variant in range(3) for record in people(variant)]


def clusters() -> set[frozenset[UUID]]:
    """The records of each party."""
    found: dict[UUID, set[UUID]] = {}
    for record, party in Membership.objects.filter(span__upper_inf=True).values_list("record_id", "party_id"):
        found.setdefault(party, set()).add(record)
    return {frozenset(records) for records in found.values()}


def register(records: list[IncomingRecord]) -> None:
    register_records(source="crm", records=records, actor="system:test")


def test_a_batch_becomes_parties_with_pairs_links_and_keys() -> None:
    register(EVERYBODY)
    run = run_match(actor="system:test")
    assert run.state == MatchRun.State.DONE
    assert run.records == len(EVERYBODY)
    assert len(clusters()) == len(PEOPLE) + len(FIRMS)
    assert run.automatic == Link.objects.count() == CandidatePair.objects.filter(band="automatic").count() > 0
    assert RecordKey.objects.values("record").distinct().count() == len(EVERYBODY)
    assert not UnresolvedRecord.objects.exists()


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_records_one_by_one_in_any_order_give_the_clusters_of_the_batch(seed: int, django_db_blocker: Any) -> None:
    from django.db import transaction

    def outcome(steps: list[list[IncomingRecord]]) -> tuple[set[frozenset[UUID]], set[tuple[Any, ...]]]:
        with transaction.atomic():
            for step in steps:
                register(step)
                resolve_records(records=[record_id("crm", record.key) for record in step], actor="system:test")
            result = clusters(), set(CandidatePair.objects.values_list("left", "right", "total", "band"))
            transaction.set_rollback(True)
        return result

    shuffled = random.Random(seed).sample(EVERYBODY, len(EVERYBODY))
    middle = seed % len(shuffled)
    assert (
        outcome([[record] for record in shuffled])
        == outcome([EVERYBODY])
        == outcome([shuffled[:middle], shuffled[middle:]])
    )


def test_a_full_run_changes_nothing_that_the_incremental_one_found() -> None:
    for variant in range(3):
        register(people(variant))
        run_match(actor="system:test")
    before = clusters(), set(CandidatePair.objects.values_list("left", "right", "total", "band"))
    run = run_match(actor="system:test", full=True)
    assert run.clusters_changed == 0
    assert (clusters(), set(CandidatePair.objects.values_list("left", "right", "total", "band"))) == before


def test_a_run_that_died_is_made_good_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    register(EVERYBODY)
    monkeypatch.setattr("matching.actions.run_match.resolve_parties", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run_match(actor="system:test")
    assert MatchRun.objects.get().state == MatchRun.State.FAILED
    assert UnresolvedRecord.objects.count() == len(EVERYBODY)
    monkeypatch.undo()
    run_match(actor="system:test")
    assert len(clusters()) == len(PEOPLE) + len(FIRMS)


def test_a_withdrawn_record_leaves_no_pair_link_or_key() -> None:
    register(EVERYBODY)
    run_match(actor="system:test")
    gone = record_id("crm", "p0-1")
    register([IncomingRecord("p0-1", "individual", "{}", "test", "2026-02-01T00:00:00Z", withdrawn=True)])
    resolve_records(records=[gone], actor="system:test")
    assert not RecordKey.objects.filter(record=gone).exists()
    assert not CandidatePair.objects.filter(left=gone).exists()
    assert not CandidatePair.objects.filter(right=gone).exists()
    assert all(gone not in cluster for cluster in clusters())


def test_rebuild_verify_finds_no_difference_and_sees_one_that_was_made() -> None:
    register(EVERYBODY)
    run_match(actor="system:test")
    outcome = rebuild(actor="system:test", verify=True)
    assert (outcome.parties, outcome.differences) == (len(PEOPLE) + len(FIRMS), 0)
    Link.objects.all().first().delete()  # type: ignore[union-attr]
    assert rebuild(actor="system:test", verify=True).differences == 1
    assert rebuild(actor="system:test").differences == 1
    assert rebuild(actor="system:test", verify=True).differences == 0


def _keys_are_indexed() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname = 'record_key_by_key'")
        return bool(cursor.fetchone()[0])


def test_a_full_match_leaves_the_keys_indexed_and_so_does_one_that_breaks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks_off(*_: Any) -> None:
        raise MemoryError

    register(EVERYBODY)
    run_match(actor="system:test", full=True)
    assert _keys_are_indexed()
    monkeypatch.setattr("matching.actions.match_records.index_keys", breaks_off)
    with pytest.raises(MemoryError):
        run_match(actor="system:test", full=True)
    assert _keys_are_indexed()


def test_rebuild_mends_what_parties_are_found_by() -> None:
    held = [[{"scheme": "duns", "value": number}] for number in ("150483782", "804735132")]
    said = [json.dumps({"names": [{"full": "Acme Ltd"}], "identifiers": one}) for one in held]
    register([IncomingRecord(f"d{at}", "organisation", text, "test", None) for at, text in enumerate(said)])
    run_match(actor="system:test")
    lost, astray = PartyIdentifier.objects.all()[:2]
    lost.delete()
    PartyIdentifier.objects.filter(pk=astray.pk).update(value="nobody's")
    assert rebuild(actor="system:test", verify=True).differences == 3
    rebuild(actor="system:test")
    assert rebuild(actor="system:test", verify=True).differences == 0


def test_search_before_create_finds_the_party_and_writes_nothing() -> None:
    register(EVERYBODY)
    run_match(actor="system:test")
    before = Membership.objects.count()
    asked = {
        "names": [{"full": "Liz Harrington", "given": "Liz", "family": "Harrington"}],
        "date_of_birth": "1971-03-09",
        "phones": ["020 7946 0101"],
    }
    found = candidates_for("individual", asked)
    assert found[0].grade in ("certain", "probable")
    assert {found[0].party} == set(
        Membership.objects.filter(record__key__startswith="p0").values_list("party", flat=True)
    )
    assert any(step.attribute == "given_name" and step.detail == "usual short form" for step in found[0].contributions)
    assert Membership.objects.count() == before
    assert candidates_for("organisation", {"names": [{"full": "Nobody Knows This Firm"}]}) == []


def test_an_explanation_adds_up_to_the_stored_score() -> None:
    register(EVERYBODY)
    run_match(actor="system:test")
    pair = CandidatePair.objects.order_by("-total").first()
    assert pair is not None
    for explained in (explain_pair(pair.left_id, pair.right_id), explain_pair(pair.right_id, pair.left_id)):
        assert explained.total == pair.total
        assert explained.prior + sum(step.weight for step in explained.contributions) == pytest.approx(pair.total)
        assert "same" in explained.sentence


def test_a_person_and_a_firm_are_never_compared() -> None:
    register(EVERYBODY)
    explained = explain_pair(record_id("crm", "p0-0"), record_id("crm", "f0-0"))
    assert (explained.band, explained.probability) == ("none", 0.0)


def test_one_model_is_in_force_and_the_former_can_come_back() -> None:
    first = store_model(model=default_model(), actor="user:cleo")
    strict = default_model().with_thresholds(Kind.INDIVIDUAL, Thresholds(automatic=9.0, review=0.0, match=2.0))
    second = store_model(model=strict, actor="user:cleo")
    for model in (first, second, first):
        activate_model(version=model.version, actor="user:cleo")
        assert active_model().version == model.version
        assert MatchModel.objects.filter(active=True).count() == 1
    assert active_model().kinds[Kind.INDIVIDUAL].thresholds.automatic != 9.0
