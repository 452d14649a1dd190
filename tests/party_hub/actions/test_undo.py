"""Whatever stewards do, in whatever order: taking it back leaves the hub exactly as it was before."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from party_hub.actions.decide import decide_parties
from party_hub.actions.errors import Conflict, NotFound
from party_hub.actions.merge_parties import merge_parties
from party_hub.actions.move_records import move_records
from party_hub.actions.pin_value import pin_value, unpin_value
from party_hub.actions.retire_party import restore_party, retire_party
from party_hub.actions.split_party import split_party
from party_hub.actions.undo import undo_act
from party_hub.actions.verify_parties import verify_parties
from party_hub.domain.judgement import Judgement
from party_hub.models import AuditEntry, Decision, GoldenRecord, Membership, Party, Pin, Retirement

ADA = "user:ada"
RECORDS = ("crm:1", "dnb:1", "markit:1", "crm:2", "dnb:2", "gleif:1")


def state() -> dict[str, Any]:
    """Everything that is so now: who belongs where under which id, every golden record, every fact that stands."""
    live = Membership.objects.filter(span__upper_inf=True)
    standing = Decision.objects.filter(retracted_at=None)
    golden = GoldenRecord.objects.filter(party__status="active")
    return {
        "members": dict(live.values_list("record_id", "party_id")),
        "golden": dict(golden.values_list("party_id", "values")),
        "parties": dict(Party.objects.filter(status="active").values_list("pk", "status")),
        "decisions": set(standing.values_list("left_id", "right_id", "judgement", "author", "reason")),
        "pins": sorted(map(str, Pin.objects.filter(retracted_at=None).values_list("party_id", "attribute", "value"))),
        "retired": set(Retirement.objects.filter(retracted_at=None).values_list("record_id", flat=True)),
    }


def newest_act() -> Any:
    return AuditEntry.objects.order_by("-pk").values_list("act", flat=True).first()


def _merge(world: Any, one: Any, other: Any) -> None:
    merge_parties(parties=[world.party(one), world.party(other)], actor=ADA, reason="same")


def _split(world: Any, one: Any, other: Any) -> None:
    split_party(party=world.party(one), records=[world.id(one)], actor=ADA, reason="two")


def _move(world: Any, one: Any, other: Any) -> None:
    move_records(party=world.party(one), records=[world.id(one)], to=world.party(other), actor=ADA, reason="theirs")


def _judge(judgement: Judgement) -> Callable[[Any, Any, Any], None]:
    def judge(world: Any, one: Any, other: Any) -> None:
        if world.party(one) == world.party(other):
            raise Conflict("one party")
        decide_parties(a=world.party(one), b=world.party(other), judgement=judgement, actor=ADA, reason="looked it up")

    return judge


def _pin(world: Any, one: Any, other: Any) -> None:
    pin_value(party=world.party(one), attribute="sector", value=f"sector of {other}", actor=ADA, reason="register")


def _unpin(world: Any, one: Any, other: Any) -> None:
    unpin_value(party=world.party(one), attribute="sector", actor=ADA)


def _retire(world: Any, one: Any, other: Any) -> None:
    retire_party(party=world.party(one), actor=ADA, reason="a test entry")


def _restore(world: Any, one: Any, other: Any) -> None:
    last = Membership.objects.filter(record=world.id(one)).order_by("-span").first()
    assert last
    restore_party(party=last.party_id, actor=ADA)


ACTS: dict[str, Callable[[Any, Any, Any], None]] = {
    "merge": _merge,
    "split": _split,
    "move": _move,
    "match": _judge(Judgement.MATCH),
    "no match": _judge(Judgement.NO_MATCH),
    "unsure": _judge(Judgement.UNSURE),
    "pin": _pin,
    "unpin": _unpin,
    "retire": _retire,
    "restore": _restore,
}
steps = st.lists(
    st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from(RECORDS), st.sampled_from(RECORDS)), min_size=1, max_size=7
)


@pytest.fixture
def six(world: Any) -> Any:
    """Six records in three parties that the model made."""
    for number, name in enumerate(RECORDS):
        world.register(name, sector=f"sector {number}", effective_at=f"2026-01-0{number + 1}T00:00:00Z")
    world.link("crm:1", "dnb:1", "markit:1")
    world.link("crm:2", "dnb:2")
    world.resolve()
    return world


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_undoing_acts_from_the_last_to_the_first_restores_each_state(
    six: Any, acts: list[tuple[str, str, str]]
) -> None:
    with transaction.atomic():
        done = []
        for name, one, other in acts:
            before = state()
            try:
                with transaction.atomic():
                    ACTS[name](six, one, other)
            except (Conflict, NotFound, Membership.DoesNotExist):
                assert state() == before
                continue
            done.append((newest_act(), before))
        for act, before in reversed(done):
            with suppress(NotFound):  # it decided what was decided already
                undo_act(act=act, actor=ADA)
            assert state() == before
        assert list(verify_parties()) == []
        transaction.set_rollback(True)


def test_an_undo_can_be_undone(six: Any) -> None:
    before = state()
    _merge(six, "crm:1", "crm:2")
    merged = state()
    undone = undo_act(act=newest_act(), actor=ADA)
    assert state() == before
    undo_act(act=undone.id, actor=ADA)
    assert state() == merged


def test_undoing_an_unpin_pins_again(six: Any) -> None:
    _pin(six, "crm:1", "x")
    pinned = state()
    _unpin(six, "crm:1", "x")
    undo_act(act=newest_act(), actor=ADA)
    assert state() == pinned


def test_undoing_a_pin_brings_back_the_one_that_it_replaced(six: Any) -> None:
    _pin(six, "crm:1", "first")
    before = state()
    _pin(six, "crm:1", "second")
    undo_act(act=newest_act(), actor=ADA)
    assert state() == before
