"""Matching while another process resolves what was matched before: the same end, and nothing lost on the way."""

import signal
import sys
from collections.abc import Iterator
from uuid import UUID

import pytest

from matching.actions import match_records as matching
from matching.actions import run_match as runs
from matching.actions.index_records import Reached
from matching.actions.manage_models import activate_model, store_model
from matching.actions.match_records import match_records
from matching.actions.rebuild import rebuild
from matching.actions.run_match import run_match
from matching.engine.local import match_all
from matching.models import MatchRun
from matching.queries import active_model, default_model
from party_hub.actions import side_by_side
from party_hub.actions.register_records import register_records
from party_hub.actions.side_by_side import ChunkFailed
from party_hub.actions.waiting import waiting_since
from party_hub.domain.identity import record_id
from party_hub.models import Membership, UnresolvedRecord
from tests.matching.test_neutrality import CROWD, NEIGHBOURS, narrow

FIRST, LATER = CROWD[:-6], CROWD[-6:]


def register(records: list) -> None:
    register_records(source="crm", records=records, actor="test")


@pytest.fixture
def crowded(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three quarters of a crowd that overflows its keys, matched and resolved; pieces of two records from now on."""
    for module in ("matching.index", "matching.engine.pairs"):
        monkeypatch.setattr(f"{module}.WINDOW", NEIGHBOURS)
    activate_model(version=store_model(model=narrow(default_model()), actor="test").version, actor="test")
    register(FIRST)
    run_match(actor="test", full=True)
    monkeypatch.setattr(runs, "_PIECE", 2)
    return


def test_it_ends_as_a_match_of_all_would(crowded: None) -> None:
    register(LATER)
    run = run_match(actor="test")
    assert (run.kind, run.records) == (MatchRun.Kind.INCREMENTAL, len(LATER))
    assert not UnresolvedRecord.objects.exists()
    assert Membership.objects.filter(span__upper_inf=True).count() == len(CROWD)
    assert rebuild(actor="test", verify=True).differences == 0


def test_what_a_killed_process_was_to_resolve_goes_on_waiting(crowded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    register(LATER)
    with monkeypatch.context() as patch:
        patch.setattr(
            side_by_side, "COMMAND", (sys.executable, "-c", f"import os; os.kill(os.getpid(), {signal.SIGKILL})")
        )
        with pytest.raises(ChunkFailed):
            run_match(actor="test")
    waiting = set(UnresolvedRecord.objects.values_list("record_id", flat=True))
    assert waiting >= {record_id("crm", record.key) for record in LATER}
    run_match(actor="test")
    assert not UnresolvedRecord.objects.exists()
    assert rebuild(actor="test", verify=True).differences == 0


@pytest.fixture
def reaching(db: None, monkeypatch: pytest.MonkeyPatch) -> tuple[UUID, UUID, str]:
    """A record that waits, since when, and another whose coming is to change the first one's links."""
    activate_model(version=store_model(model=default_model(), actor="test").version, actor="test")
    register(CROWD[:2])
    one, other = (record_id("crm", record.key) for record in CROWD[:2])
    reached = Reached({str(one), str(other)}, set())
    monkeypatch.setattr(matching, "index_records", lambda model, records: reached)
    return one, other, waiting_since()[str(one)]


def test_a_record_in_hand_whose_links_change_waits_anew(reaching: tuple[UUID, UUID, str]) -> None:
    one, other, since = reaching
    found = match_records(model=active_model(), records=[other], runner=match_all, in_hand={str(one): since})
    waiting = waiting_since()[str(one)]
    assert waiting > since
    assert found.reached == {str(one): waiting}


def test_a_record_that_waits_to_be_matched_itself_is_left_to_who_will(reaching: tuple[UUID, UUID, str]) -> None:
    one, other, since = reaching
    found = match_records(model=active_model(), records=[other], runner=match_all)
    assert found.reached == {}
    assert waiting_since()[str(one)] == since
