"""Bulk work is done in chunks side by side, a process each, and comes out as if done one after another."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection

from party_hub.actions import closure, resolve_parties, side_by_side
from party_hub.actions.verify_parties import verify_parties
from party_hub.models import Membership, Party, UnresolvedRecord
from tests.party_hub.actions.conftest import World

NAMES = [f"{source}:{key}" for source in ("crm", "dnb", "markit") for key in range(8)]


@pytest.fixture
def bulk(transactional_db, monkeypatch):
    """24 records in pairs and threes, and chunks of four records."""
    monkeypatch.setattr(closure, "CHUNK_RECORDS", 4)
    monkeypatch.setattr(resolve_parties, "CHUNK_RECORDS", 4)
    world = World()
    for name in NAMES:
        world.register(name)
    for key in range(8):
        world.link(f"crm:{key}", f"dnb:{key}", *([f"markit:{key}"] if key % 2 else []))
    return world


def test_side_by_side_gives_the_parties_that_the_links_say(bulk):
    bulk.resolve()
    assert Party.objects.count() == 12
    assert bulk.together("crm:3", "dnb:3", "markit:3")
    assert list(verify_parties()) == []
    assert not UnresolvedRecord.objects.exists()


def test_a_chunk_that_reaches_into_another_starts_again_alone(bulk, monkeypatch):
    monkeypatch.setattr(
        resolve_parties, "in_whole_components", lambda records: [[str(bulk.id(name))] for name in NAMES]
    )
    bulk.resolve()
    assert Party.objects.count() == 12
    assert list(verify_parties()) == []


@pytest.fixture
def no_room_for_one(bulk):
    """The database refuses one of the records its membership until told otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.record_id = "
            f"'{bulk.id('crm:5')}' THEN RAISE EXCEPTION 'the power went'; END IF; RETURN new; END $$;"
            "CREATE TRIGGER refuse BEFORE INSERT ON party_hub_membership FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION refuse() CASCADE")


def test_what_a_failed_chunk_leaves_goes_on_waiting_and_the_next_run_completes(bulk, no_room_for_one):
    with pytest.raises(side_by_side.ChunkFailed):
        bulk.resolve()
    assert UnresolvedRecord.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse ON party_hub_membership")
    bulk.resolve()
    assert Membership.objects.filter(span__upper_inf=True).count() == len(NAMES)
    assert list(verify_parties()) == []


def test_a_process_that_is_killed_leaves_its_chunk_waiting(bulk, monkeypatch):
    monkeypatch.setattr(
        side_by_side, "COMMAND", (sys.executable, "-c", f"import os; os.kill(os.getpid(), {signal.SIGKILL})")
    )
    with pytest.raises(side_by_side.ChunkFailed, match="-9"):
        bulk.resolve()
    assert UnresolvedRecord.objects.count() == len(NAMES)


def test_a_child_ends_with_the_parent_that_was_killed(bulk):
    begin = (
        "import subprocess, time; "
        f"print(subprocess.Popen({list(side_by_side.COMMAND)}, stdin=subprocess.PIPE).pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", begin], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 30
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not alive(child)


def alive(process: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def connections() -> int:
    """How many clients are connected to this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def test_no_connection_is_left_open(bulk):
    before = connections()
    bulk.resolve()
    deadline = time.monotonic() + 60  # PostgreSQL takes a moment to see off who hung up
    while (others := connections()) > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert others == before
