"""Order neutrality where keys are over-full: what is compared depends on which records there are."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from matching.actions.manage_models import activate_model, store_model
from matching.actions.resolve_records import resolve_records
from matching.actions.run_match import run_match
from matching.engine.model import Model
from matching.models import CandidatePair, ExhaustedKeyRecord, OverfullKey, RecordKey
from matching.queries import default_model
from party_hub.actions.register_records import IncomingRecord, register_records
from party_hub.domain.identity import record_id
from party_hub.models import Link, UnresolvedRecord
from tests.matching.test_matching import clusters

pytestmark = pytest.mark.django_db

LIMIT, NEIGHBOURS = 5, 2
State = tuple[set[Any], ...]


def crowd() -> list[IncomingRecord]:
    """Records of people who share names, days and addresses, and eight of one told in the same words each time."""
    draw, records = random.Random(3), []
    for number in range(24):
        told = (
            draw.choice(("John", "Jon", "Joan")),
            draw.choice(("Smith", "Smyth")),
            draw.choice(("1970-02-03", "1981-04-05")),
        )
        street, postcode = draw.choice(("1 Elm Road", "2 Elm Road")), draw.choice(("N1 4AA", "N1 4AB", "E2 8HD"))
        if number >= 16:
            told, street, postcode = ("Mary", "Jones", "1962-01-17"), "9 Oak Lane", "W1 1AA"
        attributes = {
            "names": [{"full": " ".join(told[:2]), "given": told[0], "family": told[1], "type": "legal"}],
            "date_of_birth": told[2], "addresses": [{"street": street, "postcode": postcode, "city": "London"}],
        }  # fmt: skip
        records.append(
            IncomingRecord(f"r{number}", "individual", json.dumps(attributes), "test", "2026-01-01T00:00:00Z")
        )
    return records


CROWD = crowd()


def narrow(model: Model) -> Model:
    """The model with blocks so small that the crowd's overflow, and that shows every pair it compares."""
    return Model(
        {
            kind: replace(
                one,
                rules=tuple(replace(rule, cap=LIMIT) for rule in one.rules),
                thresholds=replace(one.thresholds, review=-90.0),
            )
            for kind, one in model.kinds.items()
        },
        model.trained,
    )


@contextmanager
def undone() -> Iterator[None]:
    """An empty hub with the narrow model in force, gone afterwards."""
    with (
        transaction.atomic(),
        patch("matching.index.WINDOW", NEIGHBOURS),
        patch("matching.engine.pairs.WINDOW", NEIGHBOURS),
    ):
        activate_model(version=store_model(model=narrow(default_model()), actor="test").version, actor="test")
        yield
        transaction.set_rollback(True)


def come(records: list[IncomingRecord]) -> None:
    register_records(source="crm", records=records, actor="test")
    resolve_records(records=[record_id("crm", record.key) for record in records], actor="test")


def gone(record: IncomingRecord) -> IncomingRecord:
    return record._replace(attributes="{}", effective_at="2026-02-01T00:00:00Z", withdrawn=True)


def state() -> State:
    held = list(RecordKey.objects.values_list("key", "record"))
    exhausted = set(OverfullKey.objects.filter(exhausted=True).values_list("key", flat=True))
    in_order = set(ExhaustedKeyRecord.objects.values_list("key", "record"))
    assert len(held) == len(set(held))
    assert in_order == {(key, record) for key, record in held if key in exhausted}
    return (
        set(held),
        set(OverfullKey.objects.values_list("key", "cap", "exhausted")),
        set(CandidatePair.objects.values_list("left", "right", "total", "band")),
        set(Link.objects.values_list("left", "right", "score", "held")),
        clusters(),
    )


def in_one_go(records: list[IncomingRecord]) -> State:
    with undone():
        register_records(source="crm", records=records, actor="test")
        run_match(actor="test", full=True)
        return state()


# Without shrinking: each example takes seconds.
@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10_000), step=st.sampled_from([1, 3, 8]), withdrawn=st.sampled_from([0, 5, 14]))
def test_records_in_any_order_and_those_withdrawn_again_leave_the_state_of_one_batch(
    seed: int, step: int, withdrawn: int
) -> None:
    shuffled = random.Random(seed).sample(CROWD, len(CROWD))
    leaving, staying = shuffled[:withdrawn], shuffled[withdrawn:]
    arrival = random.Random(seed + 1).sample(CROWD, len(CROWD))
    with undone():
        for begin in range(0, len(arrival), step):
            come(arrival[begin : begin + step])
        for begin in range(0, len(leaving), step):
            come([gone(record) for record in leaving[begin : begin + step]])
        assert not UnresolvedRecord.objects.exists()
        stepwise = state()
    whole = in_one_go(staying)
    for one, other in zip(stepwise, whole, strict=True):
        assert one == other


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10_000), size=st.sampled_from([1, 4, 10]))
def test_batches_in_which_some_come_some_change_and_some_leave_end_in_the_state_of_one_batch(
    seed: int, size: int
) -> None:
    draw, there = random.Random(seed), dict[str, IncomingRecord]()
    with undone():
        for step in range(60 // size):
            batch = []
            for record in draw.sample(CROWD, size):
                said = record._replace(
                    attributes=draw.choice(CROWD).attributes, effective_at=f"2026-03-01T00:{step:02}:00Z"
                )
                if record.key in there and draw.random() < 0.4:
                    batch.append(said._replace(attributes="{}", withdrawn=True))
                    del there[record.key]
                else:
                    batch.append(said)
                    there[record.key] = said
            come(batch)
        assert not UnresolvedRecord.objects.exists()
        stepwise = state()
    for one, other in zip(stepwise, in_one_go(list(there.values())), strict=True):
        assert one == other


def test_the_crowd_overflows_and_is_refined_to_the_end() -> None:
    keys, overfull, pairs, _, _ = in_one_go(CROWD)
    assert {exhausted for *_, exhausted in overfull} == {True, False}
    assert 0 < len(pairs) < len(CROWD) * (len(CROWD) - 1) / 2
    assert len(keys) > len(CROWD)


def test_records_of_a_key_that_becomes_overfull_are_matched_anew_and_none_is_left_waiting() -> None:
    same = [record for record in CROWD if '"Mary"' in record.attributes]
    with undone():
        come(same[:LIMIT])
        before = set(CandidatePair.objects.values_list("left", "right"))
        come(same[LIMIT:])
        after = set(CandidatePair.objects.values_list("left", "right"))
        assert before - after
        assert len(clusters()) == 1
        assert not UnresolvedRecord.objects.exists()
