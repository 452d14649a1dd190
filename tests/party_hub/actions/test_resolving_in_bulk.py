"""Bulk work is done in chunks side by side, and comes out as if done one after another."""

import time

import pytest
from django.db import connection

from party_hub.actions import closure, resolve_parties
from party_hub.actions.verify_parties import verify_parties
from party_hub.domain.clusters import cluster
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
    monkeypatch.setattr(resolve_parties, "in_whole_components", lambda records: [[bulk.id(name)] for name in NAMES])
    bulk.resolve()
    assert Party.objects.count() == 12
    assert list(verify_parties()) == []


def test_what_a_failed_chunk_leaves_goes_on_waiting_and_the_next_run_completes(bulk, monkeypatch):
    calls = []

    def fails_once(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the power went")
        return cluster(*args, **kwargs)

    monkeypatch.setattr(resolve_parties, "cluster", fails_once)
    with pytest.raises(RuntimeError, match="the power went"):
        bulk.resolve()
    assert UnresolvedRecord.objects.exists()
    bulk.resolve()
    assert Membership.objects.filter(span__upper_inf=True).count() == len(NAMES)
    assert list(verify_parties()) == []


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
    deadline = time.monotonic() + 10  # PostgreSQL takes a moment to see off who hung up
    while (others := connections()) > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert others == before
